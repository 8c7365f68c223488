import { readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { connect } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { schedule } from '#lib/jobs/schedule.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { startGoogle } from '../../emulator/server.ts'
import { databaseUrl, ensureDatabase, startPostgres } from '../../scripts/postgres/postgres.ts'
import { CliError } from '../../scripts/process/cli-error.ts'
import { dataFolder } from '../../scripts/process/root.ts'
import { writeSection } from '../results.ts'
import { median, ms, percentile, timed, times } from '../statistics.ts'
import type { Row } from '../table.ts'
import { converge } from './converge.ts'
import { type ActiveCalendar, activate, addMembers, appointmentsEach, occurrencesEach, seedFleet } from './seed.ts'

// `npm run bench -- fleet` seeds and measures fleets of 1,000 and 10,000 calendars, in about
// twenty minutes. `npm run bench -- fleet seed` and `npm run bench -- fleet measure 10000` run a
// part. The last figures of each size are kept; once there are figures of both, the section of
// bench/results.md is replaced. `fleet seed 2000` uses another size, and only prints.

const standard = [1000, 10_000]
const workerCounts = [1, 2, 4]
const latencyMs = 80
const changedShare = 0.05
const spreadSeconds = 60

type Seeded = { serverUrl: string; size: number; seconds: number }
type Figures = Record<string, { seconds: number; rows: Row[]; busy: string }>

export const measure = async (given: string[]): Promise<void> => {
  const isPart = (each: string): boolean => each === 'seed' || each === 'measure'
  const parts = given.filter(isPart)
  const sizes = given.filter((each) => !isPart(each)).map(Number)
  if (sizes.some(Number.isNaN)) throw new CliError('npm run bench -- fleet [seed] [measure] [size …]')
  const includes = (part: string) => parts.length === 0 || parts.includes(part)
  const folder = path.join(dataFolder, 'bench-fleet')
  const server = await startPostgres({ folder, port: 54_359, throwaway: false })
  const figuresFile = path.join(dataFolder, 'bench-fleet.json')
  const figures: Figures = JSON.parse(await readFile(figuresFile, 'utf8').catch(() => '{}'))
  try {
    for (const size of sizes.length > 0 ? sizes : standard) {
      const before = os.loadavg()[0] ?? 0
      const known = figures[size] ?? { seconds: Number.NaN, rows: [], busy: '' }
      const seconds = includes('seed') ? await seed(server.url, size) : known.seconds
      const rows = includes('measure') ? await measureFleet({ serverUrl: server.url, size, seconds }) : []
      figures[size] = { seconds, rows, busy: `load ${before.toFixed(1)} to ${os.loadavg()[0]?.toFixed(1)}` }
      await writeFile(figuresFile, JSON.stringify(figures))
    }
  } finally {
    await server.stop()
  }
  await writeFigures(figures)
}

const writeFigures = async (figures: Figures) => {
  const measured = standard.flatMap((size) => figures[size] ?? [])
  if (measured.length < standard.length || measured.some(({ rows }) => rows.length === 0)) return
  const busy = `${measured.map((each) => each.busy).join(', then ')} (${os.cpus().length} = all cores busy)`
  const rows = measured.flatMap((each) => each.rows)
  await writeSection('fleet', { rows, postgres: 'Postgres 18, embedded, durable', busy })
}

const nameOf = (size: number) => `fleet_${size}`

/** Replaces a complete fleet, or completes an interrupted one; returns the seconds it took. */
const seed = async (serverUrl: string, size: number): Promise<number> => {
  const { url } = await ensureDatabase(serverUrl, nameOf(size))
  await migrate(url)
  if (await isComplete(url, size)) {
    const admin = connect(serverUrl, { max: 1 })
    await admin.sql`drop database ${admin.sql(nameOf(size))} with (force)`
    await admin.close()
    await ensureDatabase(serverUrl, nameOf(size))
    await migrate(url)
  }
  const seeder = connect(url, { max: 1 })
  const seconds = Math.round((await timed(() => seedFleet(seeder, size))) / 1000)
  await seeder.close()
  console.log(`${size} calendars: made in ${seconds} s`)
  return seconds
}

const isComplete = async (url: string, size: number): Promise<boolean> => {
  const { sql, close } = connect(url, { max: 1 })
  const [made] = await sql<{ count: number }[]>`select count(*)::int as count from businesses`
  await close()
  return (made?.count ?? 0) >= size
}

const measureFleet = async ({ serverUrl, size, seconds }: Seeded): Promise<Row[]> => {
  const url = databaseUrl(serverUrl, nameOf(size))
  await migrate(url)
  const google = await startGoogle({})
  setEnvironment({ url }, google)
  const database = connect(url, { max: 12 })
  const name = `${size.toLocaleString('en')} calendars`
  const contents = `${(size * occurrencesEach).toLocaleString('en')} occurrences, ${(size * appointmentsEach).toLocaleString('en')} appointments`
  try {
    const rows = [row(`${name}: ${contents}`, await sizeOf(database, size), `made in ${seconds} s`)]
    await resetConnections(database)
    rows.push(await idleTick(database, name))
    const active = await activate(database, google, Math.round(size * changedShare))
    await resetConnections(database)
    const change = (workers: number, overSeconds: number) =>
      converge(database, google, { active, workers, latencyMs, overSeconds })
    const work = (how: string, workers: number) =>
      `${name}: ${active.length} change ${how}, ${latencyMs} ms per request, ${workers} worker${workers > 1 ? 's' : ''}`
    const memory = (megabytes: number) => `peak memory of a worker: ${megabytes} MB`
    for (const workers of workerCounts) {
      const { lags, seconds, workerMegabytes } = await change(workers, spreadSeconds)
      const [p50, p95, p99] = [50, 95, 99].map((percent) => ms(percentile(lags, percent)))
      const measured = `p50 ${p50}, p95 ${p95}, p99 ${p99} from push notification to synced; all after ${seconds.toFixed(1)} s`
      rows.push(row(work('over a minute', workers), measured, memory(workerMegabytes)))
    }
    for (const workers of workerCounts) {
      const { seconds, perSecond, workerMegabytes } = await change(workers, 0)
      const measured = `all synced in ${seconds.toFixed(1)} s (${perSecond.toFixed(0)}/s)`
      rows.push(row(work('at once', workers), measured, memory(workerMegabytes)))
    }
    rows.push(await several({ database, google }, { active, name }))
    return rows
  } finally {
    await database.close()
    await google.stop()
  }
}

const calendarsEach = 3

/** As many calendars at once, of businesses with three and of businesses with one, in turns. */
const several = async (
  { database, google }: { database: ReturnType<typeof connect>; google: Awaited<ReturnType<typeof startGoogle>> },
  { active, name }: { active: ActiveCalendar[]; name: string },
): Promise<Row> => {
  const count = Math.floor(active.length / (calendarsEach + 1))
  const businesses = active.slice(0, count)
  const added = await addMembers(database, google, { businesses, each: calendarsEach - 1 })
  const sets = [
    { active: [...businesses, ...added], seconds: [] as number[] },
    { active: active.slice(count, count * (calendarsEach + 1)), seconds: [] as number[] },
  ]
  await resetConnections(database)
  for (let round = 0; round < 3; round++)
    for (const set of sets) {
      const options = { active: set.active, workers: 2, latencyMs, overSeconds: 0 }
      set.seconds.push((await converge(database, google, options)).seconds)
    }
  const [three = Number.NaN, one = Number.NaN] = sets.map(({ seconds }) => median(seconds))
  const work = `${name}: ${count * calendarsEach} change at once, ${calendarsEach} of each business, 2 workers`
  const measured = `all synced in ${three.toFixed(1)} s = ${times(three / one)} one of each business`
  return row(work, measured, `one of each: ${one.toFixed(1)} s; target: ≤ 1.2 ×`, three <= 1.2 * one)
}

/** Makes all calendars just synced, with a live channel, whenever the fleet was seeded. */
const resetConnections = ({ sql }: ReturnType<typeof connect>) => sql`
  update synced_calendars set channel_id = coalesce(channel_id, gen_random_uuid()), channel_expires_at = now() + interval '40 hours',
    channel_created_at = now(), last_success_at = now(), retry_at = null`

const idleTick = async (database: ReturnType<typeof connect>, name: string): Promise<Row> => {
  const ticks: number[] = []
  let due = 0
  const tick = async () => {
    due += (await schedule(database)).calendars
  }
  for (let n = 0; n < 9; n++) ticks.push(await timed(tick))
  const met = median(ticks) < 50 && due === 0
  return row(`${name}: cron tick, idle`, `${ms(median(ticks))}, ${due} due`, 'target: < 50 ms', met)
}

const sizeOf = async ({ sql }: ReturnType<typeof connect>, size: number): Promise<string> => {
  const tables = await sql<{ name: string; bytes: number }[]>`
    select relname as name, pg_total_relation_size(oid)::float8 as bytes from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace order by 2 desc limit 4`
  const [all] = await sql<{ bytes: number }[]>`select pg_database_size(current_database())::float8 as bytes`
  const biggest = tables.map(({ name, bytes }) => `${name} ${megabytes(bytes)}`).join(', ')
  return `${megabytes(all?.bytes ?? 0)} = ${Math.round((all?.bytes ?? 0) / size / 1024)} kB each (${biggest})`
}

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`

const row = (work: string, measured: string, baseline: string, met = true): Row => {
  console.log(`${work}: ${measured}; ${baseline}`)
  return { work, target: '—', measured, baseline, met }
}
