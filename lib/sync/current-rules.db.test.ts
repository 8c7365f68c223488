import { beforeAll, beforeEach, expect, test } from 'vitest'
import { tenantDb } from '#db/tenant.ts'
import { changeBusiness } from '#lib/business/mutations.ts'
import { changeMember } from '#lib/team/mutations.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { contextOf, type SyncContext, systemClock } from './context.ts'
import { eventIdFor } from './core/event-id.ts'
import { pushDirty } from './push/dirty.ts'

/** Settings that change while a look is under way: what it sends after that says what is so now. */

const database = ownDatabase()
const google = ownGoogle()
let fixture: SyncFixture
let id: string

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  fixture = await setUpFixture(database, google)
  id = await fixture.book()
  await fixture.sync()
})

const guests = () => fixture.event(eventIdFor(id, 0))?.attendees?.map(({ displayName }) => displayName) ?? []
const order = () => ({
  businessId: fixture.businessId,
  memberId: fixture.ownerId,
  now: '2026-01-01T00:00:00Z',
})

/** A look that has read everything it reads at its start. */
const begun = async (): Promise<SyncContext> => {
  const options = { clock: systemClock, deadline: Date.now() + 60_000 }
  const { businessId, connectionId } = fixture
  const db = tenantDb(database, businessId)
  const context = await db.transaction((tx) =>
    contextOf(database, { connectionId, businessId, db, tx }, options),
  )
  if (!context) throw new Error('There is nothing to look at.')
  return context
}

test('guests are switched off and on again within one look', async () => {
  const off = await begun()
  await changeBusiness(database.db, { ...order(), changes: { guestsOnGoogle: false } })
  await pushDirty(off)
  expect(guests()).toEqual([])
  const on = await begun()
  await changeBusiness(database.db, { ...order(), changes: { guestsOnGoogle: true } })
  await pushDirty(on)
  expect(guests()).toEqual(['Mia Chen'])
})

test('a look that began with other rules takes nothing for sent that was not', async () => {
  const before = await begun()
  await changeBusiness(database.db, { ...order(), changes: { guestsOnGoogle: false } })
  google.person.change({ ...fixture.at(eventIdFor(id, 0)), changes: { summary: 'Renamed in Google' } })
  await pushDirty(before)
  await fixture.sync()
  await fixture.sync()
  expect(guests()).toEqual([])
})

test('a name that changes meanwhile is in the description', async () => {
  const look = await begun()
  await changeMember(
    database.db,
    { businessId: fixture.businessId, memberId: fixture.ownerId },
    {
      memberId: fixture.staffId,
      changes: { name: 'Mia Chen-Lee' },
      now: '2026-01-01T00:00:00Z',
    },
  )
  await pushDirty(look)
  expect(fixture.event(eventIdFor(id, 0))?.description).toContain('Assigned to: Mia Chen-Lee')
})
