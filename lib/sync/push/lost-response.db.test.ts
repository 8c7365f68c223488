import { describe, expect } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test as syncTest } from '#testing/sync-test.ts'
import { holdReads, releaseReads } from '../../../emulator/calendar/lists/lag.ts'
import { eventIdFor } from '../core/event-id.ts'

/**
 * A patch or a deletion reached Google and its response was lost. Until the next read only its
 * record distinguishes it from a person's.
 */

/** `id`: an appointment whose new title was written to Google without a response. */
const test = syncTest.extend('id', { auto: true }, async ({ fixture }) => {
  const id = await fixture.book({ title: 'Tap', location: 'Manly' })
  await fixture.sync()
  fixture.injectFault('events.patch', { kind: 'lost-response', times: 1 })
  fixture.injectFault('events.list', { status: 503, times: 1 })
  await fixture.edit(id, { title: 'Drain' })
  await fixture.sync()
  expect(fixture.event(eventIdFor(id, 0))?.summary).toBe('Drain')
  fixture.clearFaults()
  return id
})

const retry = async (fixture: SyncFixture) => {
  await fixture.endBackoff()
  await fixture.database.sql`update synced_calendars set retry_at = null`
  await fixture.sync()
}

test('an edit taken back before the next read stays taken back', async ({ fixture, database, id }) => {
  await fixture.edit(id, { title: 'Tap' })
  await retry(fixture)
  expect(await fixture.appointment(id)).toMatchObject({ title: 'Tap' })
  expect(fixture.event(eventIdFor(id, 0))?.summary).toBe('Tap')
  expect(await database.sql`select what from activity where appointment_id = ${id} and actor = 'google'`).toEqual([])
})

test('a person’s change to another field in between is applied', async ({ fixture, id }) => {
  await fixture.edit(id, { title: 'Tap' })
  fixture.inGoogle.change(eventIdFor(id, 0), { location: 'Bondi' })
  await retry(fixture)
  expect(await fixture.appointment(id)).toMatchObject({ title: 'Tap', location: 'Bondi' })
  expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Tap', location: 'Bondi' })
})

test('once read, the same title written later in Google is a person’s', async ({ fixture, id }) => {
  await retry(fixture)
  expect(await fixture.mapping(id)).toMatchObject({ base: { title: 'Drain' }, unacknowledgedWrites: null })
  await fixture.edit(id, { title: 'Tap' })
  await fixture.sync()
  fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Drain' })
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({ title: 'Drain' })
})

test('an appointment reinstated after a deletion whose answer is lost is in Google again', async ({ fixture, id }) => {
  await fixture.setDefaultAnswer('cancel')
  await retry(fixture)
  fixture.injectFault('events.delete', { kind: 'lost-response', times: 1 })
  fixture.injectFault('events.list', { status: 503, times: 1 })
  await fixture.cancel(id)
  await fixture.sync()
  await fixture.edit(id, { status: 'booked' })
  await retry(fixture)
  expect(await fixture.appointment(id)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
  expect(fixture.liveIn(fixture.calendarId)).toEqual(['Drain'])
})

test('a person’s removal counts again once a write has followed a deletion that failed', async ({ fixture, id }) => {
  await retry(fixture)
  fixture.injectFault('events.delete', { status: 503, times: 1 })
  await fixture.cancel(id)
  await fixture.sync()
  await fixture.edit(id, { status: 'booked' })
  await retry(fixture)
  expect(await fixture.mapping(id)).toMatchObject({ state: 'live', pendingRemoval: false })
  fixture.inGoogle.remove(eventIdFor(id, 0))
  await fixture.sync()
  expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
})

describe('an insert without a response, then cancelled', () => {
  const lose = async (fixture: SyncFixture) => {
    fixture.injectFault('events.insert', { kind: 'lost-response', times: 1 })
    fixture.injectFault('events.list', { status: 503, times: 1 })
    const lost = await fixture.book({ title: 'Lost' })
    await fixture.sync()
    await fixture.cancel(lost)
    return lost
  }

  test('is found by its id and deleted, whether lists have it or not', async ({ fixture, google }) => {
    holdReads(google.world, ['list'])
    const lost = await lose(fixture)
    await retry(fixture)
    expect(fixture.event(eventIdFor(lost, 0))?.status).toBe('cancelled')
    expect(await fixture.mapping(lost)).toMatchObject({ state: 'gone' })
  })

  test('is looked for several times', async ({ fixture, google }) => {
    holdReads(google.world, ['list', 'get'])
    const lost = await lose(fixture)
    for (let attempt = 0; attempt < 2; attempt++) await retry(fixture)
    expect(await fixture.mapping(lost)).toMatchObject({ state: 'pending' })
    releaseReads(google.world)
    await retry(fixture)
    expect(fixture.event(eventIdFor(lost, 0))?.status).toBe('cancelled')
  })

  test('is forgotten where it never reached Google', async ({ fixture }) => {
    fixture.injectFault('events.insert', { status: 503, times: 1 })
    const never = await fixture.book({ title: 'Never' })
    await fixture.sync()
    await fixture.cancel(never)
    for (let attempt = 0; attempt < 4; attempt++) await retry(fixture)
    await fixture.endLag()
    await retry(fixture)
    expect(await fixture.mapping(never)).toMatchObject({ state: 'gone' })
  })

  test('a person’s event under its id is not touched', async ({ fixture }) => {
    fixture.injectFault('events.insert', { status: 503, times: 1 })
    const taken = await fixture.book({ title: 'Ours' })
    await fixture.sync()
    const hour = { start: { dateTime: '2027-01-11T23:00:00Z' }, end: { dateTime: '2027-01-12T00:00:00Z' } }
    fixture.inGoogle.create({ id: eventIdFor(taken, 0), summary: 'Theirs', ...hour })
    await fixture.cancel(taken)
    for (let attempt = 0; attempt < 4; attempt++) await retry(fixture)
    await fixture.endLag()
    await retry(fixture)
    expect(await fixture.mapping(taken)).toMatchObject({ state: 'gone' })
    expect(fixture.event(eventIdFor(taken, 0))).toMatchObject({ summary: 'Theirs', status: 'confirmed' })
  })
})
