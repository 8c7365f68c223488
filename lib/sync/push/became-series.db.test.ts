import { Temporal } from 'temporal-polyfill'
import { describe, expect } from 'vitest'
import { updateSyncedCalendar } from '#db/queries/sync/calendars.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { linkAndSync } from '#testing/link.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import type { EventDraft } from '../../../emulator/model.ts'
import type { Scope } from '../../../emulator/person/person.ts'
import { eventIdFor } from '../core/event-id.ts'

/**
 * An event of an appointment that a person turned into a series: its first instance is the
 * appointment, the others are the person's. The check after each test fails if any other instance
 * was written.
 */

const timeZone = 'Australia/Sydney'
const starts = (start: string) => {
  const end = Temporal.Instant.from(start).add({ hours: 1 }).toString()
  return { start: { dateTime: start, timeZone }, end: { dateTime: end, timeZone } }
}
const first = '20270503T000000Z'
const second = '20270510T000000Z'
const rest = ['2027-05-10T00:00:00Z', '2027-05-17T00:00:00Z']

const repeat = (fixture: SyncFixture, id: string) =>
  fixture.google.person.makeRecurring({
    ...fixture.at(eventIdFor(id, 0)),
    recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'],
  })
/** An appointment whose event is a weekly series. */
const series = async (fixture: SyncFixture) => {
  const id = await fixture.book({
    title: 'Drain',
    startsAt: '2027-05-03T00:00:00Z',
    endsAt: '2027-05-03T01:00:00Z',
  })
  await fixture.sync()
  repeat(fixture, id)
  await fixture.sync()
  return id
}
/** A person's actions on one instance of the series. */
const instance = (fixture: SyncFixture, id: string, stamp: string) => {
  const at = fixture.at(`${eventIdFor(id, 0)}_${stamp}`)
  return {
    change: (changes: EventDraft, scope: Scope = 'this') => fixture.google.person.change({ ...at, changes, scope }),
    remove: (scope: Scope = 'this') => fixture.google.person.remove({ ...at, scope }),
  }
}
const mirrored = async (fixture: SyncFixture) => (await fixture.mirror()).occurrences.map((one) => one.start)
const titles = (fixture: SyncFixture) =>
  fixture.google.person
    .instances({ ...fixture.at(''), timeMin: '2027-01-01T00:00:00Z', timeMax: '2028-01-01T00:00:00Z' })
    .map((event) => event.summary)
const flagged = { status: 'booked', removedInGoogleAt: expect.any(String) }
const resolved = { status: 'booked', removedInGoogleAt: null }

