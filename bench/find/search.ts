import { randomUUID } from 'node:crypto'
import type { Business } from '../load/businesses.ts'
import { ms, percentile, timed } from '../statistics.ts'
import type { Row } from '../table.ts'
import { type Environment, instant, memberOf, sizes } from './environment.ts'

const [rounds, warmUpRounds] = [200, 10]
const day = 86_400_000
/** Its days are full, so that half of the searches need the third window. */
const fullDays = 12

/**
 * **Find a time** over HTTP in businesses of different sizes. All have the same next weeks, with
 * two thousand Google events a year; their other appointments are earlier and later. The sizes take
 * turns, so that other load on the machine affects them equally.
 */
export const measureSearch = async (environment: Environment): Promise<Row[]> => {
  const { sql } = environment.product.database
  // Built at once at the end: row by row it takes longer than everything else.
  const [index] = await sql<{ definition: string }[]>`
    select indexdef as definition from pg_indexes where indexname = 'appointments_by_time'`
  await sql`drop index appointments_by_time`
  for (const [at, business] of environment.sized.entries()) await fill(environment, business, sizes[at] ?? 0)
  await sql.unsafe(index?.definition ?? '')
  await sql`vacuum analyze`
  await sql`checkpoint`
  const durations = sizes.map((): number[] => [])
  const floor: number[] = []
  for (let round = 0; round < rounds + warmUpRounds; round++)
    for (const [at, business] of environment.sized.entries()) {
      if (at === 0) floor.push(await timed(() => refuse(environment, business, round)))
      const took = await timed(() => find(environment, business, round))
      if (round >= warmUpRounds) durations[at]?.push(took)
    }
  const [p50, p95] = [50, 95].map((percent) => durations.map((each) => percentile(each, percent)))
  return [
    {
      work: `Find a time over HTTP, in a business with ${sizes.map((size) => size.toLocaleString('en')).join(', ')} appointments`,
      target: 'p50 ≤ 15 ms, p95 ≤ 40 ms',
      measured: `p50 ${p50?.map(ms).join(', ')}; p95 ${p95?.map(ms).join(', ')} (${rounds} rounds)`,
      baseline: `the same action refusing bad input: p50 ${ms(percentile(floor, 50))}, p95 ${ms(percentile(floor, 95))}`,
      met: Math.max(...(p50 ?? [])) <= 15 && Math.max(...(p95 ?? [])) <= 40,
    },
  ]
}

type TimesAnswer = { ok: boolean; times?: unknown[] }

/** Everything that an action costs before it searches: the request, the session, its answer. */
const refuse = async ({ call }: Environment, business: Business, round: number) => {
  const { ok } = await call<TimesAnswer>('appointments#findTimes', memberOf(business, round % 2), [{}])
  if (ok) throw new Error('A refusal was expected.')
}

const find = async ({ call }: Environment, business: Business, round: number) => {
  const search = {
    ...{ minutes: 60, exceptId: randomUUID() },
    assigneeIds: [memberOf(business, round % 2).id],
    from: instant(Math.floor(Date.now() / day) * day + (round % 5) * day),
  }
  const { ok, times } = await call<TimesAnswer>('appointments#findTimes', memberOf(business, round % 2), [search])
  if (!ok || times?.length !== 5) throw new Error('Five times were expected.')
}

/** The first member is booked for `fullDays` from the first hour on; the second has gaps. */
const fill = async ({ product: { database } }: Environment, business: Business, size: number) => {
  const { sql } = database
  const [full, sparse] = [memberOf(business, 0), memberOf(business, 1)]
  const add = (member: string, count: number, first: string, step: string, exclusive = false) =>
    sql.begin(async (tx) => {
      // Without foreign keys and triggers, of which each row would pay five.
      await tx`set local session_replication_role = replica`
      await tx`
    with made as (
      insert into appointments (business_id, title, starts_at, ends_at)
      select ${business.id}, 'Visit', date_trunc('day', now()) + ${first}::interval + n * ${step}::interval,
        date_trunc('day', now()) + ${first}::interval + n * ${step}::interval + interval '50 minutes'
      from generate_series(0, ${count - 1}) n
      returning id, starts_at, ends_at)
    insert into appointment_assignees (business_id, appointment_id, member_id, during, exclusive)
    select ${business.id}, id, ${member}, tstzrange(starts_at, ends_at), ${exclusive} from made`
    })
  const near = [
    { member: full.id, count: fullDays * 24, step: '1 hour' },
    { member: sparse.id, count: 40 * 6, step: '4 hours' },
  ]
  for (const { member, count, step } of near) await add(member, count, '0', step, true)
  const rest = size - near.reduce((sum, { count }) => sum + count, 0)
  await add(full.id, Math.floor(rest / 2), '-1 day', '-10 minutes')
  await add(sparse.id, Math.ceil(rest / 2), '90 days', '10 minutes')
  await sql`
    insert into google_events (business_id, synced_calendar_id, event_id, kind, title, description, blocks, blocks_why, generation)
    select business_id, id, 'e' || n, 'single', 'Meeting', repeat('Bring the ladder. ', 20), true, 'busy', 1
    from synced_calendars, generate_series(1, 2000) n where business_id = ${business.id}`
  await sql`
    insert into google_occurrences (business_id, synced_calendar_id, instance_id, event_id, series_id, during, blocks)
    select business_id, synced_calendar_id, event_id, event_id, event_id, tstzrange(at, at + interval '20 minutes'), true
    from google_events, lateral (select now() + substr(event_id, 2)::int * interval '4 hours' as at) a
    where business_id = ${business.id}`
}
