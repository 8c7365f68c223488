import { Temporal } from 'temporal-polyfill'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { updateConnection } from '#db/queries/connections.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { linkAgain } from '#testing/link.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import type { EventDraft } from '../../../emulator/model.ts'
import type { Scope } from '../../../emulator/person/person.ts'
import { defaultSwitches } from '../../../emulator/switches.ts'
import { eventIdFor } from '../core/event-id.ts'
import { syncConnection } from '../run.ts'

/**
 * A copy that a person turned into a series: its first instance is the appointment, the rest is theirs. That nothing else of
 * it is ever written is checked after every test.
 */

const database = ownDatabase()
const google = ownGoogle()
let fixture: SyncFixture

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  Object.assign(google.world.state.switches, defaultSwitches())
  fixture = await setUpFixture(database, google)
})

const timeZone = 'Australia/Sydney'
const starts = (start: string) => {
  const end = Temporal.Instant.from(start).add({ hours: 1 }).toString()
  return { start: { dateTime: start, timeZone }, end: { dateTime: end, timeZone } }
}
const first = '20270503T000000Z'
const second = '20270510T000000Z'
const rest = ['2027-05-10T00:00:00Z', '2027-05-17T00:00:00Z']

const repeat = (id: string) =>
  google.person.makeRecurring({
    ...fixture.at(eventIdFor(id, 0)),
    recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'],
  })
/** Booked, in Google, and weekly there. */
const series = async () => {
  const id = await fixture.book({
    title: 'Drain',
    startsAt: '2027-05-03T00:00:00Z',
    endsAt: '2027-05-03T01:00:00Z',
  })
  await fixture.sync()
  repeat(id)
  await fixture.sync()
  return id
}
const change = (id: string, stamp: string, changes: EventDraft, scope: Scope = 'this') =>
  google.person.change({ ...fixture.at(`${eventIdFor(id, 0)}_${stamp}`), changes, scope })
const remove = (id: string, stamp: string, scope: Scope = 'this') =>
  google.person.remove({ ...fixture.at(`${eventIdFor(id, 0)}_${stamp}`), scope })
const mirrored = async () => (await fixture.mirror()).occurrences.map((one) => one.start)
const titles = () =>
  google.person
    .instances({ ...fixture.at(''), timeMin: '2027-01-01T00:00:00Z', timeMax: '2028-01-01T00:00:00Z' })
    .map((event) => event.summary)
const operations = async (work: () => Promise<unknown>) => {
  const before = google.world.log.last()
  await work()
  return google.world.log.since(before).map((entry) => entry.operation)
}
const standingAnswer = (answer: string) =>
  database.sql`update businesses set when_removed = ${answer} where id = ${fixture.businessId}`
const flagged = { status: 'booked', removedInGoogleAt: expect.any(String) }
const resolved = { status: 'booked', removedInGoogleAt: null }

