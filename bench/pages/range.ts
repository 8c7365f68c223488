import { behindWall } from '#db/wall.ts'
import { readCalendarRange } from '#lib/appointments/range.ts'
import type { Row } from '../results.ts'
import { median, ms, timed, times } from '../statistics.ts'
import type { Stage } from './stage.ts'

const sizes = [1_000, 100_000, 1_000_000]
const readings = 60

/** The same week with the same hundred appointments, half of all others long before it and half long after. */
export const measureRange = async (stage: Stage): Promise<Row[]> => {
  const { sql } = stage.database
  await sql`delete from appointments`
  await add(stage, 100, '2026-11-23T00:00:00Z', '1 hour')
  const medians: number[] = []
  let there = 100
  for (const size of sizes) {
    const half = Math.round((size - there) / 2)
    await add(stage, half, '2026-10-01T00:00:00Z', '-10 minutes')
    await add(stage, half, '2027-02-01T00:00:00Z', '10 minutes')
    await sql`vacuum analyze appointments`
    there = size
    medians.push(await readWeek(stage))
  }
  const [few = 0, , many = 0] = medians
  return [
    {
      work: `server time of a week's range, in a business with ${sizes.map((size) => size.toLocaleString('en')).join(', ')} appointments`,
      reach: '≤ 1.3 × from the first to the last',
      measured: `${medians.map(ms).join(', ')} (median of ${readings}): ${times(many / few)}`,
      floor: `${ms(few)} at 1,000`,
      met: many / few <= 1.3,
    },
  ]
}

const add = async ({ database, businessId }: Stage, count: number, from: string, step: string) => {
  await database.sql`
    insert into appointments (business_id, title, starts_at, ends_at)
    select ${businessId}, 'Visit', ${from}::timestamptz + n * ${step}::interval,
      ${from}::timestamptz + n * ${step}::interval + interval '30 minutes'
    from generate_series(1, ${count}) n`
}

const readWeek = async ({ database, businessId }: Stage): Promise<number> => {
  const db = behindWall(database, businessId)
  const span = { start: '2026-11-22T13:00:00Z', end: '2026-11-29T13:00:00Z' }
  const now = '2026-11-24T00:00:00Z'
  const waits: number[] = []
  for (let n = 0; n < readings; n++)
    waits.push(await timed(() => readCalendarRange(db, { businessId, role: 'owner', span, now })))
  return median(waits.slice(10))
}
