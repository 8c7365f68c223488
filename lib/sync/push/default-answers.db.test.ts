import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { settingsOf } from '#lib/connection/settings.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type Scene, setEnvironment, setScene } from '#testing/sync-fixture.ts'
import { copyEventId, lastEpoch } from '../core/event-id.ts'

/** "Removed in Google Calendar": what people or the owner's standing answer say to it. */

const database = ownDatabase()
const google = ownGoogle()
let scene: Scene

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  scene = await setScene(database, google)
})

const remove = async (id: string) => {
  google.person.remove(scene.at((await scene.copy(id))?.eventId ?? ''))
  await scene.sync()
}
const standingAnswer = (answer: string) =>
  database.sql`update businesses set when_removed = ${answer} where id = ${scene.businessId}`

const activityOf = async (id: string) => {
  const rows = await database.sql`select actor, what from activity where appointment_id = ${id} order by id`
  return rows.map((row) => `${row.actor}: ${row.what}`)
}

describe('asked', () => {
  test('the appointment stays, counts as in need of attention, and nothing is written to Google', async () => {
    const id = await scene.book({ title: 'Tap' })
    await scene.sync()
    const before = google.world.log.last()
    await remove(id)
    expect(google.world.log.since(before).map((entry) => entry.operation)).toEqual(['events.list'])
    expect(await settingsOf(scene.businessId)).toMatchObject({
      status: { state: 'healthy' },
      counts: { needAttention: 1, waiting: 0 },
      needAttention: [{ appointmentId: id, title: 'Tap' }],
    })
    expect(await activityOf(id)).toEqual(['google: appointment.removed-in-google'])
  })

  test('edited meanwhile: the edit stays and the question stays', async () => {
    const id = await scene.book()
    await scene.sync()
    await remove(id)
    await scene.edit(id, { title: 'Edited' })
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject({
      title: 'Edited',
      removedInGoogleAt: expect.any(String),
    })
    expect(scene.event(copyEventId(id, 0))?.status).toBe('cancelled')
  })

  test('put back: it is in Google again, under the next id, as it is now', async () => {
    const id = await scene.book()
    await scene.sync()
    await remove(id)
    await scene.edit(id, { title: 'Edited' })
    await scene.putBack(id)
    await scene.sync()
    expect(scene.event(copyEventId(id, 1))).toMatchObject({ status: 'confirmed', summary: 'Edited' })
    expect(await scene.copy(id)).toMatchObject({ state: 'live', eventId: copyEventId(id, 1) })
    expect(await settingsOf(scene.businessId)).toMatchObject({ counts: { needAttention: 0, waiting: 0 } })
    const before = google.world.log.last()
    await scene.sync()
    await scene.sync()
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
      const id = await scene.book()
      await scene.sync()
      await remove(id)
      await scene.putBack(id)
      const unread = { match: { operation: 'events.get' }, kind: 'status' as const, status: 500 }
      google.world.faults.push({ match: { operation: 'events.insert' }, ...fault, times: 1 }, unread)
      await scene.sync()
      google.person.restore(scene.at(copyEventId(id, 0)))
      await scene.sync()
      google.world.faults.length = 0
      await database.sql`update copies set next_attempt_at = null where appointment_id = ${id}`
      await scene.sync()
      expect(await scene.copy(id)).toMatchObject({ eventId: copyEventId(id, 1), state: 'live' })
      expect((await scene.mirror()).events).toMatchObject([{ id: copyEventId(id, 0) }])
      expect(await scene.appointment(id)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
    },
  )

  test('cancelled: nothing is left to do in Google', async () => {
    const id = await scene.book()
    await scene.sync()
    await remove(id)
    await scene.cancel(id)
    const before = google.world.log.last()
    await scene.sync()
    expect(google.world.log.since(before).map((entry) => entry.operation)).toEqual(['events.list'])
    expect(await scene.copy(id)).toMatchObject({ state: 'gone' })
  })

  test('cancelled before its making was confirmed, and reinstated: it is in Google once', async () => {
    const unheard = ['events.get', 'events.list'].map((operation) => ({
      match: { operation },
      kind: 'status' as const,
      status: 500,
    }))
    google.world.faults.push({ match: { operation: 'events.insert' }, kind: 'lost-response' }, ...unheard)
    const id = await scene.book()
    await scene.sync()
    await scene.cancel(id)
    await database.sql`update copies set next_attempt_at = null where appointment_id = ${id}`
    await scene.sync()
    expect(await scene.copy(id)).toMatchObject({ state: 'gone', etag: null })
    google.world.faults.length = 0
    await scene.edit(id, { status: 'booked' })
    await scene.sync()
    expect(await scene.copy(id)).toMatchObject({ state: 'live', eventId: copyEventId(id, 0) })
    expect(await scene.mirror()).toMatchObject({ events: [] })
  })

  test('cancelled here and then reinstated: it is in Google again', async () => {
    const id = await scene.book()
    await scene.sync()
    await scene.cancel(id)
    await scene.sync()
    await scene.edit(id, { status: 'booked' })
    await scene.sync()
    const copy = await scene.copy(id)
    expect(copy).toMatchObject({ state: 'live' })
    expect(scene.event(copy?.eventId ?? '')?.status).toBe('confirmed')
  })
})

describe('answered beforehand', () => {
  test('cancel: the appointment is cancelled, and the activity says why', async () => {
    await standingAnswer('cancel')
    const id = await scene.book()
    await scene.sync()
    await remove(id)
    expect(await scene.appointment(id)).toMatchObject({ status: 'cancelled', removedInGoogleAt: null })
    expect(await activityOf(id)).toEqual([
      'google: appointment.removed-in-google',
      'sophiie: appointment.cancelled',
    ])
    const before = google.world.log.last()
    await scene.sync()
    expect(google.world.log.since(before).map((entry) => entry.operation)).toEqual(['events.list'])
  })

  test('put back: in the same look it is in Google again', async () => {
    await standingAnswer('put-back')
    const id = await scene.book({ title: 'Tap' })
    await scene.sync()
    await remove(id)
    expect(await scene.appointment(id)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
    expect(scene.event(copyEventId(id, 1))).toMatchObject({ status: 'confirmed', summary: 'Tap' })
  })

  test('put back, ids used up: people are asked instead', async () => {
    await standingAnswer('put-back')
    const id = await scene.book()
    await scene.sync()
    await database.sql`update copies set id_epoch = ${lastEpoch} where appointment_id = ${id}`
    await remove(id)
    expect(await scene.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
  })
})

describe('clashes from Google', () => {
  test('moved onto another appointment of the same person: allowed, and flagged', async () => {
    const times = { startsAt: '2027-05-01T00:00:00Z', endsAt: '2027-05-01T01:00:00Z' }
    await scene.book(times)
    const moved = await scene.book()
    await scene.sync()
    google.person.change({
      ...scene.at(copyEventId(moved, 0)),
      changes: {
        start: { dateTime: '2027-05-01T00:30:00Z' },
        end: { dateTime: '2027-05-01T01:30:00Z' },
      },
    })
    expect(await scene.sync()).toMatchObject({ failure: null })
    expect(await scene.appointment(moved)).toMatchObject({
      startsAt: '2027-05-01T00:30:00Z',
      overlapAllowed: 'moved-in-google',
    })
  })
})

describe('nobody’s duplicate', () => {
  test('a duplicate of our event is somebody’s own: it takes time and is never written', async () => {
    const id = await scene.book()
    await scene.sync()
    const twin = google.person.duplicate(scene.at(copyEventId(id, 0)))
    await scene.sync()
    expect((await scene.mirror()).events.map((event) => event.id)).toEqual([twin.id])
    await scene.cancel(id)
    await scene.sync()
    expect(scene.event(twin.id)?.status).toBe('confirmed')
  })
})
