import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { connect, type Database } from '#db/client.ts'
import { migrate } from '#db/migrate.ts'
import { DEFAULT_CLIENT } from '../../emulator/world.ts'
import { ensureBuild } from '../../scripts/build.ts'
import { databaseUrl, ensureDatabase, startPostgres } from '../../scripts/postgres/postgres.ts'
import { type Child, startChild, untilReady } from '../../scripts/process/children.ts'
import { freePort } from '../../scripts/process/ports.ts'
import { productEnv } from '../../scripts/process/product-env.ts'
import { dataFolder, root } from '../../scripts/process/root.ts'
import { makeSecrets } from '../../scripts/process/secrets.ts'

export type Owner = { email: string; sub: string; refreshToken: string }

/** The production build as one server with two workers, as on a self-hosted machine. */
export type Environment = Awaited<ReturnType<typeof startEnvironment>>

export const startEnvironment = async (calendars: number) => {
  await ensureBuild()
  const postgresOptions = { folder: path.join(dataFolder, 'bench-load'), port: 54_369, throwaway: false }
  let postgres = await startPostgres(postgresOptions)
  const address = await createDatabase(postgres.url)
  const google = await startEmulator(calendars)
  const port = await freePort()
  const url = `http://localhost:${port}`
  const client = { GOOGLE_CLIENT_ID: DEFAULT_CLIENT.id, GOOGLE_CLIENT_SECRET: DEFAULT_CLIENT.secret }
  const secrets = { ...makeSecrets(), ...client }
  const product = productEnv({ appUrl: url, googleUrl: google.url, databaseUrl: address }, secrets)
  Object.assign(process.env, product)
  const env = { ...process.env, NODE_ENV: 'production', WORKER_IN_SERVER: 'off' }
  const database = connect(address, { max: 4 })

  const children: Child[] = []
  /** `more`: further variables of the server. */
  const startServer = async (more: Record<string, string> = {}): Promise<Child> => {
    const child = startChild({
      name: 'The server under load',
      args: [path.join(root, 'scripts/start.ts'), '--hostname', 'localhost'],
      env: { ...env, ...more },
      log: path.join(dataFolder, 'logs/load-server.log'),
    })
    children.push(child)
    await untilReady({ child, url: `${url}/api/health`, seconds: 60 })
    return child
  }

  /** `skewSeconds`: how far its clock is ahead. */
  const startWorker = (name: string, skewSeconds = 0): Child => {
    const skew = ['--import', path.join(root, 'bench/load/skewed-clock.js')]
    return startChild({
      name,
      args: [...(skewSeconds === 0 ? [] : skew), path.join(root, 'scripts/worker.ts')],
      env: { ...env, SKEW_SECONDS: String(skewSeconds) },
      log: path.join(dataFolder, `logs/load-${name}.log`),
    })
  }

  /** Stops Postgres for `downMs`, then starts it at the same address. */
  const restartPostgres = async (downMs: number) => {
    await postgres.stop()
    await pause(downMs)
    postgres = await startPostgres({ ...postgresOptions, port: Number(new URL(address).port) })
  }

  const stop = async () => {
    await Promise.all(children.map((child) => child.stop()))
    await google.stop()
    await database.close()
    await postgres.stop()
  }
  const [version] = await database.sql`select split_part(version(), ' ', 2) as version`
  const description = `Postgres ${version?.version}, embedded, durable`
  return {
    ...{ url, address, database, google, secrets, description },
    ...{ startServer, startWorker, restartPostgres, stop },
  }
}

const createDatabase = async (serverUrl: string): Promise<string> => {
  const admin: Database = connect(serverUrl, { max: 1 })
  await admin.sql`drop database if exists load with (force)`
  await admin.close()
  await ensureDatabase(serverUrl, 'load')
  const address = databaseUrl(serverUrl, 'load')
  await migrate(address)
  return address
}

const startEmulator = async (calendars: number) => {
  const script = path.join(root, 'bench/load/google.ts')
  const child = spawn(process.execPath, [script, String(calendars)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, owners } = JSON.parse(line) as { url: string; owners: Owner[] }
    return { url, owners, stop }
  }
  throw new Error('The emulator did not start.')
}
