import { type SQL, sql } from 'drizzle-orm'
import type { Db, GlobalDb, Tx } from '#db/client.ts'

/**
 * Requests a run over this calendar and queues one job; duplicates collapse by key. Part of the
 * caller's transaction: a change and the run it needs are committed together or not at all. `later`
 * (milliseconds) queues a job of its own, so that it never delays one that is due now, and raises
 * no request by itself.
 */
export const enqueueSync = async (db: Db | Tx, syncedCalendarId: string, options: { later?: number } = {}) => {
  if (options.later === undefined) return request(db, sql`synced_calendar_id = ${syncedCalendarId}`)
  await db.execute(sql`select request_sync_later(${syncedCalendarId}, ${options.later / 1000})`)
}

/**
 * The same for a push notification, with its time, and without its business: the secret of the
 * channel has named the calendar. A single update: a second one would check the
 * foreign key and wait for the calendar's row.
 */
export const enqueueNotified = (db: GlobalDb, syncedCalendarId: string) =>
  request(db, sql`synced_calendar_id = ${syncedCalendarId}`, sql`, last_notification_at = now()`)

/** The same for the calendars that the appointments of a business are in. */
export const enqueueSyncOfBusiness = (db: Db | Tx, businessId: string) => request(db, withAppointments(businessId))

/** The same for a change of appointments made here: the run may leave reading to a notification. */
export const enqueuePushOfBusiness = (db: Db | Tx, businessId: string) =>
  request(
    db,
    withAppointments(businessId),
    sql`, push_from = case when push_to = requested then push_from else requested end, push_to = requested + 1`,
  )

const withAppointments = (businessId: string) => sql`business_id = ${businessId} and synced_calendar_id in (
  select id from synced_calendars where business_id = ${businessId} and purpose = 'appointments')`

/** Locked in the order of their ids, as wherever runs of several calendars are requested. */
export const request = async (db: GlobalDb | Tx, which: SQL, also: SQL = sql``) => {
  await db.execute(sql`
    with wanted as materialized (
      select synced_calendar_id as id from sync_requests where ${which} order by synced_calendar_id for no key update),
    marked as (update sync_requests set requested = requested + 1 ${also} from wanted
      where synced_calendar_id = wanted.id returning synced_calendar_id)
    select request_sync(id) from (select synced_calendar_id as id from marked order by synced_calendar_id) ordered`)
}
