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
import { dataFolder, root } from '../scripts/root.ts'
import { makeSecrets, type Secrets } from '../scripts/secrets.ts'
import { makeCertificate } from './fixtures-certificate.ts'
import { type Mail, startMail } from './fixtures-mail.ts'
import { type Pooler, startPooler } from './fixtures-pooler.ts'
import { startProxy } from './fixtures-proxy.ts'

/** Everything one worker's tests run against, shared with no other worker. */
export type Stack = {
  url: string
  google: Google
  mail: Mail
  databaseUrl: string
  sql: postgres.Sql
  /** A process that no test ends. */
  server: Child
  logFile: string
  /** Of all its processes. */
  logFiles: string[]
  apps: Child[]
  workers: Child[]
  /** Where each server listens. */
  ports: number[]
  /** One of several servers stops, if it runs, and starts anew in its place. */
  restart: (index: number) => Promise<void>
  /** `Authorization: Bearer …` for `/api/cron/sync`. */
  cronSecret: string
  secrets: Secrets
  /** Between the product and its database, in the modes that have one. */
  pooler: Pooler | null
  /** The sample business as seeded, the sample accounts as seeded, an empty log. */
  reset(): Promise<void>
  stop(): Promise<void>
}

/**
 * `serverless`: nothing outlives a request, as on Vercel. `several`: two servers and two workers behind a proxy. `tls`: one
 * server behind a proxy that speaks HTTPS. `rolling`: several, each of which drains before it stops. `pooled…`: the same behind a transaction pooler, as managed databases offer it.
 */
export type Mode =
  | 'one-process'
  | 'serverless'
  | 'several'
  | 'rolling'
  | 'tls'
  | 'pooled'
  | 'pooled-serverless'

export async function startStack(worker: number, mode: Mode): Promise<Stack> {
  const secrets = makeSecrets()
  const port = await freePort()
  const url = `${mode === 'tls' ? 'https' : 'http'}://localhost:${port}`
  const clone = await cloneDatabase(JSON.parse(process.env.TEST_SERVER ?? '') as TestServer)
  const pooler = mode.startsWith('pooled') ? await startPooler(clone.url) : null
  const google = await startGoogle({
    clients: [clientOf(url, secrets)],
    pages,
    seed: (person) => seedSamples(person),
  })
  const addresses = { appUrl: url, googleUrl: google.url, databaseUrl: throughPooler(clone.url, pooler) }
  const mail = await startMail()
  const post = { SMTP_URL: mail.url, EMAIL_FROM: 'Sophiie <calendar@sophiie.example>' }
  const direct = { DATABASE_URL_UNPOOLED: clone.url }
  const product = { ...productEnv(addresses, secrets), ...direct, ...post }
  const env = { ...process.env, ...product, ...odd, ...(mode.endsWith('serverless') && serverless) }
  const log = (name: string) => path.join(dataFolder, 'logs', `test-${name}-${worker}.log`)
  const running = await starts[mode]({ env, log, port })
  const sql = postgres(clone.url, { max: 2, onnotice: () => {} })
  const stop = async () => {
    await running.stop()
    await pooler?.stop()
    await sql.end()
    await google.stop()
    await mail.stop()
    await clone.drop()
  }
  const reset = () => resetStack({ sql, google, mail, databaseUrl: clone.url })
  return {
    ...running,
    url,
    google,
    mail,
    databaseUrl: clone.url,
    sql,
    cronSecret: secrets.CRON_SECRET,
    secrets,
    pooler,
    reset,
    stop,
  }
}

function throughPooler(databaseUrl: string, pooler: Pooler | null): string {
  const url = new URL(databaseUrl)
  if (pooler) url.host = pooler.host
  return url.href
}

type Running = Pick<
  Stack,
  'server' | 'logFile' | 'logFiles' | 'apps' | 'workers' | 'ports' | 'restart' | 'stop'
>
type Start = { env: Record<string, string | undefined>; log: (name: string) => string; port: number }

