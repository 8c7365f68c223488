import { startWorker } from '#lib/jobs/worker.ts'
import { syncCalendar } from '#lib/sync/run.ts'
import { control } from '../../emulator/testing.ts'
import { median, ms, timed, times } from '../statistics.ts'
import type { Row } from '../table.ts'
import { countRequests, type Environment, slowDown } from './environment.ts'
import { type BenchTeam, book, linkTeam } from './team.ts'

/** Several calendars of one business: cost of each, of a booking, and beside a limited account. */

const sizes = [1, 3, 10]
const rounds = 20

export const measureCalendars = async (environment: Environment): Promise<Row[]> => {
  const teams: BenchTeam[] = []
  for (const size of sizes) teams.push(await linkTeam(environment, `calendars-${size}`, size - 1))
  for (const team of teams) for (let n = 0; n < 2; n++) await syncAll(environment, team)
  return [
    await measureRounds(environment, teams, 'no changes'),
    await measureRounds(environment, teams, 'one new appointment in each'),
    await measureBooking(environment, teams),
    await measureLimited(environment),
  ]
}

const syncAll = async ({ database }: Environment, { syncedCalendarId, members }: BenchTeam): Promise<void> => {
  for (const id of [syncedCalendarId, ...members.map((member) => member.syncedCalendarId)]) {
    const { failure } = await syncCalendar(database, id)
    if (failure) throw new Error(`A sync run failed: ${failure}.`)
  }
}

/** What earlier rounds spent is not part of the figure. */
const forgetBudget = ({ database }: Environment) => database.sql`delete from google_budget`

type Work = 'no changes' | 'one new appointment in each'

/** A run of every calendar, one after another; the sizes take turns. */
const measureRounds = async (environment: Environment, teams: BenchTeam[], work: Work): Promise<Row> => {
  const samples = teams.map((): number[] => [])
  const requests = teams.map(() => 0)
  for (let round = 0; round < rounds; round++)
    for (const [place, team] of teams.entries()) {
      await forgetBudget(environment)
      if (work !== 'no changes')
        await book(
          environment,
          team,
          team.members.map(({ id }) => id),
        )
      const run = async () => {
        samples[place]?.push((await timed(() => syncAll(environment, team))) / (sizes[place] ?? 1))
      }
      requests[place] = (await countRequests(environment, run)) / (sizes[place] ?? 1)
    }
  const medians = samples.map(median)
  const ratio = (medians.at(-1) ?? Number.NaN) / (medians[0] ?? Number.NaN)
  return {
    work: `sync run of each of ${sizes.join(', ')} calendars of a business, ${work}`,
    target: '10 ≤ 1.3 × 1, per calendar',
    measured: `${medians.map(ms).join(', ')} per calendar; 10 = ${times(ratio)} 1; ${requests.join(', ')} requests per calendar`,
    baseline: '—',
    met: ratio <= 1.3 && new Set(requests).size === 1,
  }
}

/** From the booking to its events in all calendars: one of the business, and three with members. */
const measureBooking = async (environment: Environment, [one, three]: BenchTeam[]): Promise<Row> => {
  if (!one || !three) throw new Error('There are no teams.')
  const figures = [one, three].map((team) => ({ team, samples: [] as number[], requests: 0 }))
  for (let round = 0; round < rounds; round++)
    for (const figure of figures) {
      const { team, samples } = figure
      const run = async () => {
        samples.push(
          await timed(async () => {
            await book(
              environment,
              team,
              team.members.map(({ id }) => id),
            )
            await syncAll(environment, team)
          }),
        )
      }
      figure.requests = await countRequests(environment, run)
    }
  const [single = Number.NaN, triple = Number.NaN] = figures.map(({ samples }) => median(samples))
  const requests = figures.map((figure) => figure.requests)
  return {
    work: 'a booking with three calendars, from its save to the last event',
    target: '≤ 3 × one calendar',
    measured: `${ms(triple)} = ${times(triple / single)} one calendar; ${requests[1]} requests`,
    baseline: `one calendar: ${ms(single)}, ${requests[0]} requests`,
    met: triple <= 3 * single && (requests[1] ?? 0) <= 3 * (requests[0] ?? 0),
  }
}

