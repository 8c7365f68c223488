import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import { connect } from './client.ts'
import { isDriverPatched } from './driver.ts'

// Lost connections, which `patches/` corrects in the driver
// (docs/decisions/040-patch-postgres-js.md).

const database = ownDatabase()
const open: { close: () => Promise<void> }[] = []

const pool = (max: number) => {
  const made = connect(database.url, { max })
  open.push(made)
  return made.sql
}

beforeEach(async () => {
  await database.sql`create table if not exists driver_test (what text)`
  await database.sql`truncate driver_test`
})

afterAll(() => Promise.all(open.map(({ close }) => close())))

const gate = <T = void>() => Promise.withResolvers<T>()

const end = (pid: number) => database.sql`select pg_terminate_backend(${pid})`

test('a transaction that lost its connection cannot write into another one', async () => {
  const sql = pool(1)
  const [begun, goOn, said] = [gate<number>(), gate(), gate<unknown>()]
  const lost = sql.begin(async (tx) => {
    const [row] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`
    begun.resolve(row?.pid ?? 0)
    await goOn.promise
    await tx`insert into driver_test values ('late')`.catch((error) => {
      said.resolve(error.code)
      throw error
    })
  })
  const [ended] = await Promise.allSettled([lost, begun.promise.then(end)])
  expect(ended.status).toBe('rejected')

  const next = sql.begin(async (tx) => {
    await tx`insert into driver_test values ('half')`
    goOn.resolve()
    expect(await said.promise).toBe('CONNECTION_CLOSED')
    await tx`insert into driver_test values ('whole')`
    throw new Error('rolled back')
  })
  await expect(next).rejects.toThrow('rolled back')
  expect(await database.sql`select what from driver_test`).toEqual([])
})

test('all connections of a pool are terminated under load, and all of them come back', async () => {
  const size = 8
  const sql = pool(size)
  let busy = true
  const client = async (n: number) => {
    while (busy)
      await (n % 2 ? sql`select ${n}::int` : sql.begin((tx) => [tx`select 1`, tx`select ${n}::int`])).catch(() => {})
  }
  const clients = Array.from({ length: size * 3 }, (_, n) => client(n))
  for (let round = 0; round < 5; round++) {
    await sql`select 1`.catch(() => {})
    await database.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and query not like '%driver_test%'`
  }
  busy = false
  await Promise.all(clients)

  // Each waits for all others inside its transaction, which needs as many connections.
  const [allIn, inside] = [gate(), new Set<number>()]
  const together = Array.from({ length: size }, (_, n) =>
    sql.begin(async (tx) => {
      await tx`select ${n}::int`
      if (inside.add(n).size === size) allIn.resolve()
      await allIn.promise
    }),
  )
  await Promise.all(together)
  expect(inside.size).toBe(size)
})

test('a transaction that begins behind a full pipeline has its connection to itself', async () => {
  const sql = pool(2)
  const warm = () => sql`select pg_sleep(0.1)`
  await Promise.all([warm(), warm()])
  // The driver pipelines up to 100 statements on each connection; the next one meets that limit.
  const many = Array.from({ length: 200 }, (_, n) => sql.unsafe(`select ${n}`).execute())
  expect(await sql.begin((tx) => tx`select 1 as one`)).toEqual([{ one: 1 }])
  await Promise.all(many)
  expect(
    await database.sql`
    select pid from pg_stat_activity
    where datname = current_database() and state = 'idle in transaction'`,
  ).toEqual([])
})

test('the installed driver is patched', () => {
  expect(isDriverPatched()).toBe(true)
})

test('an unpatched driver is refused', async () => {
  vi.resetModules()
  vi.doMock('postgres', () => ({ default: () => {} }))
  const unpatched = await import('./client.ts')
  vi.doUnmock('postgres')
  expect(() => unpatched.connect(database.url)).toThrow('npx patch-package')
})
