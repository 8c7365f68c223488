import { eq, getTableColumns, sql } from 'drizzle-orm'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, GlobalDb, GlobalTx, Tx } from '#db/client.ts'
import { businesses, googleConnections, googleRevocations, members, syncRequests } from '#db/schema.ts'

/** What an appointment's projection depends on besides the appointment. */
export const readProjectionFacts = async (db: Db | Tx, businessId: BusinessId) => {
  const [[business], people] = await Promise.all([
    db
      .select({
        timeZone: businesses.timeZone,
        guestsOnGoogle: businesses.guestsOnGoogle,
        whenRemoved: businesses.whenRemoved,
      })
      .from(businesses)
      .where(eq(businesses.id, businessId)),
    db
      .select({ id: members.id, name: members.name, email: members.email })
      .from(members)
      .where(eq(members.businessId, businessId)),
  ])
  if (!business) throw new Error('The business of a connection is gone.')
  return { ...business, members: people }
}

/** `oldest`: every transaction before it had ended when this was read. */
export type SyncRequests = typeof syncRequests.$inferSelect & { oldest: string }

export const readSyncRequests = async (db: Db | Tx, connectionId: string): Promise<SyncRequests | null> => {
  const [row] = await db
    .select({
      ...getTableColumns(syncRequests),
      oldest: sql<string>`pg_snapshot_xmin(pg_current_snapshot())::text`,
    })
    .from(syncRequests)
    .where(eq(syncRequests.connectionId, connectionId))
  return row ?? null
}

/** What tells how far a business's mirror can be trusted, in one statement; null when nothing is linked. */
export const readFreshness = async (db: Db | Tx, businessId: BusinessId) => {
  const [row] = await db
    .select({
      connectionId: googleConnections.id,
      calendarId: googleConnections.calendarId,
      waitsForPerson: googleConnections.waitsForPerson,
      retryAt: googleConnections.retryAt,
      lastSuccessAt: googleConnections.lastSuccessAt,
      channelExpiresAt: googleConnections.channelExpiresAt,
      channelCreatedAt: googleConnections.channelCreatedAt,
      marks: syncRequests,
    })
    .from(googleConnections)
    .leftJoin(syncRequests, eq(syncRequests.connectionId, googleConnections.id))
    .where(eq(googleConnections.businessId, businessId))
  return row ?? null
}

/** `marks` are those from before the look began: a ring since then stays unprocessed. */
export const markProcessed = async (db: Db | Tx, marks: SyncRequests) => {
  await db
    .update(syncRequests)
    .set({ processed: processedBy(marks) })
    .where(isOf(marks))
}

/** The same, and nothing is left to be sent of what was there before the look began. */
export const markClean = async (db: Db | Tx, marks: SyncRequests) => {
  await db
    .update(syncRequests)
    .set({ processed: processedBy(marks), cleanBefore: marks.oldest, cleanVersion: marks.dirtyVersion })
    .where(isOf(marks))
}

const processedBy = ({ requested }: SyncRequests) => sql`greatest(${syncRequests.processed}, ${requested})`
const isOf = ({ connectionId }: SyncRequests) => eq(syncRequests.connectionId, connectionId)

export const insertSyncRequests = async (tx: Tx, marks: { connectionId: string; businessId: string }) => {
  await tx.insert(syncRequests).values(marks).onConflictDoNothing()
}

/** Holds `units` of the minute's requests for a Google account; false when that would pass `ceiling`. */
export const spendBudget = async (
  db: GlobalDb,
  spend: { googleSub: string; units: number; ceiling: number },
): Promise<boolean> => {
  const rows = await db.execute(sql`
    insert into google_budget as b (google_sub, minute, spent)
    values (${spend.googleSub}, date_trunc('minute', now()), ${spend.units})
    on conflict (google_sub, minute) do update set spent = b.spent + ${spend.units}
    where b.spent + ${spend.units} <= ${spend.ceiling}
    returning spent`)
  return rows.length > 0
}

/** The most that was held for the account in a minute of the last hour. */
export const readMostSpent = async (db: GlobalDb, googleSub: string): Promise<number> => {
  const [row] = await db.execute<{ most: number }>(sql`
    select coalesce(max(spent), 0)::int as most from google_budget
    where google_sub = ${googleSub} and minute > now() - interval '1 hour'`)
  return row?.most ?? 0
}

/**
 * Everything that is due, in one statement: asked for and not yet looked at, a wait that is over, a mirror older than its
 * poll (`polled` seconds without a living channel, `rung` with one), a channel to replace, a horizon to roll. Queues a
 * look for each; a quiet fleet costs one index-friendly scan. Polls that nobody waits for start spread over
 * `spreadSeconds`, each connection at a moment of its own: a fleet that became due together must not ask Google in one
 * second. One that waits already keeps its moment, or a busy queue would put it off again and again.
 */
