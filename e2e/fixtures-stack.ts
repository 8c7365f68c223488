import path from 'node:path'
import postgres from 'postgres'
import { seedSample } from '../db/seed.ts'
import { cloneDatabase, type TestServer } from '../db/testing/clone.ts'
import { pages } from '../emulator/page/routes.ts'
import { seedSamples } from '../emulator/samples/seed.ts'
import { type Google, startGoogle } from '../emulator/server.ts'
import { control } from '../emulator/testing.ts'
import { nextBinary } from '../scripts/build.ts'
import { type Child, startChild, untilReady } from '../scripts/children.ts'
import { freePort } from '../scripts/ports.ts'
import { productEnv, redirectUris } from '../scripts/product-env.ts'
import { dataFolder } from '../scripts/root.ts'
import { makeSecrets } from '../scripts/secrets.ts'

/** Everything one worker's tests run against, shared with no other worker. */
export type Stack = {
  url: string
  google: Google
  databaseUrl: string
  sql: postgres.Sql
  server: Child
  logFile: string
  /** `Authorization: Bearer …` for `/api/cron/sync`. */
  cronSecret: string
  /** The sample business as seeded, the sample accounts as seeded, an empty log. */
  reset(): Promise<void>
  stop(): Promise<void>
}

/** `serverless`: nothing outlives a request, as on Vercel. */
export type Mode = 'one-process' | 'serverless'

const surroundings: Record<Mode, Record<string, string>> = { 'one-process': {}, serverless: { VERCEL: '1' } }

export async function startStack(worker: number, mode: Mode): Promise<Stack> {
  const secrets = makeSecrets()
  const url = `http://localhost:${await freePort()}`
  const clone = await cloneDatabase(JSON.parse(process.env.TEST_SERVER ?? '') as TestServer)
  const google = await startGoogle({
    clients: [clientOf(url, secrets)],
    pages,
    seed: (person) => seedSamples(person),
  })
  const logFile = path.join(dataFolder, 'logs', `test-server-${worker}.log`)
  const server = startChild({
    name: 'The server under test',
    args: [nextBinary, 'start', '--hostname', 'localhost', '--port', new URL(url).port],
    env: {
      ...process.env,
      ...productEnv({ appUrl: url, googleUrl: google.url, databaseUrl: clone.url }, secrets),
      ...odd,
      ...surroundings[mode],
    },
    log: logFile,
  })
  await untilReady({ child: server, url: `${url}/api/health`, seconds: 30 })
  const sql = postgres(clone.url, { max: 2, onnotice: () => {} })
  const stop = async () => {
    await server.stop()
    await sql.end()
    await google.stop()
    await clone.drop()
  }
  const reset = () => resetStack({ sql, google, databaseUrl: clone.url })
  return {
    url,
    google,
    databaseUrl: clone.url,
    sql,
    server,
    logFile,
    cronSecret: secrets.CRON_SECRET,
    reset,
    stop,
  }
}

// The server may assume nothing of its machine's zone.
const odd = { NODE_ENV: 'production', TZ: 'Asia/Kathmandu' }

function clientOf(url: string, secrets: ReturnType<typeof makeSecrets>) {
  return {
    id: secrets.GOOGLE_CLIENT_ID,
    secret: secrets.GOOGLE_CLIENT_SECRET,
    redirectUris: redirectUris(url),
    project: 'browser-tests',
    publishing: 'production' as const,
    testUsers: [],
  }
}

async function resetStack({
  sql,
  google,
  databaseUrl,
}: Pick<Stack, 'sql' | 'google' | 'databaseUrl'>): Promise<void> {
  await emptyDatabase(sql)
  await control(google.url, 'reset', { body: { seed: 'samples' } })
  await seedSample(databaseUrl)
}

/** All rows of the product and all jobs of its queue; the schema stays. */
async function emptyDatabase(sql: postgres.Sql): Promise<void> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname = 'public' or (schemaname = 'graphile_worker' and tablename in ('_private_jobs', '_private_job_queues'))`
  const truncate = () =>
    sql.unsafe(`truncate ${tables.map(({ name }) => name).join(', ')} restart identity cascade`)
  // The server may be in the middle of a job, which Postgres then settles in favour of one of the two.
  const deadlock = (error: { code?: string }) => (error.code === '40P01' ? truncate() : Promise.reject(error))
  await truncate().catch(deadlock).catch(deadlock)
}
