import { type SQL, sql } from 'drizzle-orm'
import type { Db, GlobalDb, Tx } from '#db/client.ts'
import { calendarsBehind, calendarsWith } from '#db/queries/mappings/placement.ts'

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

/** The same for the calendars of an account that do not wait for a person. */
export const enqueueSyncOfAccount = (tx: Tx, accountId: string) =>
  request(
    tx,
    sql`synced_calendar_id in (
      select id from synced_calendars where account_id = ${accountId} and not waits_for_person)`,
  )

/** The same for a change of appointments made here: the run may leave reading to a notification. */
export const enqueuePushOfBusiness = (db: Db | Tx, businessId: string) =>
  request(db, withAppointments(businessId), ofPush)

/** The same for the calendars concerned: where the appointments belong, or have an event. */
export const enqueuePushOf = (db: Db | Tx, of: { businessId: string; appointmentIds: string[] }) =>
  request(db, sql`business_id = ${of.businessId} and synced_calendar_id in (${calendarsWith(of)})`, ofPush)

const ofPush = sql`, push_from = case when push_to = requested then push_from else requested end, push_to = requested + 1`

/**
 * For the other calendars that are behind what this transaction, of a run over `syncedCalendarId`,
 * changed. Its last statement: the requests of all of them, its own included, are locked in the
 * order of their ids, and a trigger raises its own at the end.
 */
export const enqueueOthers = async (
  tx: Tx,
  { businessId, syncedCalendarId }: { businessId: string; syncedCalendarId: string },
) => {
  await tx.execute(sql`
    with behind as materialized (${calendarsBehind({ businessId, exceptId: syncedCalendarId })}),
    locked as materialized (
      select synced_calendar_id as id from sync_requests
      where exists (select from behind) and (synced_calendar_id = ${syncedCalendarId} or synced_calendar_id in (select id from behind))
      order by synced_calendar_id for no key update),
    marked as (update sync_requests set requested = requested + 1 ${ofPush} from locked
      where synced_calendar_id = locked.id and locked.id <> ${syncedCalendarId} returning synced_calendar_id)
    select request_sync(id) from (select synced_calendar_id as id from marked order by synced_calendar_id) ordered`)
}

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