describe('a read', () => {
  test('maps the first instance to the appointment; the others are occurrences', async ({ fixture }) => {
    const id = await series(fixture)
    expect(await mirrored(fixture)).toEqual(rest)
    expect(await fixture.mapping(id)).toMatchObject({
      state: 'live',
      needsRefetch: false,
      eventId: `${eventIdFor(id, 0)}_${first}`,
    })
    expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.list'])
  })

  test('in full writes nothing and needs no other request', async ({ fixture, database }) => {
    await series(fixture)
    await updateSyncedCalendar(database.db, fixture.syncedCalendarId, { syncToken: null })
    expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.list'])
  })

  test('applies a move of the first instance, and a new title of all', async ({ fixture }) => {
    const id = await series(fixture)
    instance(fixture, id, first).change(starts('2027-05-04T02:00:00Z'))
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ startsAt: '2027-05-04T02:00:00Z' })
    instance(fixture, id, second).change({ summary: 'Gutter' }, 'all')
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Gutter', startsAt: '2027-05-04T02:00:00Z' })
    expect(await mirrored(fixture)).toEqual(rest)
  })

  test('does not apply a change to another instance', async ({ fixture }) => {
    const id = await series(fixture)
    instance(fixture, id, second).change({ ...starts('2027-05-11T05:00:00Z'), summary: 'Roof' })
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Drain', startsAt: '2027-05-03T00:00:00Z' })
    expect(await mirrored(fixture)).toEqual(['2027-05-11T05:00:00Z', rest[1]])
  })

  test('maps the appointment to the new first instance when all are moved', async ({ fixture }) => {
    const id = await series(fixture)
    instance(fixture, id, second).change(starts('2027-05-10T03:00:00Z'), 'all')
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ startsAt: '2027-05-03T03:00:00Z' })
    expect(await fixture.mapping(id)).toMatchObject({ eventId: `${eventIdFor(id, 0)}_20270503T030000Z` })
    expect(await mirrored(fixture)).toEqual(['2027-05-10T03:00:00Z', '2027-05-17T03:00:00Z'])
  })

  test('treats the second half of a split series as the person’s own', async ({ fixture }) => {
    const id = await series(fixture)
    instance(fixture, id, second).change({ ...starts('2027-05-10T06:00:00Z'), summary: 'Later' }, 'following')
    await fixture.sync()
    await fixture.edit(id, { title: 'Sink' })
    await fixture.sync()
    expect(titles(fixture)).toEqual(['Sink', 'Later', 'Later'])
    expect(await mirrored(fixture)).toEqual(['2027-05-10T06:00:00Z', '2027-05-17T06:00:00Z'])
  })

  test('shows one event if the first instance of a past series moves ahead', async ({ fixture }) => {
    const id = await fixture.book({ startsAt: '2026-01-05T00:00:00Z', endsAt: '2026-01-05T01:00:00Z' })
    await fixture.sync()
    repeat(fixture, id)
    instance(fixture, id, '20260105T000000Z').change(starts('2027-05-05T00:00:00Z'))
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ startsAt: '2027-05-05T00:00:00Z' })
    instance(fixture, id, '20260105T000000Z').change({ summary: 'Roof' })
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Roof' })
    expect(await mirrored(fixture)).toEqual([])
  })

  test.for([
    ['exceptions before the series', { exceptionsFirst: true, itemsPerPage: 1 }],
    ['one item per page', { itemsPerPage: 1 }],
    ['bare cancelled instances', { bareCancelledInstances: true }],
  ])('gives the same result with %s', async ([_, switches], { fixture, google }) => {
    Object.assign(google.world.state.switches, switches)
    const id = await fixture.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await fixture.sync()
    repeat(fixture, id)
    instance(fixture, id, first).change({ summary: 'Moved', ...starts('2027-05-05T00:00:00Z') })
    instance(fixture, id, second).remove()
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Moved', startsAt: '2027-05-05T00:00:00Z' })
    expect(await mirrored(fixture)).toEqual([rest[1]])
    fixture.inGoogle.change(eventIdFor(id, 0), { recurrence: null })
    await fixture.setDefaultAnswer('cancel')
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject(resolved)
    expect(await mirrored(fixture)).toEqual([])
  })
})

