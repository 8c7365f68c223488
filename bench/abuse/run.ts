import { readdir, readFile } from 'node:fs/promises'
import os from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { CliError } from '../../scripts/process/cli-error.ts'
import { type Business, makeBusinesses } from '../load/businesses.ts'
import { type Environment, startEnvironment } from '../load/environment.ts'
import { writeSection } from '../results.ts'
import { ms, percentile } from '../statistics.ts'
import type { Row } from '../table.ts'
import { type Answers, addActivity, addBookings } from './attacks.ts'
import { startChild } from './child.ts'
import { fillHostileCalendar } from './hostile-calendar.ts'
import type { Visits } from './visitors.ts'

// `npm run bench -- abuse` starts the production build with a heap of 512 MB, one hostile business
// and several others, and measures the pages of the others, first alone, then during the attack.
// With `--seconds 20` it only prints.

const heapMb = 512
const others = 5
const calmSeconds = 15
const targetMs = 1000

export const measure = async (given: string[]): Promise<void> => {
  const seconds = parseSeconds(given)
  const before = os.loadavg()[0]?.toFixed(1)
  const environment = await startEnvironment(1 + others)
  try {
    const rows = await measureAbuse(environment, seconds)
    for (const { met, work, measured, baseline } of rows)
      console.log(`${met ? 'met   ' : 'MISSED'} ${work}\n       ${measured}\n       baseline: ${baseline}`)
    const busy = `load ${before} before, ${os.loadavg()[0]?.toFixed(1)} after (${os.cpus().length} = all cores busy)`
    if (given.length === 0) await writeSection('abuse', { rows, postgres: environment.description, busy })
  } finally {
    await environment.stop()
  }
}

const parseSeconds = (given: string[]): number => {
  try {
    const { values } = parseArgs({ args: given, options: { seconds: { type: 'string', default: '60' } } })
    const seconds = Number(values.seconds)
    if (seconds > 0 && seconds <= 75) return seconds
  } catch {}
  throw new CliError('npm run bench -- abuse [--seconds 60], at most 75')
}

const measureAbuse = async (environment: Environment, seconds: number): Promise<Row[]> => {
  const { url, google, database } = environment
  const [owner] = google.owners
  if (!owner) throw new Error('The emulator has no account.')
  const businesses = await makeBusinesses(environment)
  const hostile = businesses.find(({ email }) => email === owner.email)
  if (!hostile) throw new Error('The hostile business was not created.')
  const victims = businesses.filter((business) => business !== hostile)
  // The hostile calendar is linked when the attack begins, so that its first read is part of it.
  await database.sql`delete from sync_requests where business_id = ${hostile.id}`
  await database.sql`update synced_calendars set retry_at = now() + interval '1 day', waits_for_person = true
    where business_id = ${hostile.id}`
  const events = await fillHostileCalendar(google.url, hostile.email)
  await addActivity(environment, hostile)
  console.log(`${events} hostile events.`)
  const flags = { NODE_OPTIONS: `--max-old-space-size=${heapMb}`, WORKER_IN_SERVER: 'on' }
  const server = await environment.startServer(flags)
  const visitors = startChild<Visits>('visitors.ts', [url, JSON.stringify(victims)])
  await pause(5000)
  await visitors.ask()
  await pause(calmSeconds * 1000)
  const calm = await visitors.ask()
  await database.sql`update synced_calendars set retry_at = null, waits_for_person = false, failing_since = null
    where business_id = ${hostile.id}`
  const [calendar] = await database.sql<{ id: string }[]>`
    select id from synced_calendars where business_id = ${hostile.id}`
  await database.sql`insert into sync_requests (synced_calendar_id, business_id, requested)
    values (${calendar?.id ?? ''}, ${hostile.id}, 1) on conflict do nothing`
  const attacker = startChild<Answers>('attacker.ts', [url, JSON.stringify(hostile)])
  const memory = watchMemory()
  const started = performance.now()
  // Changes made here would go to Google before the hostile calendar is read.
  const importedMs = await untilImported(environment, hostile, seconds * 1000)
  if (importedMs !== null) await addBookings(environment, hostile)
  await pause(Math.max(0, seconds * 1000 - (performance.now() - started)))
  const attacked = await visitors.ask()
  const answers = await attacker.ask()
  const lived = !server.hasEnded() && (await isHealthy(url))
  await Promise.all([attacker.stop(), visitors.stop()])
  const [mirror] = await database.sql<Mirror[]>`
    select (select last_failure_detail from synced_calendars where business_id = ${hostile.id}) as failure,
      (select count(*)::int from google_events where business_id = ${hostile.id}) as events,
      (select count(*)::int from google_occurrences where business_id = ${hostile.id}) as occurrences`
  return rowsOf({
    seconds,
    calm,
    attacked,
    lived,
    peakMb: memory.stop(),
    answers,
    importedMs,
    mirror,
    tail: server.tail(),
  })
}

