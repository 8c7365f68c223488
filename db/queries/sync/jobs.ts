import { sql } from 'drizzle-orm'
import type { GlobalDb, GlobalTx } from '../../client.ts'
import { rowsOf } from '../rows.ts'

/**
 * Queues the sync runs of killed processes again; returns how many. A run holds the advisory lock
 * of its calendar, so a job locked for longer than `olderThanSeconds` without that lock has no
 * process. The queue itself would wait four hours, and never repeats a job whose key a later one
 * has taken over. A run that ended at this very moment runs once more.
 */
export const requeueAbandoned = (db: GlobalDb, olderThanSeconds: number): Promise<number> =>
  db.transaction(async (tx) => {
    const jobs = await readAbandoned(tx, olderThanSeconds)
    if (jobs.length === 0) return 0
    const list = JSON.stringify(jobs)
    await tx.execute(sql`
      select graphile_worker.force_unlock_workers(array(
        select distinct j->>'lockedBy' from jsonb_array_elements(${list}::jsonb) j))`)
    await tx.execute(sql`
      select graphile_worker.complete_jobs(array(select (j->>'id')::bigint from jsonb_array_elements(${list}::jsonb) j))`)
    await tx.execute(sql`
      select graphile_worker.add_job('sync-calendar', json_build_object('syncedCalendarId', id),
        job_key => 'sync:' || id, max_attempts => 25, flags => array[id])
      from (select distinct j->>'syncedCalendarId' as id from jsonb_array_elements(${list}::jsonb) j) calendars`)
    return jobs.length
  })

const readAbandoned = (tx: GlobalTx, olderThanSeconds: number) =>
  rowsOf<{ id: string; lockedBy: string; syncedCalendarId: string }>(
    tx,
    sql`
    select j.id::text, j.locked_by as "lockedBy", flag as "syncedCalendarId"
    from graphile_worker.jobs j, jsonb_object_keys(j.flags) flag
    where j.task_identifier = 'sync-calendar'
      and j.locked_at <= now() - make_interval(secs => ${olderThanSeconds}::float8)
      and hashtextextended('sync:' || flag, 0) not in (
        select (classid::bigint << 32) | objid::bigint from pg_locks
        where locktype = 'advisory' and objsubid = 1
          and database = (select oid from pg_database where datname = current_database()))`,
  )

/** Jobs that are due and not locked. A job left locked by a killed process does not count. */
export const countJobs = async (db: GlobalDb): Promise<number> => {
  const [row] = await db.execute(sql`
    select count(*)::int as count from graphile_worker.jobs
    where attempts < max_attempts and locked_at is null and run_at <= now()`)
  return (row as { count: number } | undefined)?.count ?? 0
}

/**
 * Seconds that the oldest due job and the oldest overdue calendar have waited; null before the
 * migration that adds `leases`.
 */
export const readLag = async (db: GlobalDb) => {
  const [schema] = await db.execute(sql`
    select to_regclass('leases') is not null and to_regclass('graphile_worker.jobs') is not null as there`)
  if (!(schema as { there: boolean } | undefined)?.there) return null
  const [row] = await db.execute(sql`
    select coalesce(extract(epoch from now() - (select min(run_at) from graphile_worker.jobs
        where locked_at is null and attempts < max_attempts and run_at <= now())), 0)::int as "queueLagSeconds",
      coalesce(extract(epoch from now() - (select min(coalesce(last_success_at, selected_at)) from synced_calendars
        where coalesce(last_success_at, selected_at) < now() - interval '20 minutes'
          and not waits_for_person)), 0)::int
        as "oldestOverdueSyncSeconds"`)
  return row as { queueLagSeconds: number; oldestOverdueSyncSeconds: number }
}
