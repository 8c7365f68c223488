import { expect } from 'vitest'
import { revoke } from '#lib/jobs/revoke.ts'
import type { TestDatabase } from '#testing/database.ts'
import { relink } from '#testing/link.ts'
import { test as syncTest } from '#testing/sync-test.ts'

/** Linked, with no calendar chosen yet. */
const test = syncTest.extend('unchosen', { auto: true }, async ({ database, fixture }) => {
  await database.sql`update google_connections set calendar_id = null where id = ${fixture.connectionId}`
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
    select id from google_connections where business_id = ${fixture.businessId}`
  expect(await relink(fixture, google, { email })).toBe('linked')
  const waiting = await revocations(database)
  expect(waiting.map(({ sub }) => sub)).toEqual([fixture.sub])
  expect(first?.id).toBe(fixture.connectionId)
  const before = google.world.log.last()
  await revoke(database, waiting[0]?.id ?? '')
  expect(await revocations(database)).toEqual([])
  expect(google.world.log.since(before).map(({ operation }) => operation)).toContain('oauth.revoke')
})

test('linking the same account again keeps its grant', async ({ fixture, google, database }) => {
  expect(await relink(fixture, google)).toBe('linked')
  expect(await revocations(database)).toEqual([])
})

test('two first links at once take turns', async ({ fixture, google, database }) => {
  await database.sql`delete from google_connections where id = ${fixture.connectionId}`
  const emails = ['first', 'second'].map((name) => `${name}-${fixture.sub}@harbour.example`)
  for (const email of emails) google.person.addAccount({ email, name: 'Other', timeZone: 'UTC' })
  const outcomes = await Promise.all(emails.map((email) => relink(fixture, google, { email })))
  expect(outcomes).toEqual(['linked', 'linked'])
  const rows = await database.sql`select 1 from google_connections where business_id = ${fixture.businessId}`
  expect(rows).toHaveLength(1)
})
