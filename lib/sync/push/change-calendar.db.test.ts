import { describe, expect } from 'vitest'
import { settingsOf } from '#lib/connection/settings.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { eventIdFor } from '../core/event-id.ts'

/** Change of calendar: which events move, and which additions of people move with them. */

const lunch = {
  summary: 'Lunch',
  start: { dateTime: '2027-01-12T02:00:00Z' },
  end: { dateTime: '2027-01-12T03:00:00Z' },
}
const afterFirst = (names: string[], one: string, other: string) => names.lastIndexOf(one) < names.indexOf(other)

describe('change of calendar', () => {
  test('inserts upcoming events into the new calendar before it removes the old ones', async ({ fixture }) => {
    const upcoming = await fixture.book({ title: 'Upcoming' })
    const past = await fixture.book({
      title: 'Past',
      startsAt: '2026-01-01T00:00:00Z',
      endsAt: '2026-01-01T01:00:00Z',
    })
    fixture.inGoogle.create(lunch)
    await fixture.sync()
    const other = fixture.addCalendar()
    await fixture.select(other)
    const requests = fixture.recordRequests()
    await fixture.sync()
    expect(fixture.liveIn(other)).toEqual(['Upcoming'])
    expect(fixture.liveIn(fixture.calendarId)).toEqual(['Past', 'Lunch'])
    expect(afterFirst(requests(), 'events.insert', 'events.delete')).toBe(true)
    expect(await fixture.mapping(upcoming, other)).toMatchObject({ state: 'live' })
    expect(await fixture.mapping(upcoming)).toBeNull()
    expect(await fixture.mapping(past)).toMatchObject({ state: 'live' })
    expect((await fixture.mirror()).events).toEqual([])
  })

  test('keeps the old event of an appointment that the new calendar refuses', async ({ fixture }) => {
    const id = await fixture.book()
    await fixture.sync()
    const other = fixture.addCalendar()
    await fixture.select(other)
    fixture.injectFault('events.insert', { status: 400, reason: 'invalid' })
    await fixture.sync()
    expect(fixture.liveIn(fixture.calendarId)).toEqual(['Blocked drain'])
    fixture.clearFaults()
    await fixture.edit(id, { title: 'Edited' })
    await fixture.sync()
    expect(fixture.liveIn(fixture.calendarId)).toEqual([])
    expect(fixture.liveIn(other)).toEqual(['Edited'])
  })

  test('retries a failed removal in a run without other work', async ({ fixture }) => {
    await fixture.book({ title: 'Left' })
    await fixture.sync()
    await fixture.select(fixture.addCalendar())
    fixture.injectFault('events.delete', { status: 500 })
    await fixture.sync()
    expect(fixture.liveIn(fixture.calendarId)).toEqual(['Left'])
    fixture.clearFaults()
    await fixture.endBackoff()
    await fixture.sync()
    expect(fixture.liveIn(fixture.calendarId)).toEqual([])
  })

  test('there and back: one event each time, in the chosen calendar', async ({ fixture }) => {
    await fixture.book({ title: 'One' })
    await fixture.sync()
    const other = fixture.addCalendar()
    for (const calendarId of [other, fixture.calendarId, other]) {
      await fixture.select(calendarId)
      await fixture.sync()
      const elsewhere = calendarId === other ? fixture.calendarId : other
      expect(fixture.liveIn(calendarId)).toEqual(['One'])
      expect(fixture.liveIn(elsewhere)).toEqual([])
    }
    const settings = await settingsOf(fixture.businessId)
    expect(settings).toMatchObject({ counts: { inGoogle: 1, waiting: 0, needAttention: 0 } })
  })

  test('back before a run: nothing moves', async ({ fixture }) => {
    await fixture.book({ title: 'One' })
    await fixture.sync()
    const other = fixture.addCalendar()
    await fixture.select(other)
    await fixture.select(fixture.calendarId)
    const requests = fixture.recordRequests()
    await fixture.sync()
    const writes = ['events.insert', 'events.patch', 'events.delete']
    expect(requests().filter((name) => writes.includes(name))).toEqual([])
    expect(fixture.liveIn(fixture.calendarId)).toEqual(['One'])
    expect(fixture.liveIn(other)).toEqual([])
  })

  test.for(['ask', 'cancel'])(
    'back while the old event was being removed: it is inserted again (default answer: %s)',
    async (answer, { fixture }) => {
      const id = await fixture.book({ title: 'One' })
      await fixture.sync()
      const other = fixture.addCalendar()
      await fixture.select(other)
      // Google deletes the event, and the response is lost.
      fixture.injectFault('events.delete', { kind: 'lost-response' })
      await fixture.sync()
      fixture.clearFaults()
      expect(fixture.liveIn(fixture.calendarId)).toEqual([])
      await fixture.setDefaultAnswer(answer)

      await fixture.select(fixture.calendarId)
      await fixture.sync()
      expect(await fixture.appointment(id)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
      expect(await fixture.mapping(id)).toMatchObject({ state: 'live', pendingRemoval: false })
      expect(fixture.liveIn(fixture.calendarId)).toEqual(['One'])
      expect(fixture.liveIn(other)).toEqual([])
    },
  )

  test('removes the old event even if it was edited after the last read', async ({ fixture }) => {
    const id = await fixture.book({ title: 'One' })
    await fixture.sync()
    fixture.inGoogle.change(eventIdFor(id, 0), { colorId: '3' })
    const other = fixture.addCalendar()
    await fixture.select(other)
    await fixture.sync()
    expect(fixture.liveIn(fixture.calendarId)).toEqual([])
    expect(fixture.liveIn(other)).toEqual(['One'])
  })

  test('an event moved there by a person keeps the changes of both sides', async ({ fixture, google }) => {
    const id = await fixture.book({ title: 'Drain', location: 'Pier 1' })
    await fixture.sync()
    const destination = fixture.addCalendar()
    const eventId = eventIdFor(id, 0)
    google.person.moveToCalendar({ ...fixture.at(eventId), destination })
    await fixture.sync()
    google.person.change({ ...fixture.at(eventId, destination), changes: { summary: 'Drain, front' } })
    await fixture.edit(id, { location: 'Pier 2', assigneeIds: [] })
    await fixture.select(destination)
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Drain, front', removedInGoogleAt: null })
    expect(fixture.event(eventId, destination)).toMatchObject({ summary: 'Drain, front', location: 'Pier 2' })
    expect(fixture.event(eventId, destination)?.attendees ?? []).toEqual([])
  })

  test.for(['booked', 'cancelled'])(
    'an event that a person moved into the next calendar is theirs if it was put back before (%s)',
    async (status, { fixture, google }) => {
      const id = await fixture.book({ title: 'Drain' })
      await fixture.sync()
      const destination = fixture.addCalendar()
      const eventId = eventIdFor(id, 0)
      google.person.moveToCalendar({ ...fixture.at(eventId), destination })
      await fixture.sync()
      await fixture.putBack(id)
      await fixture.sync()
      if (status === 'cancelled') await fixture.cancel(id)
      const moved = fixture.event(eventId, destination)
      await fixture.select(destination)
      await fixture.sync()
      expect(fixture.event(eventId, destination)).toEqual(moved)
      expect((await fixture.mirror()).events).toEqual([expect.objectContaining({ id: eventId })])
      const made = (await fixture.mapping(id, destination))?.eventId ?? null
      expect(made).toBe(status === 'booked' ? eventIdFor(id, 2) : null)
    },
  )
})

describe('additions of people', () => {
  const reminders = { useDefault: false, overrides: [{ method: 'popup' as const, minutes: 5 }] }
  /**
   * An appointment whose event has a guest, a line, a colour, a reminder and free time from a
   * person.
   */
  const enriched = async (fixture: SyncFixture) => {
    const id = await fixture.book({ title: 'One', notes: 'Gate 4' })
    await fixture.sync()
    const at = fixture.at(eventIdFor(id, 0))
    const { attendees = [], description = '' } = fixture.google.person.event(at) ?? {}
    fixture.google.person.change({
      ...at,
      changes: {
        attendees: [...attendees, { email: 'sam@friends.example' }],
        description: `${description}\nBring the ladder`,
        colorId: '5',
        reminders,
        transparency: 'transparent',
      },
    })
    return id
  }
  const mappingIn = async (fixture: SyncFixture, id: string, calendarId: string) =>
    fixture.event((await fixture.mapping(id, calendarId))?.eventId ?? '', calendarId)
  const texts = {
    description: expect.stringMatching(/Gate 4.*Bring the ladder/s),
    attendees: expect.arrayContaining([
      expect.objectContaining({ email: expect.stringMatching('mia-') }),
      expect.objectContaining({ email: 'sam@friends.example' }),
    ]),
  }
  const all = { ...texts, colorId: '5', reminders, transparency: 'transparent' }

  test.for([
    ['read before', true],
    ['not read before', false],
  ])('move to another calendar and back (%s)', async ([_, read], { fixture, google }) => {
    const id = await enriched(fixture)
    if (read) await fixture.sync()
    const other = fixture.addCalendar()
    await fixture.select(other)
    await fixture.sync()
    expect(await mappingIn(fixture, id, other)).toMatchObject(all)
    const there = await fixture.mapping(id, other)
    google.person.change({ ...fixture.at(there?.eventId ?? '', other), changes: { colorId: null } })
    await fixture.select(fixture.calendarId)
    await fixture.sync()
    const back = await mappingIn(fixture, id, fixture.calendarId)
    expect(back).toMatchObject({ ...texts, reminders })
    expect(back).not.toHaveProperty('colorId')
    const requests = fixture.recordRequests()
    await fixture.sync()
    expect(requests()).toEqual(['events.list'])
  })

  test('a title edited in Google before the change is applied first', async ({ fixture }) => {
    const id = await fixture.book({ title: 'One' })
    await fixture.sync()
    fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Two' })
    const other = fixture.addCalendar()
    await fixture.select(other)
    await fixture.sync()
    expect(fixture.liveIn(other)).toEqual(['Two'])
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Two' })
  })

  test('after an unacknowledged insert: additions move, a title goes to the activity', async ({
    fixture,
    database,
  }) => {
    fixture.injectFault('events.insert', { kind: 'lost-response' })
    for (const operation of ['events.get', 'events.list']) fixture.injectFault(operation, { status: 500 })
    const id = await enriched(fixture)
    fixture.clearFaults()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'pending', etag: null })
    fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Two' })
    const other = fixture.addCalendar()
    await fixture.select(other)
    await fixture.sync()
    const moved = await mappingIn(fixture, id, other)
    expect(moved).toMatchObject({ ...all, summary: 'One' })
    expect(moved?.description?.match(/Gate 4/g)).toHaveLength(1)
    expect(moved?.attendees).toHaveLength(2)
    expect(fixture.liveIn(fixture.calendarId)).toEqual([])
    const overruled = await database.sql`select before from activity where appointment_id = ${id} and actor = 'google'`
    expect(overruled).toEqual([{ before: { title: 'Two' } }])
  })

  test('the old calendar is not readable: guests and text as last read', async ({ fixture, google }) => {
    const id = await enriched(fixture)
    await fixture.sync()
    const other = fixture.addCalendar()
    await fixture.select(other)
    google.person.deleteCalendar({ email: fixture.email, calendarId: fixture.calendarId })
    await fixture.sync()
    expect(await mappingIn(fixture, id, other)).toMatchObject(texts)
    expect(await fixture.calendar()).toMatchObject({ lastFailureKind: null })
  })

  test('the old calendar fails for now: read again, at most four times', async ({ fixture }) => {
    const id = await enriched(fixture)
    await fixture.sync()
    const other = fixture.addCalendar()
    await fixture.select(other)
    fixture.injectFault('events.get', { status: 503 })
    for (let attempt = 0; attempt < 4; attempt++) {
      expect(fixture.liveIn(other)).toEqual([])
      await fixture.endBackoff()
      await fixture.sync()
    }
    expect(await mappingIn(fixture, id, other)).toMatchObject(texts)
  })
})
