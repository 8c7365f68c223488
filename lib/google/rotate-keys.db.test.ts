import { randomBytes } from 'node:crypto'
import { expect, vi } from 'vitest'
import { test } from '#testing/sync-test.ts'

const [oldKey, newKey] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')]

/**
 * The environment is parsed once per process: fresh modules stand in for a process with other keys.
 */
const withKeys = async (...keys: string[]) => {
  process.env.TOKEN_ENCRYPTION_KEYS = keys.join(',')
  vi.resetModules()
  return {
    ...(await import('./rotate-keys.ts')),
    ...(await import('#testing/sync-fixture.ts')),
    ...(await import('#lib/sync/run.ts')),
  }
}

test('sync continues while a key is rotated and tokens are resealed', async ({ google, database }) => {
  const before = await withKeys(oldKey)
  const fixture = await before.setUpFixture(database, google)
  expect((await before.syncCalendar(database, fixture.syncedCalendarId)).failure).toBeNull()

  const both = await withKeys(newKey, oldKey)
  expect(await both.checkSeals(database.db, { reseal: false })).toMatchObject({ old: 2, current: 0 })
  expect(await both.checkSeals(database.db, { reseal: true })).toMatchObject({ resealed: 2, unreadable: 0 })

  const after = await withKeys(newKey)
  expect(await after.checkSeals(database.db, { reseal: false })).toEqual({
    current: 2,
    old: 0,
    unreadable: 0,
    resealed: 0,
  })
  const id = await fixture.book()
  expect((await after.syncCalendar(database, fixture.syncedCalendarId)).failure).toBeNull()
  expect(fixture.event((await fixture.mapping(id))?.eventId ?? '')?.status).toBe('confirmed')
})

test('secrets of webhooks are resealed too, and still sign', async ({ database }) => {
  const before = await withKeys(oldKey)
  const { addWebhook, rotateSecret } = await import('#lib/webhooks/mutations.ts')
  const { insertBusiness } = await import('#testing/appointment-sample.ts')
  const own = await insertBusiness(database.db)
  const by = { businessId: own.businessId, memberId: own.owner }
  const added = await addWebhook(database.db, by, { url: 'https://hooks.example.com', types: [] })
  const id = added.ok ? added.id : ''
  const rotated = await rotateSecret(database.db, by, id)
  expect(await before.checkSeals(database.db, { reseal: false })).toMatchObject({ current: 2 })
  const both = await withKeys(newKey, oldKey)
  expect(await both.checkSeals(database.db, { reseal: true })).toMatchObject({ resealed: 2 })
  await withKeys(newKey)
  const { openToken } = await import('./token-vault.ts')
  const [row] = await database.sql`select secret, previous_secret from webhooks where id = ${id}`
  expect(openToken(row?.secret, id)).toBe(rotated.ok && rotated.secret)
  expect(openToken(row?.previous_secret, id)).toBe(added.ok && added.secret)
  await database.sql`delete from webhooks`
})

test('with a key missing, unreadable tokens are counted and nothing is overwritten', async ({ database }) => {
  const wrong = await withKeys(randomBytes(32).toString('base64'))
  expect(await wrong.checkSeals(database.db, { reseal: true })).toMatchObject({ unreadable: 2, resealed: 0 })
  const right = await withKeys(newKey)
  expect(await right.checkSeals(database.db, { reseal: false })).toMatchObject({ current: 2 })
})