async function startOne({ env, log, port }: Start): Promise<Running> {
  const logFile = log('server')
  const start = () =>
    startChild({
      name: 'The server under test',
      args: [nextBinary, 'start', '--hostname', 'localhost', '--port', String(port)],
      env,
      log: logFile,
    })
  const server = start()
  await untilReady({ child: server, url: `http://localhost:${port}/api/health`, seconds: 30 })
  const restart = () => startAgain(server, { start, port })
  const stop = () => server.stop()
  return { server, logFile, logFiles: [logFile], apps: [server], workers: [], ports: [port], restart, stop }
}

/** In place of the one that ran, so that whoever holds it sees the new one. */
async function startAgain(child: Child, { start, port }: { start: () => Child; port: number }) {
  await child.stop()
  Object.assign(child, start())
  await untilReady({ child, url: `http://localhost:${port}/api/health`, seconds: 30 })
}

async function startBehindTls({ env, log, port }: Start): Promise<Running> {
  const inner = await freePort()
  const running = await startOne({ env: { ...env, PORT: String(inner) }, log, port: inner })
  const proxy = await startProxy({ port, upstreams: [inner], certificate: makeCertificate() })
  const stop = async () => {
    await proxy.stop()
    await running.stop()
  }
  return { ...running, stop }
}

const asNpmRuns = ['--import', path.join(root, 'scripts/node-24.js')]

/** As on an own server: `npm start` and `npm run worker`, two of each. */
async function startSeveral({ env, log, port }: Start): Promise<Running> {
  const ports = [await freePort(), await freePort()]
  const names = { apps: ['app-0', 'app-1'], workers: ['worker-0', 'worker-1'] }
  const start = (index: number) =>
    startChild({
      name: `app-${index}`,
      args: [...asNpmRuns, path.join(root, 'scripts/start.ts'), '--hostname', 'localhost'],
      env: { ...env, PORT: String(ports[index]) },
      log: log(`app-${index}`),
    })
  const apps = ports.map((_, index) => start(index))
  const workers = names.workers.map((name) =>
    startChild({ name, args: [...asNpmRuns, path.join(root, 'scripts/worker.ts')], env, log: log(name) }),
  )
  for (const [index, child] of apps.entries())
    await untilReady({ child, url: `http://localhost:${ports[index]}/api/health`, seconds: 30 })
  const proxy = await startProxy({ port, upstreams: ports })
  const stop = async () => {
    await proxy.stop()
    await Promise.all([...apps, ...workers].map((child) => child.stop()))
  }
  const logFiles = [...names.apps, ...names.workers].map(log)
  const [, server] = apps
  if (!server) throw new Error('There is no second server.')
  const restart = async (index: number) => {
    const [child, at] = [apps[index], ports[index]]
    if (child && at) await startAgain(child, { start: () => start(index), port: at })
  }
  return { server, logFile: log('app-1'), logFiles, apps, workers, ports, restart, stop }
}

/** A platform whose functions may last for a few seconds only. */
const serverless = { VERCEL: '1', LIVE_STREAM_SECONDS: '6' }

const starts = {
  'one-process': startOne,
  serverless: startOne,
  several: startSeveral,
  rolling: (start: Start) => startSeveral({ ...start, env: { ...start.env, DRAIN_SECONDS: '4' } }),
  tls: startBehindTls,
  pooled: startOne,
  'pooled-serverless': startOne,
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
  mail,
  databaseUrl,
}: Pick<Stack, 'sql' | 'google' | 'mail' | 'databaseUrl'>): Promise<void> {
  Object.assign(mail, { letters: [], refuse: false })
  await emptyDatabase(sql)
  await control(google.url, 'reset', { body: { seed: 'samples' } })
  await seedSample(databaseUrl)
}

/** All rows of the product and all jobs of its queue; the schema stays. */
async function emptyDatabase(sql: postgres.Sql): Promise<void> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname = 'public' or (schemaname = 'graphile_worker' and tablename in ('_private_jobs', '_private_job_queues'))`
  // The server may be in the middle of jobs and requests, which Postgres settles in favour of one of the two; they end, one by one.
  const truncate = async (): Promise<void> => {
    await sql
      .unsafe(`truncate ${tables.map(({ name }) => name).join(', ')} restart identity cascade`)
      .catch((error: { code?: string }) => (error.code === '40P01' ? truncate() : Promise.reject(error)))
  }
  await truncate()
}
