import { describe, expect } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { eventIdFor, markerKeys } from './core/event-id.ts'

/** The statements sent to the database during `work`, `begin` and `commit` included. */
const statementsOf = async (fixture: SyncFixture, work: () => Promise<unknown>): Promise<string[]> => {
  const statements: string[] = []
  const options = fixture.database.sql.options as { debug?: unknown }
  options.debug = (_: number, query: string) => statements.push(query)
  await work()
  options.debug = undefined
  return statements
}

describe('push', () => {
  test('a booking is in Google with all its details', async ({ fixture }) => {
    const id = await fixture.book({
      title: 'Hot water service',
      startsAt: '2027-03-01T22:00:00Z',
      endsAt: '2027-03-01T23:30:00Z',
      location: '12 Pittwater Rd, Manly',
      customerName: 'K. Ng',
      notes: 'Gate code 4411',
    })
    await fixture.sync()
    const event = fixture.event(eventIdFor(id, 0))
    expect(event).toMatchObject({
      status: 'confirmed',
      summary: 'Hot water service',
      location: '12 Pittwater Rd, Manly',
      start: { dateTime: '2027-03-02T09:00:00+11:00', timeZone: 'Australia/Sydney' },
      end: { dateTime: '2027-03-02T10:30:00+11:00' },
      extendedProperties: { private: { [markerKeys.appointment]: id } },
    })
    expect(event?.attendees?.map((guest) => guest.displayName)).toEqual(['Mia Chen'])
    expect(event?.description).toContain('K. Ng')
    expect(event?.description).toContain('Gate code 4411')
    expect(event?.description).toContain(`http://localhost:3999/calendar?appointment=${id}`)
  })

  test('a run needs at most 50 statements with one push and 20 when idle', async ({ fixture }) => {
    await fixture.sync()
    await fixture.sync()
    await fixture.book()
    const pushing = await statementsOf(fixture, fixture.sync)
    const idle = await statementsOf(fixture, fixture.sync)
    // The round trips of a run: raise a number only for a statement that is needed in every run.
    expect(pushing.length).toBeLessThanOrEqual(50)
    expect(idle.length).toBeLessThanOrEqual(20)
    // Backoffs and pending removals are rare: they are queried only when there are any.
    expect(pushing.filter((query) => /min\(at\)|"event_mappings"\."pending_removal" = /.test(query))).toEqual([])
  })

  test('a change is patched, a cancellation deletes, and a second run is idle', async ({ fixture }) => {
    const id = await fixture.book()
    await fixture.sync()
    await fixture.edit(id, {
      title: 'Blocked drain, again',
      startsAt: '2027-02-01T00:00:00Z',
      endsAt: '2027-02-01T01:00:00Z',
    })
    const requests = fixture.recordRequests()
    await fixture.sync()
    expect(requests()).toEqual(['events.patch', 'events.list'])
    expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Blocked drain, again' })

    await fixture.cancel(id)
    await fixture.sync()
    expect(fixture.event(eventIdFor(id, 0))?.status).toBe('cancelled')
    expect(await fixture.mapping(id)).toMatchObject({ state: 'gone' })

    await fixture.sync()
    const idleRequests = fixture.recordRequests()
    const report = await fixture.sync()
    expect(idleRequests()).toEqual(['events.list'])
    expect(report).toMatchObject({ pushed: 0, failure: null })
  })

  test('our own write does not come back as a change', async ({ fixture }) => {
    const id = await fixture.book()
    await fixture.sync()
    await fixture.sync()
    expect((await fixture.appointment(id))?.revision).toBe(1)
    expect((await fixture.mirror()).events).toEqual([])
  })

  test('a lost response does not create a second event', async ({ fixture, google }) => {
    fixture.injectFault('events.insert', { kind: 'lost-response', times: 1 })
    const id = await fixture.book()
    await fixture.sync()
    await fixture.endBackoff()
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', revisionPushed: 1, lastErrorKind: null })
    const events = google.person.instances({
      ...fixture.at(''),
      timeMin: '2026-12-01T00:00:00Z',
      timeMax: '2028-01-01T00:00:00Z',
    })
    expect(events).toHaveLength(1)
  })

  test('a run without changes stores when the next backoff ends', async ({ fixture, database }) => {
    await fixture.book()
    await fixture.sync()
    await database.sql`update event_mappings set revision_pushed = 0, next_attempt_at = '2100-01-01T00:00:00Z'`
    await fixture.sync()
    expect((await fixture.calendar())?.retryAt).toContain('2100-01-01')
  })
})

