import { Socket } from 'node:net'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { ownDatabase } from '#testing/database.ts'
import { connect } from './client.ts'

// What the driver does, above all when its connection is lost, as `scripts/mend-postgres.js` leaves
// it (docs/decisions/040).

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

test('what a transaction says after it lost its connection reaches nobody else’s', async () => {
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

test('all connections of a pool end at once in the middle of everything: all of them come back', async () => {
  const size = 8
  const sql = pool(size)
  let busy = true
  const lane = async (n: number) => {
    while (busy)
      await (n % 2 ? sql`select ${n}::int` : sql.begin((tx) => [tx`select 1`, tx`select ${n}::int`])).catch(
        () => {},
      )
  }
  const lanes = Array.from({ length: size * 3 }, (_, n) => lane(n))
  for (let round = 0; round < 5; round++) {
    await sql`select 1`.catch(() => {})
    await database.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and query not like '%driver_test%'`
  }
  busy = false
  await Promise.all(lanes)

  // Each waits for all others inside its transaction: only possible on as many connections.
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

test('statements that are not waited for leave in one write, however long they are', async () => {
  const sql = pool(1)
  await sql`select 1`
  const long = `select ${Array.from({ length: 400 }, (_, n) => `1 as column_${n}`).join(', ')}`
  const write = vi.spyOn(Socket.prototype, 'write')
  await sql.begin((tx) => [tx.unsafe(long), tx.unsafe(long), tx.unsafe(long)])
  const writes = write.mock.calls.filter(([text]) => String(text).includes('column_0'))
  write.mockRestore()
  expect(writes).toHaveLength(1)
})