describe('a write', () => {
  test.for(['series', 'own'] as const)(
    'changes the first instance only (etags: %s)',
    async (etags, { fixture, google }) => {
      google.world.state.switches.instanceEtags = etags
      const id = await series(fixture)
      await fixture.edit(id, { title: 'Sink', notes: 'Bring the snake', startsAt: '2027-05-03T00:30:00Z' })
      await fixture.sync()
      expect(titles(fixture)).toEqual(['Sink', 'Drain', 'Drain'])
      expect(fixture.event(eventIdFor(id, 0))?.description).not.toContain('snake')
      expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.list'])
      expect(await mirrored(fixture)).toEqual(rest)
    },
  )

  test.for<[string, () => EventDraft, Scope | null]>([
    ['all are moved', () => starts('2027-05-10T03:00:00Z'), 'all' as const],
    ['the event is single again', () => ({ recurrence: null }), null],
  ])('repeats the content of the first instance when %s', async ([_, changes, scope], { fixture }) => {
    const id = await series(fixture)
    await fixture.edit(id, { notes: 'Bring the snake', assigneeIds: [fixture.staffId, fixture.ownerId] })
    await fixture.sync()
    if (scope) instance(fixture, id, second).change(changes(), scope)
    else fixture.inGoogle.change(eventIdFor(id, 0), changes())
    await fixture.sync()
    const event = fixture.event((await fixture.mapping(id))?.eventId ?? '')
    expect(event?.description).toContain('snake')
    expect(event?.attendees).toHaveLength(2)
    await fixture.edit(id, { assigneeIds: [fixture.ownerId] })
    await fixture.sync()
    if (scope) instance(fixture, id, '20270510T030000Z').change(starts('2027-05-10T05:00:00Z'), scope)
    await fixture.sync()
    const after = fixture.event((await fixture.mapping(id))?.eventId ?? '')
    expect(after?.attendees?.map((guest) => guest.email)).toEqual([fixture.email])
    expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.list'])
  })

  test('changes the first instance only, even before a run has seen the series', async ({ fixture }) => {
    const id = await fixture.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await fixture.sync()
    repeat(fixture, id)
    await fixture.edit(id, { title: 'Sink' })
    await fixture.sync()
    expect(titles(fixture)).toEqual(['Sink', 'Blocked drain', 'Blocked drain'])
    expect(await mirrored(fixture)).toEqual(rest)
  })

  test.for([
    ['known to be a series', true],
    ['before a run has seen the series', false],
  ])('deletes the first instance only (%s)', async ([_, known], { fixture }) => {
    const id = await fixture.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await fixture.sync()
    repeat(fixture, id)
    if (known) await fixture.sync()
    await fixture.cancel(id)
    await fixture.sync()
    expect(titles(fixture)).toEqual(['Blocked drain', 'Blocked drain'])
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'gone' })
    expect(await mirrored(fixture)).toEqual(rest)
  })

  test('inserts a reinstated appointment beside the other instances', async ({ fixture }) => {
    const id = await series(fixture)
    await fixture.cancel(id)
    await fixture.sync()
    await fixture.edit(id, { status: 'booked' })
    await fixture.sync()
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', eventId: eventIdFor(id, 1) })
    expect(titles(fixture)).toEqual(['Drain', 'Drain', 'Drain'])
    expect(await mirrored(fixture)).toEqual(rest)
  })
})

describe('the end of the series', () => {
  test('made single again: the appointment maps to that event', async ({ fixture }) => {
    const id = await series(fixture)
    fixture.inGoogle.change(eventIdFor(id, 0), { recurrence: null, summary: 'Once' })
    await fixture.sync()
    expect(await mirrored(fixture)).toEqual([])
    expect(await fixture.appointment(id)).toMatchObject({ ...resolved, title: 'Once' })
    expect(await fixture.mapping(id)).toMatchObject({ eventId: eventIdFor(id, 0) })
    await fixture.edit(id, { title: 'Once more' })
    await fixture.sync()
    expect(titles(fixture)).toEqual(['Once more'])
  })

  test.for<[string, Scope, string[]]>([
    ['as a whole', 'all' as const, []],
    ['its first instance', 'this' as const, rest],
  ])('deleted %s: flagged until it is restored', async ([_, scope, left], { fixture }) => {
    const id = await series(fixture)
    instance(fixture, id, first).remove(scope)
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject(flagged)
    expect(await mirrored(fixture)).toEqual(left)
    const deleted = scope === 'all' ? eventIdFor(id, 0) : `${eventIdFor(id, 0)}_${first}`
    fixture.inGoogle.restore(deleted)
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject(resolved)
    expect(await mirrored(fixture)).toEqual(rest)
  })

  test('first instance deleted, put back: the next id, and the series continues alone', async ({ fixture }) => {
    await fixture.setDefaultAnswer('put-back')
    const id = await series(fixture)
    instance(fixture, id, first).remove()
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', eventId: eventIdFor(id, 1) })
    instance(fixture, id, second).change(starts('2027-05-10T03:00:00Z'), 'all')
    await fixture.sync()
    expect(await mirrored(fixture)).toEqual(['2027-05-03T03:00:00Z', '2027-05-10T03:00:00Z', '2027-05-17T03:00:00Z'])
    expect(await fixture.appointment(id)).toMatchObject({ startsAt: '2027-05-03T00:00:00Z' })
  })

  test('put back, and the first instance restored too: that one is the person’s own', async ({ fixture }) => {
    await fixture.setDefaultAnswer('put-back')
    const id = await series(fixture)
    instance(fixture, id, first).remove()
    await fixture.sync()
    fixture.inGoogle.restore(`${eventIdFor(id, 0)}_${first}`)
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ eventId: eventIdFor(id, 1) })
    expect(await mirrored(fixture)).toEqual(['2027-05-03T00:00:00Z', ...rest])
  })

  test('first instance deleted and the others moved: it stays flagged', async ({ fixture }) => {
    const id = await series(fixture)
    instance(fixture, id, first).remove()
    await fixture.sync()
    instance(fixture, id, second).change(starts('2027-05-10T03:00:00Z'), 'all')
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ ...flagged, startsAt: '2027-05-03T00:00:00Z' })
    expect(await mirrored(fixture)).toHaveLength(3)
  })

  test('a 404 for an instance does not count as deleted', async ({ fixture, google }) => {
    await fixture.setDefaultAnswer('cancel')
    const id = await series(fixture)
    instance(fixture, id, second).change({ summary: 'All' }, 'all')
    google.world.faults.push({
      match: { operation: 'events.get', path: first },
      kind: 'status',
      status: 404,
      times: 1,
    })
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ needsRefetch: true, attempts: 1 })
    await fixture.endBackoff()
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ ...resolved, title: 'All' })
  })
})

