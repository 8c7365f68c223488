import { describe, expect } from 'vitest'
import { settingsOf } from '#lib/connection/settings.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import type { Fault } from '../../../emulator/model.ts'
import { eventIdFor, lastSuffix } from '../core/event-id.ts'

/** "Removed in Google Calendar", answered by people or by the owner's default answer. */

const remove = async (fixture: SyncFixture, id: string) => {
  fixture.inGoogle.remove((await fixture.mapping(id))?.eventId ?? '')
  await fixture.sync()
}

const activityOf = async (fixture: SyncFixture, id: string) => {
  const rows = await fixture.database.sql`select actor, what from activity where appointment_id = ${id} order by id`
  return rows.map((row) => `${row.actor}: ${row.what}`)
}

describe('answered by people', () => {
  test('the appointment stays, needs attention, and nothing is written to Google', async ({ fixture }) => {
    const id = await fixture.book({ title: 'Tap' })
    await fixture.sync()
    const requests = fixture.recordRequests()
    await remove(fixture, id)
    expect(requests()).toEqual(['events.list'])
    expect(await settingsOf(fixture.businessId)).toMatchObject({
      status: { state: 'healthy' },
      counts: { needAttention: 1, waiting: 0 },
      needAttention: [{ appointmentId: id, title: 'Tap' }],
    })
    expect(await activityOf(fixture, id)).toEqual(['google: appointment.removed-in-google'])
  })

  test('an edit is kept, and the appointment stays flagged', async ({ fixture }) => {
    const id = await fixture.book()
    await fixture.sync()
    await remove(fixture, id)
    await fixture.edit(id, { title: 'Edited' })
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({
      title: 'Edited',
      removedInGoogleAt: expect.any(String),
    })
    expect(fixture.event(eventIdFor(id, 0))?.status).toBe('cancelled')
  })

  test('put back: inserted as it is now, under the next id', async ({ fixture }) => {
    const id = await fixture.book()
    await fixture.sync()
    await remove(fixture, id)
    await fixture.edit(id, { title: 'Edited' })
    await fixture.putBack(id)
    await fixture.sync()
    expect(fixture.event(eventIdFor(id, 1))).toMatchObject({ status: 'confirmed', summary: 'Edited' })
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', eventId: eventIdFor(id, 1) })
    expect(await settingsOf(fixture.businessId)).toMatchObject({ counts: { needAttention: 0, waiting: 0 } })
    const requests = fixture.recordRequests()
    await fixture.sync()
    await fixture.sync()
    expect(requests()).toEqual(['events.list', 'events.list'])
  })

  test.for<[string, Partial<Fault>]>([
    ['failed', { kind: 'status', status: 503, reason: 'backendError' }],
    ['had a lost response', { kind: 'lost-response' }],
  ])(
    'put back, and restored in Google while the insert %s: the old event is a person’s, both are shown',
    async ([_, fault], { fixture }) => {
      const id = await fixture.book()
      await fixture.sync()
      await remove(fixture, id)
      await fixture.putBack(id)
      fixture.injectFault('events.insert', { ...fault, times: 1 })
      fixture.injectFault('events.get', { status: 500 })
      await fixture.sync()
      fixture.inGoogle.restore(eventIdFor(id, 0))
      await fixture.sync()
      fixture.clearFaults()
      await fixture.endBackoff()
      await fixture.sync()
      expect(await fixture.mapping(id)).toMatchObject({ eventId: eventIdFor(id, 1), state: 'live' })
      expect((await fixture.mirror()).events).toMatchObject([{ id: eventIdFor(id, 0) }])
      expect(await fixture.appointment(id)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
    },
  )

  test('cancelled: nothing to write', async ({ fixture }) => {
    const id = await fixture.book()
    await fixture.sync()
    await remove(fixture, id)
    await fixture.cancel(id)
    const requests = fixture.recordRequests()
    await fixture.sync()
    expect(requests()).toEqual(['events.list'])
    expect(await fixture.mapping(id)).toMatchObject({ state: 'gone' })
  })

  test('cancelled after an insert with a lost response, then reinstated: one event', async ({ fixture }) => {
    fixture.injectFault('events.insert', { kind: 'lost-response' })
    for (const operation of ['events.get', 'events.list']) fixture.injectFault(operation, { status: 500 })
    const id = await fixture.book()
    await fixture.sync()
    await fixture.cancel(id)
    await fixture.endBackoff()
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'pending', etag: null })
    fixture.clearFaults()
    await fixture.edit(id, { status: 'booked' })
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', eventId: eventIdFor(id, 0) })
    expect(await fixture.mirror()).toMatchObject({ events: [] })
  })

  test('cancelled and reinstated: in Google again', async ({ fixture }) => {
    const id = await fixture.book()
    await fixture.sync()
    await fixture.cancel(id)
    await fixture.sync()
    await fixture.edit(id, { status: 'booked' })
    await fixture.sync()
    const mapping = await fixture.mapping(id)
    expect(mapping).toMatchObject({ state: 'live' })
    expect(fixture.event(mapping?.eventId ?? '')?.status).toBe('confirmed')
  })
})