const isHealthy = async (url: string) => (await fetch(`${url}/api/health`).catch(() => null))?.status === 200

/** Milliseconds until the calendar of the business has been read; null if it is not in time. */
const untilImported = async ({ database: { sql } }: Environment, { id }: Business, limitMs: number) => {
  const started = performance.now()
  for (let spent = 0; spent < limitMs; spent = performance.now() - started) {
    const [row] = await sql`select from synced_calendars where business_id = ${id} and imported_at is not null`
    if (row) return spent
    await pause(200)
  }
  return null
}

/** The most memory that the server process has held, in MB; works on Linux only. */
const watchMemory = () => {
  let peak = 0
  const read = async () => {
    for (const id of await readdir('/proc').catch(() => [])) {
      if (!/^\d+$/.test(id)) continue
      const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')
      if (!command.startsWith('next-server')) continue
      const status = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '')
      peak = Math.max(peak, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
    }
  }
  const timer = setInterval(() => void read(), 1000)
  return {
    stop: () => {
      clearInterval(timer)
      return Math.round(peak)
    },
  }
}

/** `failure`: why the last run failed; null if it did not. */
type Mirror = { failure: string | null; events: number; occurrences: number }

type Measured = {
  seconds: number
  calm: Visits
  attacked: Visits
  lived: boolean
  peakMb: number
  answers: Answers
  importedMs: number | null
  mirror: Mirror | undefined
  tail: string
}

const rowsOf = ({ seconds, calm, attacked, lived, peakMb, answers, importedMs, mirror, tail }: Measured): Row[] => {
  if (!lived) console.log(tail)
  const counted = Object.entries(answers).map(([name, count]) => `${name} × ${count}`)
  const p99 = percentile(attacked.times, 99)
  return [
    {
      work: `pages of ${others} other businesses during ${seconds} s of attack by one`,
      target: `p99 ≤ ${targetMs} ms, no errors`,
      measured: spread(attacked),
      baseline: `${spread(calm)} without the attack`,
      met: p99 <= targetMs && Object.keys(attacked.failures).length === 0,
    },
    {
      work: `the server with a heap of ${heapMb} MB`,
      target: 'lives, and imports the hostile calendar',
      measured: `${lived ? 'lives' : 'ended'}; at most ${peakMb} MB; the hostile calendar is ${importedMs === null ? `not imported (${mirror?.failure ?? 'no failure'})` : `imported after ${ms(importedMs)}`}: ${mirror?.events} events, ${mirror?.occurrences} occurrences`,
      baseline: counted.sort().join('; '),
      met: lived && importedMs !== null,
    },
  ]
}

const spread = ({ times, failures }: Visits) =>
  [
    `p50 ${ms(percentile(times, 50))}, p99 ${ms(percentile(times, 99))} of ${times.length}`,
    ...Object.entries(failures).map(([name, count]) => `${name} × ${count}`),
  ].join('; ')
