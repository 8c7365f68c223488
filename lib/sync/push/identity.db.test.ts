import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { unlink } from '#lib/connection/unlink.ts'
import { linkAndSync } from '#testing/link.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import type { Google } from '../../../emulator/server.ts'
import { eventIdFor } from '../core/event-id.ts'

/** A mapping belongs to its calendar: to no account, and for as long as its event may exist. */

const secondAccount = (fixture: SyncFixture, google: Google) => {
  const email = `second-${randomUUID().slice(0, 8)}@harbour.example`
  google.person.addAccount({ email, name: 'Second', timeZone: 'Australia/Sydney' })
  google.person.addCalendar({ email, id: fixture.calendarId, summary: 'Work', accessRole: 'owner' })
  return email
}

const expectOnce = async (fixture: SyncFixture, id: string, title: string) => {
  expect(fixture.liveIn(fixture.calendarId)).toEqual([title])
  expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ status: 'confirmed', summary: title })
  expect(await fixture.appointment(id)).toMatchObject({ title, removedInGoogleAt: null, overlapAllowed: null })
  const [mirrored] = await fixture.database.sql`
    select count(*)::int as count from google_events where business_id = ${fixture.businessId}`
  expect(mirrored?.count).toBe(0)
}

test('the same calendar through another account: adopted, also changes of both sides', async ({ fixture, google }) => {
  const id = await fixture.book({ title: 'Tap' })
  await fixture.sync()
  await unlink(fixture.viewer)
  fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Tap, kitchen' })
  const email = secondAccount(fixture, google)
  await linkAndSync(fixture, { email })
  await expectOnce(fixture, id, 'Tap, kitchen')
  await fixture.edit(id, { title: 'Tap, bathroom' })
  await linkAndSync(fixture, { email })
  await expectOnce(fixture, id, 'Tap, bathroom')
  // And back through the first one.
  await unlink(fixture.viewer)
  await linkAndSync(fixture)
  await expectOnce(fixture, id, 'Tap, bathroom')
})

test('deleted in between, the other account notices', async ({ fixture, google }) => {
  const id = await fixture.book({ title: 'Tap' })
  await fixture.sync()
  await unlink(fixture.viewer)
  fixture.inGoogle.remove(eventIdFor(id, 0))
  await linkAndSync(fixture, { email: secondAccount(fixture, google) })
  expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
})

test('an unacknowledged insert of the first account is adopted by the second', async ({ fixture, google }) => {
  await fixture.sync()
  fixture.injectFault('events.insert', { kind: 'lost-response', times: 1 })
  const id = await fixture.book({ title: 'Tap' })
  await fixture.sync()
  await unlink(fixture.viewer)
  await linkAndSync(fixture, { email: secondAccount(fixture, google) })
  await expectOnce(fixture, id, 'Tap')
})

test('the removal of an old event answers 403 once: it is tried again', async ({ fixture }) => {
  const id = await fixture.book({ title: 'Tap' })
  await fixture.sync()
  const other = fixture.addCalendar()
  await fixture.select(other)
  fixture.injectFault('events.delete', { status: 403, reason: 'forbidden', times: 1 })
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(await fixture.mapping(id)).toMatchObject({ state: 'live', pendingRemoval: true, attempts: 1 })
  expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  await fixture.endBackoff()
  await fixture.sync()
  expect(fixture.liveIn(fixture.calendarId)).toEqual([])
  expect(fixture.liveIn(other)).toEqual(['Tap'])
  expect(await fixture.mapping(id)).toBeNull()
})

test.for([
  ['403', { status: 403, reason: 'forbidden' }],
  ['400', { status: 400, reason: 'badRequest' }],
  ['404', { status: 404, reason: 'notFound' }],
] as const)(
  'the old calendar answers %s to every removal: chosen again, it keeps its events',
  async ([_, fault], { fixture }) => {
    const id = await fixture.book({ title: 'Tap' })
    await fixture.sync()
    await fixture.select(fixture.addCalendar())
    fixture.injectFault('events.delete', fault)
    fixture.injectFault('events.get', fault)
    for (let attempt = 0; attempt < 25; attempt++) {
      await fixture.sync()
      await fixture.endBackoff()
    }
    const requests = fixture.recordRequests()
    await fixture.sync()
    expect(requests()).toEqual(['events.list'])
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', pendingRemoval: true, attempts: 20 })
    fixture.clearFaults()
    await fixture.select(fixture.calendarId, 'Work')
    await fixture.sync()
    await fixture.sync()
    await expectOnce(fixture, id, 'Tap')
  },
)

test('flagged in one calendar, then the one is chosen where the event lives unchanged', async ({ fixture }) => {
  const id = await fixture.book({ title: 'Tap' })
  await fixture.sync()
  await unlink(fixture.viewer)
  const other = fixture.addCalendar()
  await linkAndSync(fixture, { calendarId: other })
  const there = await fixture.mapping(id, other)
  fixture.google.person.remove({ email: fixture.email, calendarId: other, eventId: there?.eventId ?? '' })
  await linkAndSync(fixture, { calendarId: other })
  expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
  await unlink(fixture.viewer)
  await linkAndSync(fixture)
  await expectOnce(fixture, id, 'Tap')
})
