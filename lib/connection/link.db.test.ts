import { beforeAll, beforeEach, expect, test } from 'vitest'
import { revoke } from '#lib/jobs/revoke.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { relink } from '#testing/link.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'

const database = ownDatabase()
const google = ownGoogle()
let fixture: SyncFixture

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  fixture = await setUpFixture(database, google)
  // Linked, with no calendar chosen yet.
  await database.sql`update google_connections set calendar_id = null`
  await database.sql`delete from google_revocations`
})

const revocations = async () =>
  (await database.sql`select id, google_sub from google_revocations`).map(({ id, google_sub }) => ({
    id: String(id),
    sub: String(google_sub),
  }))

test('linking another account before choosing a calendar revokes the first grant', async () => {
  const email = `other-${fixture.sub}@harbour.example`
  google.person.addAccount({ email, name: 'Other', timeZone: 'UTC' })
  const [first] = await database.sql`
    select id from google_connections where business_id = ${fixture.businessId}`
  expect(await relink(fixture, google, { email })).toBe('linked')
  const waiting = await revocations()
  expect(waiting.map(({ sub }) => sub)).toEqual([fixture.sub])
  expect(first?.id).toBe(fixture.connectionId)
  const before = google.world.log.last()
  await revoke(database, waiting[0]?.id ?? '')
  expect(await revocations()).toEqual([])
  expect(google.world.log.since(before).map(({ operation }) => operation)).toContain('oauth.revoke')
})

test('linking the same account again keeps its grant', async () => {
  expect(await relink(fixture, google)).toBe('linked')
  expect(await revocations()).toEqual([])
})