describe('unlink and change of calendar', () => {
  test('a change of calendar moves the appointment and leaves the other instances', async ({ fixture }) => {
    const id = await series(fixture)
    const other = fixture.addCalendar()
    await fixture.select(other)
    await fixture.sync()
    expect(titles(fixture)).toEqual(['Drain', 'Drain'])
    expect(await fixture.mapping(id, other)).toMatchObject({ state: 'live' })
    await fixture.select(fixture.calendarId)
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject(resolved)
    expect(titles(fixture)).toEqual(['Drain', 'Drain', 'Drain'])
    expect(await mirrored(fixture)).toEqual(rest)
  })

  test('back after the series was deleted: only the appointment is restored', async ({ fixture, google }) => {
    await series(fixture)
    await fixture.select(fixture.addCalendar())
    await fixture.sync()
    const { calendarId, email } = fixture
    for (const event of google.world.state.calendars.get(calendarId)?.events.values() ?? [])
      if (event.content.recurrence) google.person.remove({ calendarId, email, eventId: event.id })
    await fixture.select(calendarId)
    await fixture.sync()
    expect(titles(fixture)).toEqual(['Drain'])
  })

  test('a change of calendar before that is read removes the first instance only', async ({ fixture }) => {
    const id = await fixture.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await fixture.sync()
    repeat(fixture, id)
    await fixture.select(fixture.addCalendar())
    await fixture.sync()
    expect(titles(fixture)).toEqual(['Blocked drain', 'Blocked drain'])
  })

  test.for([
    ['known to be a series', true],
    ['made one while unlinked', false],
  ])('linked again, %s: adopted without a write', async ([_, known], { fixture }) => {
    const id = await fixture.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await fixture.sync()
    if (known) {
      repeat(fixture, id)
      await fixture.sync()
    }
    await unlink(fixture.viewer)
    if (!known) repeat(fixture, id)
    const done = await fixture.requestsDuring(() => linkAndSync(fixture))
    expect(done.filter((one) => ['events.insert', 'events.patch', 'events.delete'].includes(one))).toEqual([])
    expect(await fixture.appointment(id)).toMatchObject(resolved)
    expect(await fixture.mapping(id)).toMatchObject({ eventId: `${eventIdFor(id, 0)}_${first}` })
  })

  test('an unacknowledged insert that became a series is adopted', async ({ fixture, database }) => {
    fixture.injectFault('events.insert', { kind: 'lost-response', times: 1 })
    const id = await fixture.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    fixture.injectFault('events.list', { status: 503, times: 1 })
    await fixture.sync()
    repeat(fixture, id)
    await database.sql`update synced_calendars set retry_at = null where id = ${fixture.syncedCalendarId}`
    await fixture.sync()
    await fixture.edit(id, { title: 'Sink' })
    await fixture.endBackoff()
    await fixture.sync()
    expect(titles(fixture)).toEqual(['Sink', 'Blocked drain', 'Blocked drain'])
    expect(await mirrored(fixture)).toEqual(rest)
  })
})