describe('read', () => {
  test('the appointment is its first instance, the others take time as Google’s', async () => {
    const id = await series()
    expect(await mirrored()).toEqual(rest)
    expect(await fixture.mapping(id)).toMatchObject({
      state: 'live',
      needsRefetch: false,
      eventId: `${eventIdFor(id, 0)}_${first}`,
    })
    expect(await operations(fixture.sync)).toEqual(['events.list'])
  })

  test('a full read of the same writes nothing and asks for nothing else', async () => {
    await series()
    await updateConnection(database.db, fixture.connectionId, { syncToken: null })
    expect(await operations(fixture.sync)).toEqual(['events.list'])
  })

  test('its first instance is moved, or all of them are retitled: the appointment follows', async () => {
    const id = await series()
    change(id, first, starts('2027-05-04T02:00:00Z'))
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ startsAt: '2027-05-04T02:00:00Z' })
    change(id, second, { summary: 'Gutter' }, 'all')
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Gutter', startsAt: '2027-05-04T02:00:00Z' })
    expect(await mirrored()).toEqual(rest)
  })

  test('another instance is changed: the appointment does not follow', async () => {
    const id = await series()
    change(id, second, { ...starts('2027-05-11T05:00:00Z'), summary: 'Roof' })
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Drain', startsAt: '2027-05-03T00:00:00Z' })
    expect(await mirrored()).toEqual(['2027-05-11T05:00:00Z', rest[1]])
  })

  test('all are moved: the appointment is the new first instance', async () => {
    const id = await series()
    change(id, second, starts('2027-05-10T03:00:00Z'), 'all')
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ startsAt: '2027-05-03T03:00:00Z' })
    expect(await fixture.mapping(id)).toMatchObject({ eventId: `${eventIdFor(id, 0)}_20270503T030000Z` })
    expect(await mirrored()).toEqual(['2027-05-10T03:00:00Z', '2027-05-17T03:00:00Z'])
  })

  test('split after its first instance: the second half is a series of its own', async () => {
    const id = await series()
    change(id, second, { ...starts('2027-05-10T06:00:00Z'), summary: 'Later' }, 'following')
    await fixture.sync()
    await fixture.edit(id, { title: 'Sink' })
    await fixture.sync()
    expect(titles()).toEqual(['Sink', 'Later', 'Later'])
    expect(await mirrored()).toEqual(['2027-05-10T06:00:00Z', '2027-05-17T06:00:00Z'])
  })

  test('its series lies in the past and its first instance was moved ahead: shown once', async () => {
    const id = await fixture.book({ startsAt: '2026-01-05T00:00:00Z', endsAt: '2026-01-05T01:00:00Z' })
    await fixture.sync()
    repeat(id)
    change(id, '20260105T000000Z', starts('2027-05-05T00:00:00Z'))
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ startsAt: '2027-05-05T00:00:00Z' })
    change(id, '20260105T000000Z', { summary: 'Roof' })
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Roof' })
    expect(await mirrored()).toEqual([])
  })

  test.each([
    ['exceptions before the series', { exceptionsFirst: true, itemsPerPage: 1 }],
    ['an item a page', { itemsPerPage: 1 }],
    ['bare cancelled instances', { bareCancelledInstances: true }],
  ])('whatever the order: %s', async (_, switches) => {
    Object.assign(google.world.state.switches, switches)
    const id = await fixture.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await fixture.sync()
    repeat(id)
    change(id, first, { summary: 'Moved', ...starts('2027-05-05T00:00:00Z') })
    remove(id, second)
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Moved', startsAt: '2027-05-05T00:00:00Z' })
    expect(await mirrored()).toEqual([rest[1]])
    google.person.change({ ...fixture.at(eventIdFor(id, 0)), changes: { recurrence: null } })
    await standingAnswer('cancel')
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject(resolved)
    expect(await mirrored()).toEqual([])
  })
})

