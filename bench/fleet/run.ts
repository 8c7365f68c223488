import os from 'node:os'
import path from 'node:path'
import { connect } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { schedule } from '#lib/sync/schedule.ts'
import { setEnvironment } from '#lib/sync/testing/scene.ts'
import { startGoogle } from '../../emulator/server.ts'
import { databaseUrl, ensureDatabase, startPostgres } from '../../scripts/postgres.ts'
import { dataFolder } from '../../scripts/root.ts'
import { type Row, writeSection } from '../results.ts'
import { median, ms, percentile, timed } from '../statistics.ts'
import { converge } from './converge.ts'
import { appointmentsEach, enliven, occurrencesEach, seedFleet } from './seed.ts'

// `npm run bench -- fleet` measures fleets of 1,000 and 10,000 connections; `npm run bench -- fleet 2000` that size, printed only.

const standard = [1000, 10_000]
const workerCounts = [1, 2, 4]
const latencyMs = 80
const changedShare = 0.05

export const measure = async (given: string[]): Promise<void> => {
  const sizes = given.length > 0 ? given.map(Number) : standard
  const before = os.loadavg()[0] ?? 0
  const server = await startPostgres({
    folder: path.join(dataFolder, 'bench-fleet'),
    port: 54_359,
    throwaway: false,
  })
  const rows: Row[] = []
  try {
    for (const size of sizes) rows.push(...(await measureFleet(server.url, size)))
  } finally {
    await server.stop()
  }
  const busy = `load ${before.toFixed(1)} before, ${os.loadavg()[0]?.toFixed(1)} after (${os.cpus().length} = all cores busy)`
  if (given.length === 0)
    await writeSection('fleet', { rows, postgres: 'Postgres 18, embedded, durable', busy })
}

const measureFleet = async (serverUrl: string, size: number): Promise<Row[]> => {
  const admin = connect(serverUrl, { max: 1 })
  await admin.sql`drop database if exists fleet with (force)`
  await admin.close()
  await ensureDatabase(serverUrl, 'fleet')
  const url = databaseUrl(serverUrl, 'fleet')
  await migrate(url)
  const google = await startGoogle({})
  setEnvironment({ url }, google)
  const database = connect(url, { max: 12 })
  try {
    const seeder = connect(url, { max: 1 })
    const seeding = await timed(() => seedFleet(seeder, size))
    await seeder.close()
    const name = `${size.toLocaleString('en')} connections`
    const held = [
      `${(size * occurrencesEach).toLocaleString('en')} occurrences`,
      `${(size * appointmentsEach).toLocaleString('en')} appointments`,
    ]
    const rows = [
      row(
        `${name}: ${held.join(', ')}`,
        await sizeOf(database, size),
        `made in ${Math.round(seeding / 1000)} s`,
      ),
    ]
    const ticks: number[] = []
    let due = 0
    for (let n = 0; n < 9; n++)
      ticks.push(
        await timed(async () => {
          due += (await schedule(database)).connections
        }),
      )
    rows.push(
      row(
        `${name}: cron tick, idle`,
        `${ms(median(ticks))}, ${due} due`,
        'reach: < 50 ms',
        median(ticks) < 50 && due === 0,
      ),
    )
    const lively = await enliven(database, google, Math.round(size * changedShare))
    await database.sql`
      update google_connections set channel_id = coalesce(channel_id, gen_random_uuid()), channel_expires_at = now() + interval '40 hours',
        channel_created_at = now(), last_success_at = now(), retry_at = null`
    const spreadOut = await converge(database, google, { lively, workers: 1, latencyMs, overSeconds: 60 })
    rows.push(
      row(
        `${name}: ${lively.length} change over a minute, ${latencyMs} ms per request, 1 worker`,
        `p50 ${ms(percentile(spreadOut.lags, 50))}, p95 ${ms(percentile(spreadOut.lags, 95))}, p99 ${ms(percentile(spreadOut.lags, 99))} from bell to current`,
        `a worker holds ${spreadOut.workerMegabytes} MB at most`,
      ),
    )
    for (const workers of workerCounts) {
      const done = await converge(database, google, { lively, workers, latencyMs, overSeconds: 0 })
      rows.push(
        row(
          `${name}: ${lively.length} change at once, ${latencyMs} ms per request, ${workers} worker${workers > 1 ? 's' : ''}`,
          `all current in ${done.seconds.toFixed(1)} s (${done.perSecond.toFixed(0)}/s)`,
          `a worker holds ${done.workerMegabytes} MB at most`,
        ),
      )
    }
    return rows
  } finally {
    await database.close()
    await google.stop()
  }
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

const row = (work: string, measured: string, floor: string, met = true): Row => {
  console.log(`${work}: ${measured}; ${floor}`)
  return { work, reach: '—', measured, floor, met }
}
