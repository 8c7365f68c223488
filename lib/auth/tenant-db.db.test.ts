import { sql } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { insertBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { tenantDbOf } from './tenant-db.ts'

const database = ownDatabase()

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))

test('transactions of one business that wait for each other leave connections to others', async () => {
  const [busy, other] = [await insertBusiness(database.db), await insertBusiness(database.db)]
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const blocked = Array.from({ length: 30 }, (_, n) =>
    tenantDbOf(busy).transaction(async (tx) => {
      await tx.execute(sql`select 1`)
      await released
      return n
    }),
  )
  const found = await tenantDbOf(other).execute(sql`select id from businesses`)
  expect(found).toHaveLength(1)
  release()
  expect(await Promise.all(blocked)).toEqual(Array.from({ length: 30 }, (_, n) => n))
})

test('a transaction that fails gives its connection back', async () => {
  const business = await insertBusiness(database.db)
  const failing = Array.from({ length: 20 }, () => tenantDbOf(business).execute(sql`select 1 / 0`))
  expect((await Promise.allSettled(failing)).every(({ status }) => status === 'rejected')).toBe(true)
  expect(await tenantDbOf(business).execute(sql`select id from businesses`)).toHaveLength(1)
})
