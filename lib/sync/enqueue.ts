import { sql } from 'drizzle-orm'
import type { Db, Tx } from '#db/client.ts'

/**
 * "Look again at this connection." Marks it requested and queues one look; duplicates collapse by key. Part of the
 * caller's transaction: a change and the look it needs are committed together or not at all.
 */
export const enqueueSync = async (
  db: Db | Tx,
  connectionId: string,
  options: { delaySeconds?: number } = {},
) => {
  await db.execute(sql`
    with marked as (
      update google_connections set requested = requested + 1
      where id = ${connectionId} and calendar_id is not null returning id
    )
    select graphile_worker.add_job(
      'sync-connection', json_build_object('connectionId', id), job_key => 'sync:' || id,
      run_at => now() + make_interval(secs => ${options.delaySeconds ?? 0}), max_attempts => 25)
    from marked`)
}

/** The same for the connection of a business, if it has one. */
export const enqueueSyncOfBusiness = async (db: Db | Tx, businessId: string) => {
  await db.execute(sql`
    with marked as (
      update google_connections set requested = requested + 1
      where business_id = ${businessId} and calendar_id is not null returning id
    )
    select graphile_worker.add_job(
      'sync-connection', json_build_object('connectionId', id), job_key => 'sync:' || id, max_attempts => 25)
    from marked`)
}