describe('apply remote', () => {
  test('times, title and place changed in Google are applied to the appointment', async ({ fixture }) => {
    const id = await fixture.book()
    await fixture.sync()
    fixture.inGoogle.change(eventIdFor(id, 0), {
      summary: 'Drain, urgent',
      location: 'Bondi',
      start: { dateTime: '2027-02-03T10:00:00+11:00', timeZone: 'Australia/Sydney' },
      end: { dateTime: '2027-02-03T11:30:00+11:00', timeZone: 'Australia/Sydney' },
    })
    const requests = fixture.recordRequests()
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({
      title: 'Drain, urgent',
      location: 'Bondi',
      startsAt: '2027-02-02T23:00:00Z',
      endsAt: '2027-02-03T00:30:00Z',
      revision: 2,
    })
    expect(requests()).toEqual(['events.list'])
  })

  test('changes on both sides merge by field; on a clash Sophiie’s value wins', async ({ fixture, database }) => {
    const id = await fixture.book({ title: 'Tap', location: 'Manly' })
    await fixture.sync()
    fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Tap (Google)', location: 'Bondi' })
    await fixture.edit(id, { title: 'Tap (Sophiie)' })
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Tap (Sophiie)', location: 'Bondi' })
    expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ summary: 'Tap (Sophiie)', location: 'Bondi' })
    const [overruled] =
      await database.sql`select before from activity where what = 'appointment.google-change-overruled' and appointment_id = ${id}`
    expect(overruled?.before).toEqual({ title: 'Tap (Google)' })
  })

  test('guests, text and colours that people add survive an update', async ({ fixture }) => {
    const id = await fixture.book({ notes: 'first' })
    await fixture.sync()
    const event = fixture.event(eventIdFor(id, 0))
    fixture.inGoogle.change(eventIdFor(id, 0), {
      description: `${event?.description}\nBring the long ladder`,
      attendees: [...(event?.attendees ?? []), { email: 'friend@example.com' }],
      colorId: '5',
    })
    await fixture.sync()
    await fixture.edit(id, { notes: 'second' })
    await fixture.sync()
    const after = fixture.event(eventIdFor(id, 0))
    expect(after?.description).toContain('second')
    expect(after?.description).not.toContain('first')
    expect(after?.description).toContain('Bring the long ladder')
    expect(after?.attendees?.map((guest) => guest.email)).toContain('friend@example.com')
    expect(after?.colorId).toBe('5')
  })

  test('a delete in Google flags the appointment; undoing it there clears the flag', async ({ fixture }) => {
    const id = await fixture.book()
    await fixture.sync()
    fixture.inGoogle.remove(eventIdFor(id, 0))
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({
      status: 'booked',
      removedInGoogleAt: expect.any(String),
    })
    fixture.inGoogle.restore(eventIdFor(id, 0))
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ status: 'booked', removedInGoogleAt: null })
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live' })
  })
})

describe('pull', () => {
  const meeting = (day: string, extra: object = {}) => ({
    summary: 'Supplier',
    start: { dateTime: `${day}T10:00:00+11:00`, timeZone: 'Australia/Sydney' },
    end: { dateTime: `${day}T11:00:00+11:00`, timeZone: 'Australia/Sydney' },
    ...extra,
  })

  test('events are created, moved and deleted', async ({ fixture }) => {
    const event = fixture.inGoogle.create(meeting('2027-01-12'))
    await fixture.sync()
    expect((await fixture.mirror()).occurrences).toEqual([
      { instance: event.id, start: '2027-01-11T23:00:00Z', blocks: true },
    ])
    fixture.inGoogle.change(event.id, meeting('2027-01-13'))
    await fixture.sync()
    expect((await fixture.mirror()).occurrences).toMatchObject([{ start: '2027-01-12T23:00:00Z' }])
    fixture.inGoogle.remove(event.id)
    await fixture.sync()
    expect(await fixture.mirror()).toEqual({ events: [], occurrences: [] })
  })

  test('a series expands with its exceptions', async ({ fixture }) => {
    const series = fixture.inGoogle.create(meeting('2027-01-12', { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'] }))
    await fixture.sync()
    expect((await fixture.mirror()).occurrences).toHaveLength(4)
    fixture.inGoogle.remove(`${series.id}_20270118T230000Z`, 'this')
    fixture.inGoogle.change(`${series.id}_20270125T230000Z`, meeting('2027-01-27'), 'this')
    await fixture.sync()
    expect((await fixture.mirror()).occurrences.map((one) => one.start)).toEqual([
      '2027-01-11T23:00:00Z',
      '2027-01-26T23:00:00Z',
      '2027-02-01T23:00:00Z',
    ])
  })

  test('an expired sync token leads to a full read that removes only deleted events', async ({ fixture }) => {
    const kept = fixture.inGoogle.create(meeting('2027-01-12'))
    const gone = fixture.inGoogle.create(meeting('2027-01-13'))
    const id = await fixture.book()
    await fixture.sync()
    fixture.inGoogle.remove(gone.id)
    fixture.injectFault('events.list', { status: 410, reason: 'fullSyncRequired', times: 1 })
    await fixture.sync()
    expect((await fixture.mirror()).events.map((event) => event.id)).toEqual([kept.id])
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null })
  })
})