describe('answered by default', () => {
  test('cancel: the appointment is cancelled, with both activities', async ({ fixture }) => {
    await fixture.setDefaultAnswer('cancel')
    const id = await fixture.book()
    await fixture.sync()
    await remove(fixture, id)
    expect(await fixture.appointment(id)).toMatchObject({ status: 'cancelled', removedInGoogleAt: null })
    expect(await activityOf(fixture, id)).toEqual([
      'google: appointment.removed-in-google',
      'sophiie: appointment.cancelled',
    ])
    const requests = fixture.recordRequests()
    await fixture.sync()
    expect(requests()).toEqual(['events.list'])
  })

  test('put back: in Google again within the same run', async ({ fixture }) => {
    await fixture.setDefaultAnswer('put-back')
    const id = await fixture.book({ title: 'Tap' })
    await fixture.sync()
    await remove(fixture, id)
    expect(await fixture.appointment(id)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
    expect(fixture.event(eventIdFor(id, 1))).toMatchObject({ status: 'confirmed', summary: 'Tap' })
  })

  test('put back with all ids used: flagged instead', async ({ fixture, database }) => {
    await fixture.setDefaultAnswer('put-back')
    const id = await fixture.book()
    await fixture.sync()
    await database.sql`update event_mappings set id_suffix = ${lastSuffix} where appointment_id = ${id}`
    await remove(fixture, id)
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
  })
})

describe('clashes from Google', () => {
  test('a move onto another appointment of the same member is allowed and marked', async ({ fixture }) => {
    const times = { startsAt: '2027-05-01T00:00:00Z', endsAt: '2027-05-01T01:00:00Z' }
    await fixture.book(times)
    const moved = await fixture.book()
    await fixture.sync()
    fixture.inGoogle.change(eventIdFor(moved, 0), {
      start: { dateTime: '2027-05-01T00:30:00Z' },
      end: { dateTime: '2027-05-01T01:30:00Z' },
    })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await fixture.appointment(moved)).toMatchObject({
      startsAt: '2027-05-01T00:30:00Z',
      overlapAllowed: 'moved-in-google',
    })
  })
})

describe('a duplicate', () => {
  test('of our event is the person’s own: it blocks and is never written', async ({ fixture, google }) => {
    const id = await fixture.book()
    await fixture.sync()
    const twin = google.person.duplicate(fixture.at(eventIdFor(id, 0)))
    await fixture.sync()
    expect((await fixture.mirror()).events.map((event) => event.id)).toEqual([twin.id])
    await fixture.cancel(id)
    await fixture.sync()
    expect(fixture.event(twin.id)?.status).toBe('confirmed')
  })
})