export const enqueueDue = async (
  db: GlobalDb | GlobalTx,
  options: { polledSeconds: number; rungSeconds: number; renewHours: number; spreadSeconds: number },
): Promise<number> => {
  const rows = await db.execute(sql`
    with due as (
      select c.id, m.requested > m.processed or c.retry_at is not null or c.last_success_at is null as waited_for
      from google_connections c join sync_requests m on m.connection_id = c.id
      where c.calendar_id is not null
        and (not c.waits_for_person or c.retry_at is not null)
        and (c.retry_at is null or c.retry_at <= now())
        and (m.requested > m.processed or c.retry_at is not null or c.last_success_at is null
          or c.last_success_at < now() - make_interval(secs => case
            when c.channel_expires_at > now() and greatest(m.last_notification_at, c.channel_created_at) > now() - interval '1 day'
            then ${options.rungSeconds}::int else ${options.polledSeconds}::int end)
          or (c.channel_expires_at < now() + make_interval(hours => ${options.renewHours}::int) and not c.channel_unsupported)
          or c.horizon_end < now() + interval '24 months')
    )
    select graphile_worker.add_job('sync-connection', json_build_object('connectionId', due.id),
      job_key => 'sync:' || due.id, max_attempts => 25,
      run_at => now() + case when waited_for then interval '0'
        else (hashtextextended(due.id::text, 0) & 65535) / 65536.0 * make_interval(secs => ${options.spreadSeconds}::int) end,
      job_key_mode => case when waited_for then 'replace' else 'preserve_run_at' end) from due`)
  return rows.length
}

/** Whether the mirror of a business is older than that, nobody waits for a person or a next try, and no look is asked for. */
export const isStale = async (db: Db, businessId: BusinessId, seconds: number): Promise<boolean> => {
  const rows = await db.execute(sql`
    select 1 from google_connections c join sync_requests m on m.connection_id = c.id
    where c.business_id = ${businessId} and c.calendar_id is not null and m.requested <= m.processed
      and not c.waits_for_person
      and (c.retry_at is null or c.retry_at <= now())
      and (c.last_success_at is null or c.last_success_at < now() - make_interval(secs => ${seconds}::int))`)
  return rows.length > 0
}

/** Revocations whose next try is due. */
export const enqueueRevocations = async (db: GlobalDb | GlobalTx): Promise<number> => {
  const rows = await db.execute(sql`
    select graphile_worker.add_job('revoke', json_build_object('revocationId', id), job_key => 'revoke:' || id)
    from google_revocations where next_attempt_at <= now()`)
  return rows.length
}

export const insertRevocation = async (tx: Tx, row: typeof googleRevocations.$inferInsert) => {
  await tx.insert(googleRevocations).values(row)
  await tx.execute(sql`select request_revocation(${row.id})`)
}

export const readRevocation = async (db: GlobalDb, id: string) => {
  const [row] = await db.select().from(googleRevocations).where(eq(googleRevocations.id, id))
  return row ?? null
}

export const deleteRevocation = async (db: GlobalDb, id: string) => {
  await db.delete(googleRevocations).where(eq(googleRevocations.id, id))
}

export const postponeRevocation = async (db: GlobalDb, id: string, delayMs: number) => {
  await db.execute(sql`
    update google_revocations set attempts = attempts + 1,
      next_attempt_at = now() + make_interval(secs => ${delayMs / 1000}::float8) where id = ${id}`)
}

/**
 * Looks that a killed process was in the middle of are asked for anew; answers how many. A look that is under way holds the
 * advisory lock of its connection, so a job taken that long ago without one is nobody's. The queue itself would wait for it
 * four hours. Should a look have ended this very moment, there is one more of it.
 */
export const requeueAbandoned = async (db: GlobalDb, olderThanSeconds: number): Promise<number> => {
  const rows = await db.execute(sql`
    with held as (
      select (classid::bigint << 32) | objid::bigint as lock from pg_locks
      where locktype = 'advisory' and objsubid = 1
        and database = (select oid from pg_database where datname = current_database())),
    abandoned as (
      delete from graphile_worker._private_jobs
      where locked_at <= now() - make_interval(secs => ${olderThanSeconds}::float8)
        and payload->>'connectionId' is not null
        and hashtextextended('sync:' || (payload->>'connectionId'), 0) not in (select lock from held)
      returning payload->>'connectionId' as id)
    select graphile_worker.add_job('sync-connection', json_build_object('connectionId', id),
      job_key => 'sync:' || id, max_attempts => 25) from (select distinct id from abandoned)`)
  return rows.length
}

/** Jobs that could run now and that nobody runs: one left locked by a killed process is not waited for. */
export const countJobs = async (db: GlobalDb): Promise<number> => {
  const [row] = await db.execute(sql`
    select count(*)::int as count from graphile_worker.jobs
    where attempts < max_attempts and locked_at is null and run_at <= now()`)
  return (row as { count: number } | undefined)?.count ?? 0
}

/** Seconds that the oldest due job and the oldest overdue connection have waited; null when the schema is not there. */
export const readLag = async (db: GlobalDb) => {
  const [schema] = await db.execute(sql`
    select to_regclass('sync_requests') is not null and to_regclass('graphile_worker._private_jobs') is not null as there`)
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

/** For what a crash may take back because it would be found out again; saves a wait for the disk. */
export const commitWithoutFlush = (tx: Tx) => tx.execute(sql`set local synchronous_commit = off`)
