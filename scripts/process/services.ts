import { rm } from 'node:fs/promises'
import path from 'node:path'
import { migrate } from '#db/migrate.ts'
import { seedSample } from '#db/seed.ts'
import {
  demoPostgres,
  discardPostgres,
  ensureDatabase,
  type PostgresServer,
  startPostgres,
} from '../postgres/postgres.ts'
import { type Child, startChild, stopChildren, untilReady } from './children.ts'
import { CliError } from './cli-error.ts'
import { parsePort, requireFreePort } from './ports.ts'
import { productEnv, redirectUris } from './product-env.ts'
import { dataFolder, root } from './root.ts'
import { loadSecrets, type Secrets } from './secrets.ts'
import { step } from './steps.ts'

export type Services = {
  appUrl: string
  googleUrl: string
  databaseUrl: string
  env: Record<string, string | undefined>
  google: Child
}

type Options = { script: 'demo' | 'dev'; fresh: boolean }

const files = {
  secrets: path.join(dataFolder, 'demo.json'),
  google: path.join(dataFolder, 'google.json'),
  key: path.join(dataFolder, 'demo-key.json'),
}

let server: PostgresServer | undefined

/**
 * Starts database, emulator and sample business; `env` is the environment of a server that uses
 * them.
 */
export async function startServices({ script, fresh }: Options): Promise<Services> {
  const ports = await freePorts(script)
  if (fresh) await step({ name: 'Start over', work: discard })
  const secrets = await loadSecrets(files.secrets)
  const appUrl = `http://localhost:${ports.app}`
  // Not localhost: cookies ignore ports, so app and emulator would share theirs.
  const googleUrl = `http://127.0.0.1:${ports.google}`
  const databaseUrl = await startDatabase()
  await step({ name: 'Migrations', work: () => migrate(databaseUrl) })
  const google = await step({
    name: 'Google emulator',
    work: () => startGoogle({ ...ports, appUrl, googleUrl, secrets }),
  })
  await step({ name: 'Sample business', work: () => seedSample(databaseUrl) })
  const env = { ...process.env, ...productEnv({ appUrl, googleUrl, databaseUrl }, secrets) }
  return { appUrl, googleUrl, databaseUrl, env, google }
}

export async function stopServices(): Promise<void> {
  await stopChildren()
  await server?.stop()
  server = undefined
}

async function freePorts(script: string) {
  const app = parsePort({ name: 'PORT', value: process.env.PORT, fallback: 3000 })
  const google = parsePort({ name: 'GOOGLE_PORT', value: process.env.GOOGLE_PORT, fallback: 4100 })
  await requireFreePort({ port: app, what: 'Sophiie Calendar', variable: 'PORT', script })
  await requireFreePort({ port: google, what: 'the Google emulator', variable: 'GOOGLE_PORT', script })
  return { app, google }
}

async function discard(): Promise<void> {
  if (process.env.DATABASE_URL)
    throw new CliError(
      '--fresh deletes the embedded database only, and DATABASE_URL is set: unset it, or leave out --fresh.',
    )
  await discardPostgres(demoPostgres.folder)
  for (const file of Object.values(files)) await rm(file, { force: true })
}

async function startDatabase(): Promise<string> {
  const given = process.env.DATABASE_URL
  if (given) return given
  const { url } = await step({
    name: 'Embedded Postgres',
    work: async () => {
      server = await startPostgres(demoPostgres)
      return ensureDatabase(server.url, 'sophiie')
    },
    note: ({ created }) => (created ? 'created' : undefined),
  })
  return url
}

type Emulator = { google: number; appUrl: string; googleUrl: string; secrets: Secrets }

async function startGoogle({ google, appUrl, googleUrl, secrets }: Emulator): Promise<Child> {
  const client = ['--client-id', secrets.GOOGLE_CLIENT_ID, '--client-secret', secrets.GOOGLE_CLIENT_SECRET]
  const redirects = redirectUris(appUrl).flatMap((uri) => ['--redirect', uri])
  const child = startChild({
    name: 'The Google emulator',
    args: [
      path.join(root, 'emulator/main.ts'),
      '--port',
      String(google),
      '--data',
      files.google,
      ...client,
      ...redirects,
    ],
    env: process.env,
    log: path.join(dataFolder, 'logs/google.log'),
  })
  await untilReady({ child, url: googleUrl, seconds: 20 })
  return child
}
