import { sql } from 'drizzle-orm'
import type { GlobalDb, GlobalTx } from '#db/client.ts'
import { rowsOf } from './rows.ts'

/** Counts and ages over all businesses for operators; no content. */

/** Records a scheduler run and deletes quota rows that are no longer needed, in one statement. */
export const noteSchedulerRun = async (db: GlobalDb | GlobalTx) => {
  await db.execute(sql`
    with expired as (delete from google_budget where minute < now() - interval '1 hour')
    insert into scheduler_runs (last_run_at) values (now()) on conflict (one) do update set last_run_at = now()`)
}

/** Seconds since the last scheduler run; null = never. */
export const readSchedulerAge = async (db: GlobalDb): Promise<number | null> => {
  const [row] = await db.execute(
    sql`select extract(epoch from now() - last_run_at)::int as seconds from scheduler_runs`,
  )
  return (row as { seconds: number } | undefined)?.seconds ?? null
}

/** Whose calendar it is; only they can repair what waits for a person. */
type Whose = 'business' | 'member'
type Purpose = 'appointments' | 'busy'

type CalendarCounts = {
  calendars: number
  importing: number
  healthy: number
  /** A sync run is requested and not finished. */
  requested: number
  /** With an active push channel. */
  notified: number
  polled: number
  /**
   * Seconds since the last success of the calendar furthest behind, without those that wait for a
   * person.
   */
  lagSeconds: number
}

/** The counts of all calendars, and in `groups` those of each kind that exists. */
export type Fleet = CalendarCounts & {
  accounts: Record<Whose, number>
  groups: (CalendarCounts & { whose: Whose; purpose: Purpose })[]
  revocationsWaiting: number
}

export const readFleet = async (db: GlobalDb): Promise<Fleet> => {
  const [accounts] = await db.execute(sql`
    select count(*) filter (where member_id is null)::int as business, count(member_id)::int as member,
      (select count(*) from google_revocations)::int as "revocationsWaiting"
    from google_accounts`)
  const rows = await rowsOf<CalendarCounts & { whose: Whose | null; purpose: Purpose | null }>(
    db,
    sql`
    select whose, purpose,
      count(*)::int as calendars,
      count(*) filter (where imported_at is null)::int as importing,
      count(*) filter (where imported_at is not null and last_failure_kind is null)::int as healthy,
      count(*) filter (where requested > processed)::int as requested,
      count(*) filter (where channel_expires_at > now())::int as notified,
      count(*) filter (where channel_expires_at is null or channel_expires_at <= now())::int as polled,
      coalesce(max(extract(epoch from now() - coalesce(last_success_at, selected_at)))
        filter (where not waits_for_person), 0)::int
        as "lagSeconds"
    from (
      select c.*, m.requested, m.processed, case when c.member_id is null then 'business' else 'member' end as whose
      from synced_calendars c join sync_requests m on m.synced_calendar_id = c.id) t
    group by grouping sets ((), (whose, purpose)) order by grouping(whose) desc, whose, purpose`,
  )
  // The empty grouping set has one row, also without calendars.
  const [{ whose: _whose, purpose: _purpose, ...total }, ...groups] = rows as [(typeof rows)[0], ...Fleet['groups']]
  const { revocationsWaiting, business, member } = accounts as Record<Whose | 'revocationsWaiting', number>
  return { ...total, accounts: { business, member }, groups, revocationsWaiting }
}

export type Trouble = {
  what: 'calendar' | 'appointment'
  whose: Whose
  purpose: Purpose
  kind: string
  count: number
  oldestSeconds: number
}

/** Failing calendars and appointments, by whose calendar it is, its purpose and kind. */
export const readTroubleByKind = async (db: GlobalDb): Promise<Trouble[]> => {
  return rowsOf<Trouble>(
    db,
    sql`
    select 'calendar' as what, case when member_id is null then 'business' else 'member' end as whose, purpose,
      last_failure_kind as kind, count(*)::int as count,
      coalesce(max(extract(epoch from now() - failing_since)), 0)::int as "oldestSeconds"
    from synced_calendars where last_failure_kind is not null group by 2, 3, 4
    union all
    select 'appointment', case when member_id is null then 'business' else 'member' end, 'appointments',
      last_error_kind, count(*)::int,
      coalesce(max(extract(epoch from now() - waiting_since)), 0)::int
    from event_mappings where last_error_kind is not null group by 2, 4
    order by 1, 5 desc, 2, 3, 4`,
  )
}

export type Queue = { task: string; ready: number; later: number; running: number; tried: number }

export const readQueue = async (db: GlobalDb): Promise<Queue[]> => {
  return rowsOf<Queue>(
    db,
    sql`
    select task_identifier as task,
      count(*) filter (where locked_at is null and run_at <= now() and attempts < max_attempts)::int as ready,
      count(*) filter (where locked_at is null and run_at > now())::int as later,
      count(*) filter (where locked_at is not null)::int as running,
      count(*) filter (where attempts > 1)::int as tried
    from graphile_worker.jobs group by 1 order by 1`,
  )
}

export type Quota = { writesLastMinute: number; busiestAccount: number; busiestMinute: number }

/**
 * Quota units spent on writes: by all accounts in the last full minute, and the most by one account
 * in a minute of the last hour.
 */
export const readQuota = async (db: GlobalDb): Promise<Quota> => {
  const [row] = await db.execute(sql`
    select coalesce(sum(spent) filter (where minute = date_trunc('minute', now()) - interval '1 minute'), 0)::int
        as "writesLastMinute",
      coalesce(max(spent), 0)::int as "busiestAccount",
      coalesce((select max(total) from (select sum(spent) as total from google_budget group by minute) t), 0)::int
        as "busiestMinute"
    from google_budget`)
  return row as Quota
}

export type SealedToken = { table: keyof typeof sealedColumns; id: string; text: string }

/** Each table with sealed texts, and their columns. */
const sealedColumns = {
  google_accounts: ['refresh_token', 'access_token'],
  google_revocations: ['refresh_token'],
  webhooks: ['secret', 'previous_secret'],
} as const

/** Every sealed token and secret, a batch at a time, by id. */
export const readSealedTokens = async (
  db: GlobalDb,
  options: { after: string; limit: number },
): Promise<{ id: string; tokens: SealedToken[] }[]> => {
  const rows = await rowsOf<{ id: string; table: SealedToken['table']; texts: (string | null)[] }>(
    db,
    sql`
    select * from (
      select id::text, 'google_accounts' as "table", jsonb_build_array(refresh_token, access_token) as texts
        from google_accounts
      union all select id::text, 'google_revocations', jsonb_build_array(refresh_token) from google_revocations
      union all select id::text, 'webhooks', jsonb_build_array(secret, previous_secret) from webhooks) t
    where id > ${options.after} order by id limit ${options.limit}`,
  )
  return rows.map(({ id, table, texts }) => ({
    id,
    tokens: texts.flatMap((text) => (text === null ? [] : [{ table, id, text }])),
  }))
}

/** Replaces a text only if it is still the one that was read: a refresh in between wins. */
export const replaceSealedToken = async (db: GlobalDb, token: SealedToken, text: string): Promise<boolean> => {
  for (const name of sealedColumns[token.table]) {
    const [table, column] = [sql.identifier(token.table), sql.identifier(name)]
    const rows = await db.execute(
      sql`update ${table} set ${column} = ${text} where id = ${token.id} and ${column} = ${token.text} returning id`,
    )
    if (rows.length > 0) return true
  }
  return false
}
