import { expect } from 'vitest'
import { lockLink } from '#db/queries/sync/accounts.ts'
import { revoke } from '#lib/jobs/revoke.ts'
import { type TestDatabase, untilLockIsAwaited } from '#testing/database.ts'
import { relink } from '#testing/link.ts'
import { test as syncTest } from '#testing/sync-test.ts'

/** Linked, with no calendar chosen yet. */
const test = syncTest.extend('unchosen', { auto: true }, async ({ database, fixture }) => {
  await database.sql`delete from synced_calendars where id = ${fixture.syncedCalendarId}`
  await database.sql`delete from google_revocations`
})

const revocations = async (database: TestDatabase) =>
  (await database.sql`select id, google_sub from google_revocations`).map(({ id, google_sub }) => ({
    id: String(id),
    sub: String(google_sub),
  }))

test('linking another account before choosing a calendar revokes the first grant', async ({
  fixture,
  google,
  database,
}) => {
  const email = `other-${fixture.sub}@harbour.example`
  google.person.addAccount({ email, name: 'Other', timeZone: 'UTC' })
  const [first] = await database.sql`
    select id from google_accounts where business_id = ${fixture.businessId}`
  expect(await relink(fixture, google, { email })).toBe('linked')
  const waiting = await revocations(database)
  expect(waiting.map(({ sub }) => sub)).toEqual([fixture.sub])
  expect(first?.id).toBe(fixture.accountId)
  const before = google.world.log.last()
  await revoke(database, waiting[0]?.id ?? '')
  expect(await revocations(database)).toEqual([])
  expect(google.world.log.since(before).map(({ operation }) => operation)).toContain('oauth.revoke')
})

test('linking the same account again keeps its grant', async ({ fixture, google, database }) => {
  expect(await relink(fixture, google)).toBe('linked')
  expect(await revocations(database)).toEqual([])
})

test('a first link waits for another one that is under way', async ({ fixture, google, database }) => {
  await database.sql`delete from google_accounts where id = ${fixture.accountId}`
  const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const other = database.db.transaction(async (tx) => {
    await lockLink(tx, { businessId: fixture.businessId, memberId: null })
    locked.resolve()
    await released.promise
  })
  await locked.promise
  const link = relink(fixture, google)
  await untilLockIsAwaited(database)
  released.resolve()
  await other
  expect(await link).toBe('linked')
})
