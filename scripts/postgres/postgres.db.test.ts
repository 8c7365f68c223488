import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import postgres from 'postgres'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from '../process/ports.ts'
import { databaseUrl, discardPostgres, ensureDatabase, type PostgresServer, startPostgres } from './postgres.ts'

let parent: string
let folder: string
let port: number
const servers: PostgresServer[] = []

beforeEach(async () => {
  parent = await mkdtemp(path.join(os.tmpdir(), 'postgres-'))
  folder = path.join(parent, 'cluster')
  port = await freePort()
})

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
  await rm(parent, { recursive: true })
})

async function start() {
  const server = await startPostgres({ folder, port, throwaway: true })
  servers.push(server)
  return server
}

async function query(url: string, statement: string) {
  const sql = postgres(url, { max: 1, connect_timeout: 5 })
  try {
    return (await sql.unsafe(statement))[0]
  } finally {
    await sql.end()
  }
}

const serverPid = async () => Number((await readFile(path.join(folder, 'data/postmaster.pid'), 'utf8')).split('\n')[0])

test('the first user starts the server, a second joins it, the last one stops it', async () => {
  const first = await start()
  const second = await start()
  expect(second.url).toBe(first.url)
  await servers.shift()?.stop()
  expect(await query(second.url, 'select 1 as one')).toEqual({ one: 1 })
  await servers.shift()?.stop()
  await expect(query(second.url, 'select 1')).rejects.toThrow('ECONNREFUSED')
})

test('data survives a restart until discardPostgres deletes it', async () => {
  const first = await start()
  expect((await ensureDatabase(first.url, 'shop')).created).toBe(true)
  await expect(discardPostgres(folder)).rejects.toThrow('is in use')
  await servers.shift()?.stop()
  const again = await start()
  expect((await ensureDatabase(again.url, 'shop')).created).toBe(false)
  expect(await query(databaseUrl(again.url, 'shop'), 'select current_database() as name')).toEqual({
    name: 'shop',
  })
  await servers.shift()?.stop()
  await discardPostgres(folder)
  expect((await readdir(parent)).filter((name) => name === 'cluster')).toEqual([])
})

test('starts after a crash that left a pid file, even if another process has that pid', async () => {
  const { url } = await start()
  const file = path.join(folder, 'data/postmaster.pid')
  const left = await readFile(file, 'utf8')
  await servers.shift()?.stop()
  await writeFile(file, left.replace(/^\d+/, String(process.pid)))
  await start()
  expect(await query(url, 'select 1 as one')).toEqual({ one: 1 })
  expect(await serverPid()).not.toBe(process.pid)
})

test('an interrupted creation is repeated', async () => {
  await start()
  await servers.shift()?.stop()
  await rm(path.join(folder, 'password'))
  const { url } = await start()
  expect(await query(url, 'select 1 as one')).toEqual({ one: 1 })
})

test('uses another port if the preferred one is busy', async () => {
  await start()
  const other = await startPostgres({ folder: path.join(parent, 'other'), port, throwaway: true })
  expect(new URL(other.url).port).not.toBe(String(port))
  await other.stop()
})

test('servers that start at the same time get different ports', async () => {
  const others = ['a', 'b', 'c'].map((name) => path.join(parent, name))
  const startAll = () => Promise.all(others.map((each) => startPostgres({ folder: each, port, throwaway: true })))
  // Existing clusters start faster, so the second round competes for the same port.
  for (const made of await startAll()) await made.stop()
  const started = await startAll()
  servers.push(...started)
  expect(new Set(started.map(({ url }) => new URL(url).port)).size).toBe(3)
  for (const { url } of started) expect(await query(url, 'select 1 as one')).toEqual({ one: 1 })
})

test.runIf(process.getuid?.() === 0)('never runs as root', async () => {
  await start()
  const user = execFileSync('ps', ['-o', 'user=', '-p', String(await serverPid())], { encoding: 'utf8' })
  expect(user.trim()).not.toBe('root')
})
