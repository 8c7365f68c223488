import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { tenantDb } from '#db/tenant.ts'
import { insertBusiness, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { insertChanges, readChanges } from './changes.ts'

const database = ownDatabase()
let own: SampleBusiness

beforeEach(async () => {
  own = await insertBusiness(database.db)
})

const change = (type: string) => ({ businessId: own.businessId, type, subjectId: randomUUID() })
const write = (...types: string[]) => database.db.transaction((tx) => insertChanges(tx, types.map(change)))
const read = (after = 0, limit = 500) =>
  tenantDb(database, own.businessId).transaction((tx) => readChanges(tx, { businessId: own.businessId, after, limit }))
/** The oldest running transaction of the whole server, other tests included, decides. */
const readAll = (count: number) =>
  expect
    .poll(() => read().then((rows) => rows.length))
    .toBe(count)
    .then(() => read())
const typesOf = (rows: { type: string }[]) => rows.map(({ type }) => type)

/** A transaction that has written and goes on until `end`. */
const begin = async (...types: string[]) => {
  const [written, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<boolean>()]
  const done = database.db
    .transaction(async (tx) => {
      await insertChanges(tx, types.map(change))
      written.resolve()
      if (!(await ended.promise)) throw new Error('Rolled back.')
    })
    .catch(() => {})
  await written.promise
  return async (commit: boolean) => {
    ended.resolve(commit)
    await done
  }
}

test('changes come in the order of their transactions, and of rows within one', async () => {
  await write('a', 'b')
  await write('c')
  const rows = await readAll(3)
  expect(typesOf(rows)).toEqual(['a', 'b', 'c'])
  expect(rows.map(({ position }) => position)).toEqual([1, 2, 3])
  expect(rows[0]).toMatchObject({ at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/), revision: null })
  expect(typesOf(await read(1, 1))).toEqual(['b'])
  expect(await read(3)).toEqual([])
})

test('what a running transaction wrote does not appear behind what was read after it', async () => {
  const endFirst = await begin('first')
  await write('second')
  expect(await read(), 'the second waits for the first').toEqual([])
  await endFirst(true)
  expect(typesOf(await readAll(2))).toEqual(['first', 'second'])
})

test('a transaction that is rolled back leaves no gap', async () => {
  const end = await begin('never')
  await write('a')
  await end(false)
  await write('b')
  expect((await readAll(2)).map(({ position, type }) => `${position} ${type}`)).toEqual(['1 a', '2 b'])
})

test('readers beside writers with long transactions each see one dense, unchanging sequence', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ rows: fc.integer({ min: 1, max: 3 }), commits: fc.boolean(), open: fc.nat(3) }), {
        minLength: 3,
        maxLength: 12,
      }),
      async (writers) => {
        own = await insertBusiness(database.db)
        const committed = writers.flatMap(({ rows, commits }, n) =>
          commits ? Array.from({ length: rows }, (_, row) => `${n}.${row}`) : [],
        )
        const follow = async () => {
          const seen: string[] = []
          while (seen.length < committed.length)
            for (const { position, type } of await read(seen.length, 2)) expect(position).toBe(seen.push(type))
          return seen
        }
        const followers = [follow(), follow()]
        const open: (() => Promise<void>)[] = []
        for (const [n, { rows, commits, open: keep }] of writers.entries()) {
          const end = await begin(...Array.from({ length: rows }, (_, row) => `${n}.${row}`))
          open.push(() => end(commits))
          while (open.length > keep) await open.shift()?.()
        }
        for (const end of open.reverse()) await end()
        const [one, other] = await Promise.all(followers)
        expect(one).toEqual(other)
        expect([...(one ?? [])].sort()).toEqual(committed.sort())
      },
    ),
    { numRuns: 12 },
  )
})

test('in a restored database, changes of transactions from the future count as ended', async () => {
  await write('a', 'b')
  await database.sql`update changes set transaction = (pg_current_xact_id()::text::bigint + 1000000)::text::xid8`
  await write('c')
  const before = await readAll(3)
  expect(typesOf(before).sort()).toEqual(['a', 'b', 'c'])
  await write('d')
  const rows = await readAll(4)
  expect(rows.slice(0, 3)).toEqual(before)
  expect(rows.map(({ position }) => position)).toEqual([1, 2, 3, 4])
})

test('positions are counted for each business, and others are not shown', async () => {
  const other = await insertBusiness(database.db)
  await database.db.transaction((tx) =>
    insertChanges(tx, [change('ours'), { businessId: other.businessId, type: 'theirs', subjectId: null }]),
  )
  expect((await readAll(1)).map(({ position, type }) => `${position} ${type}`)).toEqual(['1 ours'])
  const foreign = tenantDb(database, own.businessId).transaction((tx) =>
    readChanges(tx, { businessId: other.businessId, after: 0, limit: 10 }),
  )
  expect(await foreign).toEqual([])
})

test('the tenant role cannot delete changes or deliveries', async () => {
  await write('a')
  const db = tenantDb(database, own.businessId)
  for (const table of ['changes', 'webhook_deliveries'])
    await expect(db.execute(`delete from ${table}`), table).rejects.toMatchObject({ cause: { code: '42501' } })
})
