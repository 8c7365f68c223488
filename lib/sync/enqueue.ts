import { type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '#db/client.ts'

/**
 * "Look again at this connection." Marks it requested and queues one look; duplicates collapse by key. Part of the
 * caller's transaction: a change and the look it needs are committed together or not at all. `later` (milliseconds) is a
 * look of its own, so that it never delays one that is wanted now, and asks for nothing by itself.
 */
export const enqueueSync = async (db: Db | Tx, connectionId: string, options: { later?: number } = {}) => {
  if (options.later === undefined) return request(db, sql`connection_id = ${connectionId}`)
  await db.execute(sql`select request_sync_later(${connectionId}, ${options.later / 1000})`)
}

/** A ring: the same, and remembered. One update only: a second one would check the foreign key and wait for the connection. */
export const enqueueNotified = (db: Db | Tx, connectionId: string) =>
  request(db, sql`connection_id = ${connectionId}`, sql`, last_notification_at = now()`)

/** The same for the connection of a business, if it has one with a selected calendar. */
export const enqueueSyncOfBusiness = (db: Db | Tx, businessId: string) =>
  request(db, sql`business_id = ${businessId}`)

const request = async (db: Db | Tx, which: SQL, also: SQL = sql``) => {
  await db.execute(sql`
    with marked as (update sync_requests set requested = requested + 1 ${also} where ${which} returning connection_id)
    select request_sync(connection_id) from marked`)
}
