import { type SQL, sql } from 'drizzle-orm'
import type { Db, GlobalDb, Tx } from '#db/client.ts'

/**
 * Requests a run over this connection and queues one job; duplicates collapse by key. Part of the
 * caller's transaction: a change and the run it needs are committed together or not at all. `later`
 * (milliseconds) queues a job of its own, so that it never delays one that is due now, and raises
 * no request by itself.
 */
export const enqueueSync = async (db: Db | Tx, connectionId: string, options: { later?: number } = {}) => {
  if (options.later === undefined) return request(db, sql`connection_id = ${connectionId}`)
  await db.execute(sql`select request_sync_later(${connectionId}, ${options.later / 1000})`)
}

/**
 * The same for a push notification, with its time, and without its business: the secret of the
 * channel has named the connection. A single update: a second one would check the
 * foreign key and wait for the connection's row.
 */
export const enqueueNotified = (db: GlobalDb, connectionId: string) =>
  request(db, sql`connection_id = ${connectionId}`, sql`, last_notification_at = now()`)

/** The same for the connection of a business, if it has one with a chosen calendar. */
export const enqueueSyncOfBusiness = (db: Db | Tx, businessId: string) => request(db, sql`business_id = ${businessId}`)

/** The same for a change of appointments made here: the run may leave reading to a notification. */
export const enqueuePushOfBusiness = (db: Db | Tx, businessId: string) =>
  request(
    db,
    sql`business_id = ${businessId}`,
    sql`, push_from = case when push_to = requested then push_from else requested end, push_to = requested + 1`,
  )

const request = async (db: GlobalDb | Tx, which: SQL, also: SQL = sql``) => {
  await db.execute(sql`
    with marked as (update sync_requests set requested = requested + 1 ${also} where ${which} returning connection_id)
    select request_sync(connection_id) from marked`)
}