const blocks = 8
const bookingsEach = 6
const latency = 80

/**
 * Bookings of two members with a worker; in every second block Google refuses all requests for the
 * calendar of one of them. Measured is the other's.
 */
const measureLimited = async (environment: Environment): Promise<Row> => {
  const { database } = environment
  const team = await linkTeam(environment, 'limited', 2)
  await syncAll(environment, team)
  const [limited, other] = team.members
  if (!limited || !other) throw new Error('There are no members.')
  const waits = { usual: [] as number[], limited: [] as number[] }
  const worker = await startWorker({ databaseUrl: process.env.DATABASE_URL ?? '', direct: true })
  try {
    for (let block = 0; block < blocks; block++) {
      const isLimited = block % 2 === 1
      // The latest fault comes last, and the first that matches is taken.
      await slowDown(environment, 0)
      if (isLimited) await refuse(environment, limited.email)
      await addLatency(environment)
      await forgetBudget(environment)
      for (let n = 0; n < bookingsEach; n++) {
        const id = await book(environment, team, [limited.id, other.id])
        const wait = await timed(() => untilLive(environment, { id, calendarId: other.email }))
        waits[isLimited ? 'limited' : 'usual'].push(wait)
      }
      if (isLimited && (await isUpToDate(environment, limited))) throw new Error('Nothing was refused.')
      await slowDown(environment, 0)
      await database.sql`
        update synced_calendars set retry_at = null, failing_since = null, last_failure_kind = null
        where id = ${limited.syncedCalendarId}`
      await database.sql`update event_mappings set next_attempt_at = null where business_id = ${team.businessId}`
      await database.sql`select request_sync(${limited.syncedCalendarId})`
      await untilAllLive(environment, team)
    }
  } finally {
    await slowDown(environment, 0)
    await worker.stop()
  }
  const [usual, refused] = [median(waits.usual), median(waits.limited)]
  return {
    work: `a booking in Ben’s calendar at ${latency} ms per request while Google limits Mia’s account`,
    target: '≤ 1.1 × without the limit',
    measured: `${ms(refused)} = ${times(refused / usual)} without; longest ${ms(Math.max(...waits.limited))}`,
    baseline: `without the limit: ${ms(usual)}, longest ${ms(Math.max(...waits.usual))}`,
    met: refused <= 1.1 * usual,
  }
}

const refuse = ({ google }: Environment, calendarId: string) =>
  control(google.url, 'faults', {
    body: {
      match: { path: `/calendars/${encodeURIComponent(calendarId)}` },
      ...{ kind: 'status', status: 403, reason: 'rateLimitExceeded', milliseconds: latency },
    },
  })

const addLatency = ({ google }: Environment) =>
  control(google.url, 'faults', { body: { match: { path: '^/calendar/v3/' }, kind: 'latency', milliseconds: latency } })

const pollMs = 5

const untilLive = async ({ database }: Environment, { id, calendarId }: { id: string; calendarId: string }) => {
  for (;;) {
    const [mapping] = await database.sql`
      select from event_mappings where appointment_id = ${id} and calendar_id = ${calendarId} and state = 'live'`
    if (mapping) return
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

/** Without a failure, after its bookings of the block. */
const isUpToDate = async ({ database }: Environment, { syncedCalendarId }: { syncedCalendarId: string }) => {
  const [row] = await database.sql`
    select last_failure_kind is null as ok from synced_calendars where id = ${syncedCalendarId}`
  return row?.ok === true
}

const untilAllLive = async ({ database }: Environment, { businessId, members }: BenchTeam) => {
  for (;;) {
    const [row] = await database.sql<{ left: number }[]>`
      select (select count(*) from appointments where business_id = ${businessId}) * ${members.length + 1}
        - (select count(*) from event_mappings where business_id = ${businessId} and state = 'live') as left`
    if (Number(row?.left) === 0) return
    await new Promise((resolve) => setTimeout(resolve, 4 * pollMs))
  }
}
