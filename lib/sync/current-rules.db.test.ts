import { expect } from 'vitest'
import { tenantDb } from '#db/tenant.ts'
import { changeBusiness } from '#lib/business/mutations.ts'
import { changeMember } from '#lib/team/mutations.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test as syncTest } from '#testing/sync-test.ts'
import { contextOf, type SyncContext, systemClock } from './context.ts'
import { eventIdFor } from './core/event-id.ts'
import { pushDirty } from './push/dirty.ts'

/** Settings that change during a sync run apply to everything the run sends after that. */

/** `id`: an appointment that is in Google. */
const test = syncTest.extend('id', { auto: true }, async ({ fixture }) => {
  const id = await fixture.book()
  await fixture.sync()
  return id
})

const guests = (fixture: SyncFixture, id: string) =>
  fixture.event(eventIdFor(id, 0))?.attendees?.map(({ displayName }) => displayName) ?? []
const order = ({ businessId, ownerId }: SyncFixture) => ({
  businessId,
  memberId: ownerId,
  now: '2026-01-01T00:00:00Z',
})

/** The context of a run that has read everything it reads at its start. */
const startRun = async ({ database, businessId, syncedCalendarId }: SyncFixture): Promise<SyncContext> => {
  const options = { clock: systemClock, deadline: Date.now() + 60_000 }
  const db = tenantDb(database, businessId)
  const context = await db.transaction((tx) => contextOf(database, { syncedCalendarId, businessId, db, tx }, options))
  if (!context) throw new Error('There is nothing to sync.')
  return context
}

test('guests are switched off and on again during a run', async ({ fixture, database, id }) => {
  const off = await startRun(fixture)
  await changeBusiness(database.db, { ...order(fixture), changes: { guestsOnGoogle: false } })
  await pushDirty(off)
  expect(guests(fixture, id)).toEqual([])
  const on = await startRun(fixture)
  await changeBusiness(database.db, { ...order(fixture), changes: { guestsOnGoogle: true } })
  await pushDirty(on)
  expect(guests(fixture, id)).toEqual(['Mia Chen'])
})

test('a run that began under other rules records only what it sent', async ({ fixture, database, id }) => {
  const before = await startRun(fixture)
  await changeBusiness(database.db, { ...order(fixture), changes: { guestsOnGoogle: false } })
  fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Renamed in Google' })
  await pushDirty(before)
  await fixture.sync()
  await fixture.sync()
  expect(guests(fixture, id)).toEqual([])
})

test('the description has the name of a member renamed during a run', async ({ fixture, database, id }) => {
  const run = await startRun(fixture)
  const { businessId, ownerId, staffId } = fixture
  const change = { memberId: staffId, changes: { name: 'Mia Chen-Lee' }, now: '2026-01-01T00:00:00Z' }
  await changeMember(database.db, { businessId, memberId: ownerId }, change)
  await pushDirty(run)
  expect(fixture.event(eventIdFor(id, 0))?.description).toContain('Assigned to: Mia Chen-Lee')
})
