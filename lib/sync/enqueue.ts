import { sql } from 'drizzle-orm'
import type { Db, Tx } from '#db/client.ts'

/**
 * "Look again at this connection." Marks it requested and queues one look; duplicates collapse by key. Part of the
 * caller's transaction: a change and the look it needs are committed together or not at all.
 */
export const enqueueSync = (db: Db | Tx, connectionId: string, options: { delayMs?: number } = {}) =>
  request(db, sql`connection_id = ${connectionId}`, options.delayMs ?? 0)

/** The same for the connection of a business, if it has one with a selected calendar. */
export const enqueueSyncOfBusiness = (db: Db | Tx, businessId: string) =>
  request(db, sql`business_id = ${businessId}`, 0)

const request = async (db: Db | Tx, which: ReturnType<typeof sql>, delayMs: number) => {
  await db.execute(sql`
    with marked as (update sync_marks set requested = requested + 1 where ${which} returning connection_id)
    select graphile_worker.add_job(
      'sync-connection', json_build_object('connectionId', connection_id), job_key => 'sync:' || connection_id,
      run_at => now() + make_interval(secs => ${delayMs / 1000}), max_attempts => 25)
    from marked`)
}