describe('written', () => {
  test.each(['series', 'own'] as const)(
    'an edit changes the first instance only; etag: %s',
    async (etags) => {
      google.world.state.switches.instanceEtags = etags
      const id = await series()
      await fixture.edit(id, { title: 'Sink', notes: 'Bring the snake', startsAt: '2027-05-03T00:30:00Z' })
      await fixture.sync()
      expect(titles()).toEqual(['Sink', 'Drain', 'Drain'])
      expect(fixture.event(eventIdFor(id, 0))?.description).not.toContain('snake')
      expect(await operations(fixture.sync)).toEqual(['events.list'])
      expect(await mirrored()).toEqual(rest)
    },
  )

  test.each([
    ['all are moved', () => starts('2027-05-10T03:00:00Z'), 'all' as const],
    ['it is single again', () => ({ recurrence: null }), null],
  ])('what was written into the first instance is said again when %s', async (_, changes, scope) => {
    const id = await series()
    await fixture.edit(id, { notes: 'Bring the snake', assigneeIds: [fixture.staffId, fixture.ownerId] })
    await fixture.sync()
    if (scope) change(id, second, changes(), scope)
    else google.person.change({ ...fixture.at(eventIdFor(id, 0)), changes: changes() })
    await fixture.sync()
    const event = fixture.event((await fixture.mapping(id))?.eventId ?? '')
    expect(event?.description).toContain('snake')
    expect(event?.attendees).toHaveLength(2)
    await fixture.edit(id, { assigneeIds: [fixture.ownerId] })
    await fixture.sync()
    if (scope) change(id, '20270510T030000Z', starts('2027-05-10T05:00:00Z'), scope)
    await fixture.sync()
    const after = fixture.event((await fixture.mapping(id))?.eventId ?? '')
    expect(after?.attendees?.map((guest) => guest.email)).toEqual([fixture.email])
    expect(await operations(fixture.sync)).toEqual(['events.list'])
  })

  test('edited before anybody has heard of the series: still the first instance only', async () => {
    const id = await fixture.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await fixture.sync()
    repeat(id)
    await fixture.edit(id, { title: 'Sink' })
    await fixture.sync()
    expect(titles()).toEqual(['Sink', 'Blocked drain', 'Blocked drain'])
    expect(await mirrored()).toEqual(rest)
  })

  test.each([
    ['known to be a series', true],
    ['before anybody has heard of it', false],
  ])('cancelled, %s: its first instance goes, the rest stays', async (_, known) => {
    const id = await fixture.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await fixture.sync()
    repeat(id)
    if (known) await fixture.sync()
    await fixture.cancel(id)
    await fixture.sync()
    expect(titles()).toEqual(['Blocked drain', 'Blocked drain'])
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'gone' })
    expect(await mirrored()).toEqual(rest)
  })

  test('cancelled and reinstated: in Google again, beside the rest', async () => {
    const id = await series()
    await fixture.cancel(id)
    await fixture.sync()
    await fixture.edit(id, { status: 'booked' })
    await fixture.sync()
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', eventId: eventIdFor(id, 1) })
    expect(titles()).toEqual(['Drain', 'Drain', 'Drain'])
    expect(await mirrored()).toEqual(rest)
  })
})

describe('ended', () => {
  test('made single again, the appointment is that one event', async () => {
    const id = await series()
    google.person.change({
      ...fixture.at(eventIdFor(id, 0)),
      changes: { recurrence: null, summary: 'Once' },
    })
    await fixture.sync()
    expect(await mirrored()).toEqual([])
    expect(await fixture.appointment(id)).toMatchObject({ ...resolved, title: 'Once' })
    expect(await fixture.mapping(id)).toMatchObject({ eventId: eventIdFor(id, 0) })
    await fixture.edit(id, { title: 'Once more' })
    await fixture.sync()
    expect(titles()).toEqual(['Once more'])
  })

  test.each([
    ['as a whole', 'all' as const, []],
    ['its first instance', 'this' as const, rest],
  ])('deleted %s: people are asked; brought back, the question goes', async (_, scope, left) => {
    const id = await series()
    remove(id, first, scope)
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject(flagged)
    expect(await mirrored()).toEqual(left)
    const deleted = scope === 'all' ? eventIdFor(id, 0) : `${eventIdFor(id, 0)}_${first}`
    google.person.restore(fixture.at(deleted))
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject(resolved)
    expect(await mirrored()).toEqual(rest)
  })

  test('its first instance deleted, the appointment put back: under the next id, and the series goes on alone', async () => {
    await standingAnswer('put-back')
    const id = await series()
    remove(id, first)
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', eventId: eventIdFor(id, 1) })
    change(id, second, starts('2027-05-10T03:00:00Z'), 'all')
    await fixture.sync()
    expect(await mirrored()).toEqual(['2027-05-03T03:00:00Z', '2027-05-10T03:00:00Z', '2027-05-17T03:00:00Z'])
    expect(await fixture.appointment(id)).toMatchObject({ startsAt: '2027-05-03T00:00:00Z' })
  })

  test('put back, and the old first instance brought back as well: that one is somebody’s own and takes time', async () => {
    await standingAnswer('put-back')
    const id = await series()
    remove(id, first)
    await fixture.sync()
    google.person.restore(fixture.at(`${eventIdFor(id, 0)}_${first}`))
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ eventId: eventIdFor(id, 1) })
    expect(await mirrored()).toEqual(['2027-05-03T00:00:00Z', ...rest])
  })

  test('its first instance deleted and the rest moved: the question stays', async () => {
    const id = await series()
    remove(id, first)
    await fixture.sync()
    change(id, second, starts('2027-05-10T03:00:00Z'), 'all')
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ ...flagged, startsAt: '2027-05-03T00:00:00Z' })
    expect(await mirrored()).toHaveLength(3)
  })

  test('that an instance is not found is no reason to believe it', async () => {
    await standingAnswer('cancel')
    const id = await series()
    change(id, second, { summary: 'All' }, 'all')
    google.world.faults.push({
      match: { operation: 'events.get', path: first },
      kind: 'status',
      status: 404,
      times: 1,
    })
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ needsRefetch: true, attempts: 1 })
    await database.sql`update event_mappings set next_attempt_at = null where appointment_id = ${id}`
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ ...resolved, title: 'All' })
  })
})

