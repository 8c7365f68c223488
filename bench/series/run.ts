import { randomUUID } from 'node:crypto'
import type { Repeat } from '#lib/repeat/repeat.ts'
import { createSeriesRow, previewNew } from '../../lib/series/create.ts'
import { rollSeries } from '../../lib/series/roll.ts'
import { fields } from '../../testing/appointment-fields.ts'
import { ms, percentile, timed } from '../statistics.ts'
import { measureParts } from '../suite.ts'
import type { Row } from '../table.ts'
import { type Environment, insertSeries, startEnvironment } from './environment.ts'

// `npm run bench -- series`: a preview of a year, saving it, and moving the horizon of many series.

const [rounds, warmUpRounds] = [60, 5]
const [businesses, each] = [100, 100]
const limits = { previewMs: 200, saveMs: 150, rollSeconds: 60 }

const fortnightly: Repeat = { every: 2, unit: 'week', ends: { after: 26 } }
const visits = 26

/** Of the first hour of a day, which is free; or of one that others have on every date. */
const asked = ({ business, memberIds, monday, now }: Environment, n: number, isFree: boolean) => {
  const hour = isFree ? 21 : 23
  const start = new Date(Date.parse(`${monday}T00:00:00Z`) + (n % 5) * 86_400_000 - (24 - hour) * 3_600_000)
  const instant = (minutes: number) => new Date(start.getTime() + minutes * 60_000).toISOString().replace('.000Z', 'Z')
  return {
    ...{ businessId: business.businessId, member: { id: business.owner, role: 'owner' as const }, now },
    ...{ repeat: fortnightly, googleUnchecked: false },
    fields: fields({
      title: 'Clean',
      start: instant(0),
      end: instant(60),
      assigneeIds: [memberIds[n % memberIds.length] ?? ''],
    }),
  }
}

const preview = async (environment: Environment): Promise<Row[]> => [
  await previewRow(environment, true),
  await previewRow(environment, false),
]

const previewRow = async (environment: Environment, isFree: boolean): Promise<Row> => {
  const durations: number[] = []
  const clashes = new Set<number>()
  for (let n = 0; n < rounds + warmUpRounds; n++) {
    const query = asked(environment, n, isFree)
    const took = await timed(async () => {
      const found = await previewNew(environment.db, query)
      if (!found.ok || found.dates.length !== visits) throw new Error('The preview is not whole.')
      clashes.add(found.dates.filter(({ state }) => state === 'clash').length)
    })
    if (n >= warmUpRounds) durations.push(took)
  }
  return timesRow(durations, {
    work: `preview of ${visits} dates in a year of 12,000 appointments, ${isFree ? 'most free' : 'most taken'}`,
    limit: limits.previewMs,
    notes: `${Math.min(...clashes)} to ${Math.max(...clashes)} clashes, each with the nearest time`,
  })
}

const save = async (environment: Environment): Promise<Row[]> => {
  const durations: number[] = []
  for (let n = 0; n < rounds + warmUpRounds; n++) {
    const id = randomUUID()
    const { dates } = await previewOf(environment, n)
    const choices = Object.fromEntries(
      dates.flatMap(({ originalStart, state }) => (state === 'free' ? [] : [[originalStart, 'anyway' as const]])),
    )
    const took = await timed(async () => {
      const made = await createSeriesRow(environment.db, {
        ...{ ...asked(environment, n, true), id, firstAppointmentId: randomUUID(), choices },
      })
      if (!made.ok || made.booked !== visits) throw new Error(made.ok ? 'Too few were booked.' : made.message)
    })
    if (n >= warmUpRounds) durations.push(took)
    await remove(environment, id)
  }
  return [timesRow(durations, { work: `saving ${visits} visits in one transaction`, limit: limits.saveMs })]
}

const previewOf = async (environment: Environment, n: number) => {
  const found = await previewNew(environment.db, asked(environment, n, true))
  if (!found.ok) throw new Error(found.message)
  return found
}

const remove = async ({ database: { sql } }: Environment, id: string) => {
  await sql`delete from appointments where id in (select appointment_id from series_visits where series_id = ${id})`
  await sql`delete from series where id = ${id}`
}

type Measured = { work: string; limit: number; notes?: string }

const timesRow = (durations: number[], { work, limit, notes }: Measured): Row => {
  const [p50, p95] = [50, 95].map((percent) => percentile(durations, percent))
  return {
    work,
    target: `p95 ≤ ${limit} ms`,
    measured: [`p50 ${ms(p50 ?? 0)}, p95 ${ms(p95 ?? 0)} (${rounds} rounds)`, ...(notes ? [notes] : [])].join('; '),
    baseline: '—',
    met: (p95 ?? 0) <= limit,
  }
}

const roll = async (environment: Environment): Promise<Row[]> => {
  await insertSeries(environment, { businesses, each })
  const before = process.cpuUsage()
  const started = performance.now()
  const rolled = await rollSeries(environment.database, { now: environment.now })
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(before)
  const total = businesses * each
  if (rolled.series !== total || rolled.failed > 0) throw new Error(`${rolled.series} of ${total} were planned.`)
  const again = await rollSeries(environment.database, { now: environment.now })
  if (again.series > 0) throw new Error('A second run found something to plan.')
  return [
    {
      work: `the horizon of ${total} weekly series of ${businesses} businesses moves on`,
      target: `≤ ${limits.rollSeconds} s of one core`,
      measured: [
        `${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of it in this process`,
        `${rolled.booked} visits booked, ${rolled.needTime} need a time`,
      ].join('; '),
      baseline: '—',
      met: seconds <= limits.rollSeconds,
    },
  ]
}

const parts = { preview, save, roll }

export const measure = (names: string[]) => measureParts({ name: 'series', parts, startEnvironment }, names)
