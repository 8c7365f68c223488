import { syncCalendar } from '#lib/sync/run.ts'
import { median, ms, timed, times } from '../statistics.ts'
import type { Row } from '../table.ts'
import { addAccount, type Environment, type Linked, linkBusiness } from './environment.ts'

const sizes = [100, 10_000, 100_000]
const rounds = 25

/** Cost of a sync run without changes and with one local change; the sizes take turns. */
export const measureAppointments = async (environment: Environment): Promise<Row[]> => {
  const all: Linked[] = []
  for (const size of sizes) all.push(await linkWithHistory(environment, size))
  const idle = all.map((): number[] => [])
  const changed = all.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (const [place, { syncedCalendarId, businessId }] of all.entries()) {
      idle[place]?.push(await timed(() => syncCalendar(environment.database, syncedCalendarId)))
      await environment.database.sql`
        update appointments set title = ${`Round ${round}`}, revision = revision + 1, updated_at = now()
        where business_id = ${businessId} and title like 'Round%'`
      changed[place]?.push(await timed(() => syncCalendar(environment.database, syncedCalendarId)))
    }
  return [formatRow('no changes', idle), formatRow('one local change', changed)]
}

const formatRow = (what: string, samples: number[][]): Row => {
  const medians = samples.map(median)
  const ratio = (medians.at(-1) ?? Number.NaN) / (medians[0] ?? Number.NaN)
  return {
    work: `sync run, ${what}, at 100, 10k, 100k appointments of the business`,
    target: '100k ≤ 1.3 × 100',
    measured: `${medians.map(ms).join(', ')}; 100k = ${times(ratio)} 100`,
    baseline: '—',
    met: ratio <= 1.3,
  }
}

/** Synced appointments of past years, made in SQL, and one upcoming that is really in Google. */
const linkWithHistory = async (environment: Environment, size: number): Promise<Linked> => {
  const { sql } = environment.database
  const linked = await linkBusiness(environment, await addAccount(environment, `years-${size}`))
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`
      with a as (
        insert into appointments (id, business_id, title, starts_at, ends_at, created_at)
        select gen_random_uuid(), ${linked.businessId}, 'Blocked drain', t, t + interval '1 hour', t
        from (select now() - n * interval '1 hour' as t from generate_series(1, ${size}::int) n) s returning id, business_id)
      insert into event_mappings (business_id, appointment_id, google_sub, calendar_id, event_id, etag, state, revision_pushed, base, remote_snapshot)
      select a.business_id, a.id, g.google_sub, c.calendar_id, replace(a.id::text, '-', ''), '"1"', 'live', 1, '{}', '{}'
      from a join synced_calendars c on c.business_id = a.business_id join google_accounts g on g.id = c.account_id`
  })
  await sql`
    insert into appointments (business_id, title, starts_at, ends_at)
    values (${linked.businessId}, 'Round', '2028-01-03T00:00Z', '2028-01-03T01:00Z')`
  await sql`analyze appointments, event_mappings`
  for (let run = 0; run < 2; run++) {
    const report = await syncCalendar(environment.database, linked.syncedCalendarId)
    if (report.failure) throw new Error(`A sync run failed: ${report.failure}.`)
  }
  return linked
}
