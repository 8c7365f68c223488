import { syncConnection } from '#lib/sync/run.ts'
import type { Row } from '../results.ts'
import { median, ms, timed, times } from '../statistics.ts'
import { addAccount, type Linked, linkBusiness, type Stage } from './stage.ts'

const sizes = [100, 10_000, 100_000]
const rounds = 25

/** What a look costs a business with that many appointments, nothing new and one of them changed here; the sizes take turns. */
export const measureAppointments = async (stage: Stage): Promise<Row[]> => {
  const all: Linked[] = []
  for (const size of sizes) all.push(await settledWith(stage, size))
  const quiet = all.map((): number[] => [])
  const changed = all.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (const [place, { connectionId, businessId }] of all.entries()) {
      quiet[place]?.push(await timed(() => syncConnection(stage.database, connectionId)))
      await stage.database.sql`
        update appointments set title = ${`Round ${round}`}, revision = revision + 1, updated_at = now()
        where business_id = ${businessId} and title like 'Round%'`
      changed[place]?.push(await timed(() => syncConnection(stage.database, connectionId)))
    }
  return [rowOf('nothing new', quiet), rowOf('one changed here', changed)]
}

const rowOf = (what: string, samples: number[][]): Row => {
  const waits = samples.map(median)
  const ratio = (waits.at(-1) ?? Number.NaN) / (waits[0] ?? Number.NaN)
  return {
    work: `a look, ${what}, at 100, 10k, 100k appointments of the business`,
    reach: '100k ≤ 1.3 × 100',
    measured: `${waits.map(ms).join(', ')}; 100k = ${times(ratio)} 100`,
    floor: '—',
    met: ratio <= 1.3,
  }
}

/** Years of appointments in step with Google, made in SQL, and a last one that is really there. */
const settledWith = async (stage: Stage, size: number): Promise<Linked> => {
  const { sql } = stage.database
  const linked = await linkBusiness(stage, await addAccount(stage, `years-${size}`))
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`
      with a as (
        insert into appointments (id, business_id, title, starts_at, ends_at, created_at)
        select gen_random_uuid(), ${linked.businessId}, 'Blocked drain', t, t + interval '1 hour', t
        from (select now() - n * interval '1 hour' as t from generate_series(1, ${size}::int) n) s returning id, business_id)
      insert into event_mappings (business_id, appointment_id, google_sub, calendar_id, event_id, etag, state, revision_pushed, base, seen)
      select a.business_id, a.id, c.google_sub, c.calendar_id, replace(a.id::text, '-', ''), '"1"', 'live', 1, '{}', '{}'
      from a join google_connections c on c.business_id = a.business_id`
  })
  await sql`
    insert into appointments (business_id, title, starts_at, ends_at)
    values (${linked.businessId}, 'Round', '2028-01-03T00:00Z', '2028-01-03T01:00Z')`
  await sql`analyze appointments, event_mappings`
  for (let look = 0; look < 2; look++) {
    const report = await syncConnection(stage.database, linked.connectionId)
    if (report.failure) throw new Error(`A look failed: ${report.failure}.`)
  }
  return linked
}
