import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { freePort } from '../scripts/ports.ts'
import { postgresAccount } from '../scripts/postgres-account.ts'

export type Pooler = { host: string; transactions: () => Promise<number>; stop: () => Promise<void> }

const places = ['/usr/sbin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']

export const findPooler = () => places.map((folder) => `${folder}/pgbouncer`).find((file) => existsSync(file))

/** PgBouncer in transaction mode before the server, with fewer connections than its clients open. */
export async function startPooler(serverUrl: string): Promise<Pooler> {
  const binary = findPooler()
  if (!binary) throw new Error('PgBouncer is not installed.')
  const port = await freePort()
  const folder = await mkdtemp(path.join(tmpdir(), 'sophiie-pooler-'))
  const file = path.join(folder, 'pgbouncer.ini')
  await writeFile(file, configuration(new URL(serverUrl), port), { mode: 0o600 })
  const { owner } = await postgresAccount(folder)
  if (owner) for (const each of [folder, file]) await chown(each, owner.uid, owner.gid)
  const child = spawn(binary, ['--quiet', file], { ...owner, stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('close', resolve))
  await untilTaken(port, () => child.exitCode !== null)
  const stop = async () => {
    child.kill('SIGINT')
    await ended
    await rm(folder, { recursive: true })
  }
  return { host: `127.0.0.1:${port}`, transactions: () => countTransactions(port), stop }
}

const configuration = ({ hostname, port: server, username, password }: URL, port: number) => `
[databases]
* = host=${hostname} port=${server || 5432} user=${username} password='${decodeURIComponent(password)}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 5
max_client_conn = 200
`

async function untilTaken(port: number, hasEnded: () => boolean): Promise<void> {
  while (!(await isTaken(port))) {
    if (hasEnded()) throw new Error('PgBouncer ended at its start.')
    await pause(20)
  }
}

const isTaken = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

/** Of all its databases, by its own count. */
async function countTransactions(port: number): Promise<number> {
  const sql = postgres({
    host: '127.0.0.1',
    port,
    database: 'pgbouncer',
    user: 'any',
    max: 1,
    fetch_types: false,
  })
  try {
    const rows = await sql.unsafe<{ database: string; total_xact_count: string }[]>('show stats').simple()
    return rows.reduce((sum, { total_xact_count }) => sum + Number(total_xact_count), 0)
  } finally {
    await sql.end()
  }
}
