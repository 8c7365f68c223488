import type { BusinessId } from '#db/business-id.ts'
import { tenantDb } from '#db/tenant.ts'
import { readCalendarRange } from '#lib/appointments/range.ts'
import { median, ms, timed, times } from '../statistics.ts'
import type { Row } from '../table.ts'
import type { Environment } from './environment.ts'

const sizes = [1_000, 100_000, 1_000_000]
const rounds = 300
const warmUpRounds = 20

/**
 * Reads a week with a hundred appointments in businesses of different sizes; half of their other
 * appointments are before that week, half after. The sizes take turns, so that other load on the
 * machine affects them equally.
 */
export const measureRange = async (environment: Environment): Promise<Row[]> => {
  const { sql } = environment.database
  await sql`delete from appointments`
  const businesses: BusinessId[] = []
  for (const size of sizes) businesses.push(await makeBusiness(environment, size))
  await sql`vacuum analyze`
  // Without it, a checkpoint may run during the measurement.
  await sql`checkpoint`
  const durations = businesses.map((): number[] => [])
  for (let round = 0; round < rounds + warmUpRounds; round++)
    for (const [at, businessId] of businesses.entries()) {
      const took = await readWeek(environment, businessId)
      if (round >= warmUpRounds) durations[at]?.push(took)
    }
  const medians = durations.map(median)
  const [few = 0, , many = 0] = medians
  return [
    {
      work: `server time of a week's range, in a business with ${sizes.map((size) => size.toLocaleString('en')).join(', ')} appointments`,
      target: '≤ 1.3 × from the first to the last',
      measured: `${medians.map(ms).join(', ')} (medians of ${rounds} rounds): ${times(many / few)}`,
      baseline: `${ms(few)} at 1,000`,
      met: many / few <= 1.3,
    },
  ]
}

const makeBusiness = async ({ database: { sql } }: Environment, size: number): Promise<BusinessId> => {
  const [made] = await sql<{ id: BusinessId }[]>`
    insert into businesses (name, time_zone, opening_hours)
    values (${`${size} appointments`}, 'Australia/Sydney', '{}') returning id`
  if (!made) throw new Error('The business was not created.')
  const add = (count: number, from: string, step: string) => sql`
    insert into appointments (business_id, title, starts_at, ends_at)
    select ${made.id}, 'Visit', ${from}::timestamptz + n * ${step}::interval,
      ${from}::timestamptz + n * ${step}::interval + interval '30 minutes'
    from generate_series(1, ${count}) n`
  const rest = (size - 100) / 2
  await add(100, '2026-11-23T00:00:00Z', '1 hour')
  await add(rest, '2026-10-01T00:00:00Z', '-10 minutes')
  await add(rest, '2027-02-01T00:00:00Z', '10 minutes')
  return made.id
}

const readWeek = ({ database }: Environment, businessId: BusinessId): Promise<number> => {
  const span = { start: '2026-11-22T13:00:00Z', end: '2026-11-29T13:00:00Z' }
  const now = '2026-11-24T00:00:00Z'
  const db = tenantDb(database, businessId)
  return timed(() => readCalendarRange(db, { businessId, role: 'owner', span, now }))
}
