import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { settingsOf } from '#lib/connection/settings.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { eventIdFor, lastSuffix } from '../core/event-id.ts'

/** "Removed in Google Calendar": what people or the owner's standing answer say to it. */

const database = ownDatabase()
const google = ownGoogle()
let fixture: SyncFixture

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  fixture = await setUpFixture(database, google)
})

const remove = async (id: string) => {
  google.person.remove(fixture.at((await fixture.mapping(id))?.eventId ?? ''))
  await fixture.sync()
}
const standingAnswer = (answer: string) =>
  database.sql`update businesses set when_removed = ${answer} where id = ${fixture.businessId}`

const activityOf = async (id: string) => {
  const rows = await database.sql`select actor, what from activity where appointment_id = ${id} order by id`
  return rows.map((row) => `${row.actor}: ${row.what}`)
}

describe('asked', () => {
  test('the appointment stays, counts as in need of attention, and nothing is written to Google', async () => {
    const id = await fixture.book({ title: 'Tap' })
    await fixture.sync()
    const before = google.world.log.last()
    await remove(id)
    expect(google.world.log.since(before).map((entry) => entry.operation)).toEqual(['events.list'])
    expect(await settingsOf(fixture.businessId)).toMatchObject({
      status: { state: 'healthy' },
      counts: { needAttention: 1, waiting: 0 },
      needAttention: [{ appointmentId: id, title: 'Tap' }],
    })
    expect(await activityOf(id)).toEqual(['google: appointment.removed-in-google'])
  })

  test('edited meanwhile: the edit stays and the question stays', async () => {
    const id = await fixture.book()
    await fixture.sync()
    await remove(id)
    await fixture.edit(id, { title: 'Edited' })
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({
      title: 'Edited',
      removedInGoogleAt: expect.any(String),
    })
    expect(fixture.event(eventIdFor(id, 0))?.status).toBe('cancelled')
  })

  test('put back: it is in Google again, under the next id, as it is now', async () => {
    const id = await fixture.book()
    await fixture.sync()
    await remove(id)
    await fixture.edit(id, { title: 'Edited' })
    await fixture.putBack(id)
    await fixture.sync()
    expect(fixture.event(eventIdFor(id, 1))).toMatchObject({ status: 'confirmed', summary: 'Edited' })
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', eventId: eventIdFor(id, 1) })
    expect(await settingsOf(fixture.businessId)).toMatchObject({ counts: { needAttention: 0, waiting: 0 } })
    const before = google.world.log.last()
    await fixture.sync()
    await fixture.sync()
    expect(google.world.log.since(before).map((entry) => entry.operation)).toEqual([
      'events.list',
      'events.list',
    ])
  })

  test.each([
    ['was not done yet', { kind: 'status' as const, status: 503, reason: 'backendError' }],
    ['was done and not heard of', { kind: 'lost-response' as const }],
  ])(
    'put back, and brought back in Google while that %s: the old event is a person’s, and both are shown',
    async (_, fault) => {
      const id = await fixture.book()
      await fixture.sync()
      await remove(id)
      await fixture.putBack(id)
      const needsRefetch = { match: { operation: 'events.get' }, kind: 'status' as const, status: 500 }
      google.world.faults.push({ match: { operation: 'events.insert' }, ...fault, times: 1 }, needsRefetch)
      await fixture.sync()
      google.person.restore(fixture.at(eventIdFor(id, 0)))
      await fixture.sync()
      google.world.faults.length = 0
      await database.sql`update event_mappings set next_attempt_at = null where appointment_id = ${id}`
      await fixture.sync()
      expect(await fixture.mapping(id)).toMatchObject({ eventId: eventIdFor(id, 1), state: 'live' })
      expect((await fixture.mirror()).events).toMatchObject([{ id: eventIdFor(id, 0) }])
      expect(await fixture.appointment(id)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
    },
  )

  test('cancelled: nothing is left to do in Google', async () => {
    const id = await fixture.book()
    await fixture.sync()
    await remove(id)
    await fixture.cancel(id)
    const before = google.world.log.last()
    await fixture.sync()
    expect(google.world.log.since(before).map((entry) => entry.operation)).toEqual(['events.list'])
    expect(await fixture.mapping(id)).toMatchObject({ state: 'gone' })
  })

  test('cancelled before its making was confirmed, and reinstated: it is in Google once', async () => {
    const unheard = ['events.get', 'events.list'].map((operation) => ({
      match: { operation },
      kind: 'status' as const,
      status: 500,
    }))
    google.world.faults.push({ match: { operation: 'events.insert' }, kind: 'lost-response' }, ...unheard)
    const id = await fixture.book()
    await fixture.sync()
    await fixture.cancel(id)
    await database.sql`update event_mappings set next_attempt_at = null where appointment_id = ${id}`
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'gone', etag: null })
    google.world.faults.length = 0
    await fixture.edit(id, { status: 'booked' })
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', eventId: eventIdFor(id, 0) })
    expect(await fixture.mirror()).toMatchObject({ events: [] })
  })

  test('cancelled here and then reinstated: it is in Google again', async () => {
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

describe('answered beforehand', () => {
  test('cancel: the appointment is cancelled, and the activity says why', async () => {
    await standingAnswer('cancel')
    const id = await fixture.book()
    await fixture.sync()
    await remove(id)
    expect(await fixture.appointment(id)).toMatchObject({ status: 'cancelled', removedInGoogleAt: null })
    expect(await activityOf(id)).toEqual([
      'google: appointment.removed-in-google',
      'sophiie: appointment.cancelled',
    ])
    const before = google.world.log.last()
    await fixture.sync()
    expect(google.world.log.since(before).map((entry) => entry.operation)).toEqual(['events.list'])
  })

  test('put back: in the same look it is in Google again', async () => {
    await standingAnswer('put-back')
    const id = await fixture.book({ title: 'Tap' })
    await fixture.sync()
    await remove(id)
    expect(await fixture.appointment(id)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
    expect(fixture.event(eventIdFor(id, 1))).toMatchObject({ status: 'confirmed', summary: 'Tap' })
  })

  test('put back, ids used up: people are asked instead', async () => {
    await standingAnswer('put-back')
    const id = await fixture.book()
    await fixture.sync()
    await database.sql`update event_mappings set id_suffix = ${lastSuffix} where appointment_id = ${id}`
    await remove(id)
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
  })
})

describe('clashes from Google', () => {
  test('moved onto another appointment of the same person: allowed, and flagged', async () => {
    const times = { startsAt: '2027-05-01T00:00:00Z', endsAt: '2027-05-01T01:00:00Z' }
    await fixture.book(times)
    const moved = await fixture.book()
    await fixture.sync()
    google.person.change({
      ...fixture.at(eventIdFor(moved, 0)),
      changes: {
        start: { dateTime: '2027-05-01T00:30:00Z' },
        end: { dateTime: '2027-05-01T01:30:00Z' },
      },
    })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await fixture.appointment(moved)).toMatchObject({
      startsAt: '2027-05-01T00:30:00Z',
      overlapAllowed: 'moved-in-google',
    })
  })
})

describe('nobody’s duplicate', () => {
  test('a duplicate of our event is somebody’s own: it takes time and is never written', async () => {
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