describe('links and calendars', () => {
  test('another calendar is chosen: the appointment moves there, the rest of the series stays', async () => {
    const id = await series()
    const other = fixture.addCalendar()
    await fixture.select(other)
    await fixture.sync()
    expect(titles()).toEqual(['Drain', 'Drain'])
    expect(await fixture.mapping(id, other)).toMatchObject({ state: 'live' })
    await fixture.select(fixture.calendarId)
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject(resolved)
    expect(titles()).toEqual(['Drain', 'Drain', 'Drain'])
    expect(await mirrored()).toEqual(rest)
  })

  test('what is left of the series is deleted, and the calendar chosen again: only the appointment comes back', async () => {
    await series()
    await fixture.select(fixture.addCalendar())
    await fixture.sync()
    const { calendarId, email } = fixture
    for (const event of google.world.state.calendars.get(calendarId)?.events.values() ?? [])
      if (event.content.recurrence) google.person.remove({ calendarId, email, eventId: event.id })
    await fixture.select(calendarId)
    await fixture.sync()
    expect(titles()).toEqual(['Drain'])
  })

  test('made a series unheard before another calendar is chosen: only the first instance leaves', async () => {
    const id = await fixture.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await fixture.sync()
    repeat(id)
    await fixture.select(fixture.addCalendar())
    await fixture.sync()
    expect(titles()).toEqual(['Blocked drain', 'Blocked drain'])
  })

  test.each([
    ['known to be a series', true],
    ['made one while nothing was linked', false],
  ])('linked again, %s: adopted, without a write', async (_, known) => {
    const id = await fixture.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await fixture.sync()
    if (known) {
      repeat(id)
      await fixture.sync()
    }
    await unlink(fixture.viewer)
    if (!known) repeat(id)
    const connectionId = await linkAgain(database, fixture, google)
    const done = await operations(() => syncConnection(database, connectionId))
    expect(done.filter((one) => ['events.insert', 'events.patch', 'events.delete'].includes(one))).toEqual([])
    expect(await fixture.appointment(id)).toMatchObject(resolved)
    expect(await fixture.mapping(id)).toMatchObject({ eventId: `${eventIdFor(id, 0)}_${first}` })
  })

  test('its making was never recorded, and a person made a series of it: adopted as its first instance', async () => {
    google.world.faults.push({ match: { operation: 'events.insert' }, kind: 'lost-response', times: 1 })
    const id = await fixture.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    google.world.faults.push({ match: { operation: 'events.list' }, kind: 'status', status: 503, times: 1 })
    await fixture.sync()
    repeat(id)
    await database.sql`update google_connections set retry_at = null where id = ${fixture.connectionId}`
    await fixture.sync()
    await fixture.edit(id, { title: 'Sink' })
    await database.sql`update event_mappings set next_attempt_at = null where appointment_id = ${id}`
    await fixture.sync()
    expect(titles()).toEqual(['Sink', 'Blocked drain', 'Blocked drain'])
    expect(await mirrored()).toEqual(rest)
  })
})
