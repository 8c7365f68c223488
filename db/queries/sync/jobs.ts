import { sql } from 'drizzle-orm'
import type { GlobalDb } from '../../client.ts'

/**
 * Makes jobs of killed processes runnable again; returns how many. A sync run holds the advisory
 * lock of its connection, so a job locked for longer than `olderThanSeconds` without that lock has
 * no process. The queue itself would wait four hours. A run that ended at this very moment runs
 * once more.
 */
export const requeueAbandoned = async (db: GlobalDb, olderThanSeconds: number): Promise<number> => {
  const [row] = await db.execute<{ count: number }>(sql`
    with advisory as (
      select (classid::bigint << 32) | objid::bigint as key from pg_locks
      where locktype = 'advisory' and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())),
    abandoned as (
      select locked_by from graphile_worker.jobs
      where task_identifier = 'sync-connection' and key is not null
        and locked_at <= now() - make_interval(secs => ${olderThanSeconds}::float8)
        and hashtextextended('sync:' || split_part(key, ':', 2), 0) not in (select key from advisory)),
    unlocked as (
      select graphile_worker.force_unlock_workers(array(select locked_by from abandoned))
      where exists (select from abandoned))
    select (select count(*) from abandoned)::int as count from (select count(*) from unlocked) u`)
  return row?.count ?? 0
}

/** Jobs that are due and not locked. A job left locked by a killed process does not count. */
export const countJobs = async (db: GlobalDb): Promise<number> => {
  const [row] = await db.execute(sql`
    select count(*)::int as count from graphile_worker.jobs
    where attempts < max_attempts and locked_at is null and run_at <= now()`)
  return (row as { count: number } | undefined)?.count ?? 0
}

/**
 * Seconds that the oldest due job and the oldest overdue connection have waited; null before the
 * migration that adds `leases`.
 */
export const readLag = async (db: GlobalDb) => {
  const [schema] = await db.execute(sql`
    select to_regclass('leases') is not null and to_regclass('graphile_worker.jobs') is not null as there`)
  if (!(schema as { there: boolean } | undefined)?.there) return null
  const [row] = await db.execute(sql`
    select coalesce(extract(epoch from now() - (select min(run_at) from graphile_worker.jobs
        where locked_at is null and attempts < max_attempts and run_at <= now())), 0)::int as "queueLagSeconds",
      coalesce(extract(epoch from now() - (select min(coalesce(last_success_at, selected_at)) from google_connections
        where calendar_id is not null and last_success_at < now() - interval '20 minutes'
          and not waits_for_person)), 0)::int
        as "oldestOverdueSyncSeconds"`)
  return row as { queueLagSeconds: number; oldestOverdueSyncSeconds: number }
}
