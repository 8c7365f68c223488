import { Temporal } from 'temporal-polyfill'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { updateConnection } from '#db/queries/connections.ts'
import { ownDatabase } from '#db/testing/database.ts'
import { ownGoogle } from '#db/testing/google.ts'
import { unlink } from '#lib/google/unlink.ts'
import type { EventDraft } from '../../emulator/model.ts'
import type { Scope } from '../../emulator/person/person.ts'
import { defaultSwitches } from '../../emulator/switches.ts'
import { copyEventId } from './core/identity.ts'
import { syncConnection } from './sync-connection.ts'
import { linkAgain } from './testing/link.ts'
import { type Scene, setEnvironment, setScene } from './testing/scene.ts'

/**
 * A copy that a person turned into a series: its first instance is the appointment, the rest is theirs. That nothing else of
 * it is ever written is checked after every test.
 */

const database = ownDatabase()
const google = ownGoogle()
let scene: Scene

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  Object.assign(google.world.state.switches, defaultSwitches())
  scene = await setScene(database, google)
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
    ...scene.at(copyEventId(id, 0)),
    recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'],
  })
/** Booked, in Google, and weekly there. */
const series = async () => {
  const id = await scene.book({
    title: 'Drain',
    startsAt: '2027-05-03T00:00:00Z',
    endsAt: '2027-05-03T01:00:00Z',
  })
  await scene.sync()
  repeat(id)
  await scene.sync()
  return id
}
const change = (id: string, stamp: string, changes: EventDraft, scope: Scope = 'this') =>
  google.person.change({ ...scene.at(`${copyEventId(id, 0)}_${stamp}`), changes, scope })
const remove = (id: string, stamp: string, scope: Scope = 'this') =>
  google.person.remove({ ...scene.at(`${copyEventId(id, 0)}_${stamp}`), scope })
const mirrored = async () => (await scene.mirror()).occurrences.map((one) => one.start)
const titles = () =>
  google.person
    .instances({ ...scene.at(''), timeMin: '2027-01-01T00:00:00Z', timeMax: '2028-01-01T00:00:00Z' })
    .map((event) => event.summary)
const operations = async (work: () => Promise<unknown>) => {
  const before = google.world.log.last()
  await work()
  return google.world.log.since(before).map((entry) => entry.operation)
}
const standingAnswer = (answer: string) =>
  database.sql`update businesses set when_removed = ${answer} where id = ${scene.businessId}`
const flagged = { status: 'booked', removedInGoogleAt: expect.any(String) }
const standing = { status: 'booked', removedInGoogleAt: null }

describe('read', () => {
  test('the appointment is its first instance, the others take time as Google’s', async () => {
    const id = await series()
    expect(await mirrored()).toEqual(rest)
    expect(await scene.copy(id)).toMatchObject({
      state: 'live',
      unread: false,
      eventId: `${copyEventId(id, 0)}_${first}`,
    })
    expect(await operations(scene.sync)).toEqual(['events.list'])
  })

  test('a full read of the same writes nothing and asks for nothing else', async () => {
    await series()
    await updateConnection(database.db, scene.connectionId, { syncToken: null })
    expect(await operations(scene.sync)).toEqual(['events.list'])
  })

  test('its first instance is moved, or all of them are retitled: the appointment follows', async () => {
    const id = await series()
    change(id, first, starts('2027-05-04T02:00:00Z'))
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject({ startsAt: '2027-05-04T02:00:00Z' })
    change(id, second, { summary: 'Gutter' }, 'all')
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject({ title: 'Gutter', startsAt: '2027-05-04T02:00:00Z' })
    expect(await mirrored()).toEqual(rest)
  })

  test('another instance is changed: the appointment does not follow', async () => {
    const id = await series()
    change(id, second, { ...starts('2027-05-11T05:00:00Z'), summary: 'Roof' })
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject({ title: 'Drain', startsAt: '2027-05-03T00:00:00Z' })
    expect(await mirrored()).toEqual(['2027-05-11T05:00:00Z', rest[1]])
  })

  test('all are moved: the appointment is the new first instance', async () => {
    const id = await series()
    change(id, second, starts('2027-05-10T03:00:00Z'), 'all')
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject({ startsAt: '2027-05-03T03:00:00Z' })
    expect(await scene.copy(id)).toMatchObject({ eventId: `${copyEventId(id, 0)}_20270503T030000Z` })
    expect(await mirrored()).toEqual(['2027-05-10T03:00:00Z', '2027-05-17T03:00:00Z'])
  })

  test('split after its first instance: the second half is a series of its own', async () => {
    const id = await series()
    change(id, second, { ...starts('2027-05-10T06:00:00Z'), summary: 'Later' }, 'following')
    await scene.sync()
    await scene.edit(id, { title: 'Sink' })
    await scene.sync()
    expect(titles()).toEqual(['Sink', 'Later', 'Later'])
    expect(await mirrored()).toEqual(['2027-05-10T06:00:00Z', '2027-05-17T06:00:00Z'])
  })

  test('its series lies in the past and its first instance was moved ahead: shown once', async () => {
    const id = await scene.book({ startsAt: '2026-01-05T00:00:00Z', endsAt: '2026-01-05T01:00:00Z' })
    await scene.sync()
    repeat(id)
    change(id, '20260105T000000Z', starts('2027-05-05T00:00:00Z'))
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject({ startsAt: '2027-05-05T00:00:00Z' })
    change(id, '20260105T000000Z', { summary: 'Roof' })
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject({ title: 'Roof' })
    expect(await mirrored()).toEqual([])
  })

  test.each([
    ['exceptions before the series', { exceptionsFirst: true, itemsPerPage: 1 }],
    ['an item a page', { itemsPerPage: 1 }],
    ['bare cancelled instances', { bareCancelledInstances: true }],
  ])('whatever the order: %s', async (_, switches) => {
    Object.assign(google.world.state.switches, switches)
    const id = await scene.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await scene.sync()
    repeat(id)
    change(id, first, { summary: 'Moved', ...starts('2027-05-05T00:00:00Z') })
    remove(id, second)
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject({ title: 'Moved', startsAt: '2027-05-05T00:00:00Z' })
    expect(await mirrored()).toEqual([rest[1]])
    google.person.change({ ...scene.at(copyEventId(id, 0)), changes: { recurrence: null } })
    await standingAnswer('cancel')
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject(standing)
    expect(await mirrored()).toEqual([])
  })
})

describe('written', () => {
  test.each(['series', 'own'] as const)(
    'an edit changes the first instance only; etag: %s',
    async (etags) => {
      google.world.state.switches.instanceEtags = etags
      const id = await series()
      await scene.edit(id, { title: 'Sink', notes: 'Bring the snake', startsAt: '2027-05-03T00:30:00Z' })
      await scene.sync()
      expect(titles()).toEqual(['Sink', 'Drain', 'Drain'])
      expect(scene.event(copyEventId(id, 0))?.description).not.toContain('snake')
      expect(await operations(scene.sync)).toEqual(['events.list'])
      expect(await mirrored()).toEqual(rest)
    },
  )

  test.each([
    ['all are moved', () => starts('2027-05-10T03:00:00Z'), 'all' as const],
    ['it is single again', () => ({ recurrence: null }), null],
  ])('what was written into the first instance is said again when %s', async (_, changes, scope) => {
    const id = await series()
    await scene.edit(id, { notes: 'Bring the snake', assigneeIds: [scene.staffId, scene.ownerId] })
    await scene.sync()
    if (scope) change(id, second, changes(), scope)
    else google.person.change({ ...scene.at(copyEventId(id, 0)), changes: changes() })
    await scene.sync()
    const event = scene.event((await scene.copy(id))?.eventId ?? '')
    expect(event?.description).toContain('snake')
    expect(event?.attendees).toHaveLength(2)
    await scene.edit(id, { assigneeIds: [scene.ownerId] })
    await scene.sync()
    if (scope) change(id, '20270510T030000Z', starts('2027-05-10T05:00:00Z'), scope)
    await scene.sync()
    const after = scene.event((await scene.copy(id))?.eventId ?? '')
    expect(after?.attendees?.map((guest) => guest.email)).toEqual([scene.email])
    expect(await operations(scene.sync)).toEqual(['events.list'])
  })

  test('edited before anybody has heard of the series: still the first instance only', async () => {
    const id = await scene.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await scene.sync()
    repeat(id)
    await scene.edit(id, { title: 'Sink' })
    await scene.sync()
    expect(titles()).toEqual(['Sink', 'Blocked drain', 'Blocked drain'])
    expect(await mirrored()).toEqual(rest)
  })

  test.each([
    ['known to be a series', true],
    ['before anybody has heard of it', false],
  ])('cancelled, %s: its first instance goes, the rest stays', async (_, known) => {
    const id = await scene.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await scene.sync()
    repeat(id)
    if (known) await scene.sync()
    await scene.cancel(id)
    await scene.sync()
    expect(titles()).toEqual(['Blocked drain', 'Blocked drain'])
    await scene.sync()
    expect(await scene.copy(id)).toMatchObject({ state: 'gone' })
    expect(await mirrored()).toEqual(rest)
  })

  test('cancelled and reinstated: in Google again, beside the rest', async () => {
    const id = await series()
    await scene.cancel(id)
    await scene.sync()
    await scene.edit(id, { status: 'booked' })
    await scene.sync()
    await scene.sync()
    expect(await scene.copy(id)).toMatchObject({ state: 'live', eventId: copyEventId(id, 1) })
    expect(titles()).toEqual(['Drain', 'Drain', 'Drain'])
    expect(await mirrored()).toEqual(rest)
  })
})

describe('ended', () => {
  test('made single again, the appointment is that one event', async () => {
    const id = await series()
    google.person.change({
      ...scene.at(copyEventId(id, 0)),
      changes: { recurrence: null, summary: 'Once' },
    })
    await scene.sync()
    expect(await mirrored()).toEqual([])
    expect(await scene.appointment(id)).toMatchObject({ ...standing, title: 'Once' })
    expect(await scene.copy(id)).toMatchObject({ eventId: copyEventId(id, 0) })
    await scene.edit(id, { title: 'Once more' })
    await scene.sync()
    expect(titles()).toEqual(['Once more'])
  })

  test.each([
    ['as a whole', 'all' as const, []],
    ['its first instance', 'this' as const, rest],
  ])('deleted %s: people are asked; brought back, the question goes', async (_, scope, left) => {
    const id = await series()
    remove(id, first, scope)
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject(flagged)
    expect(await mirrored()).toEqual(left)
    const deleted = scope === 'all' ? copyEventId(id, 0) : `${copyEventId(id, 0)}_${first}`
    google.person.restore(scene.at(deleted))
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject(standing)
    expect(await mirrored()).toEqual(rest)
  })

  test('its first instance deleted, the appointment put back: under the next id, and the series goes on alone', async () => {
    await standingAnswer('put-back')
    const id = await series()
    remove(id, first)
    await scene.sync()
    expect(await scene.copy(id)).toMatchObject({ state: 'live', eventId: copyEventId(id, 1) })
    change(id, second, starts('2027-05-10T03:00:00Z'), 'all')
    await scene.sync()
    expect(await mirrored()).toEqual(['2027-05-03T03:00:00Z', '2027-05-10T03:00:00Z', '2027-05-17T03:00:00Z'])
    expect(await scene.appointment(id)).toMatchObject({ startsAt: '2027-05-03T00:00:00Z' })
  })

  test('put back, and the old first instance brought back as well: that one is somebody’s own and takes time', async () => {
    await standingAnswer('put-back')
    const id = await series()
    remove(id, first)
    await scene.sync()
    google.person.restore(scene.at(`${copyEventId(id, 0)}_${first}`))
    await scene.sync()
    expect(await scene.copy(id)).toMatchObject({ eventId: copyEventId(id, 1) })
    expect(await mirrored()).toEqual(['2027-05-03T00:00:00Z', ...rest])
  })

  test('its first instance deleted and the rest moved: the question stays', async () => {
    const id = await series()
    remove(id, first)
    await scene.sync()
    change(id, second, starts('2027-05-10T03:00:00Z'), 'all')
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject({ ...flagged, startsAt: '2027-05-03T00:00:00Z' })
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
    await scene.sync()
    expect(await scene.copy(id)).toMatchObject({ unread: true, attempts: 1 })
    await database.sql`update copies set next_attempt_at = null where appointment_id = ${id}`
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject({ ...standing, title: 'All' })
  })
})

describe('links and calendars', () => {
  test('another calendar is chosen: the appointment moves there, the rest of the series stays', async () => {
    const id = await series()
    const other = scene.addCalendar()
    await scene.select(other)
    await scene.sync()
    expect(titles()).toEqual(['Drain', 'Drain'])
    expect(await scene.copy(id, other)).toMatchObject({ state: 'live' })
    await scene.select(scene.calendarId)
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject(standing)
    expect(titles()).toEqual(['Drain', 'Drain', 'Drain'])
    expect(await mirrored()).toEqual(rest)
  })

  test('what is left of the series is deleted, and the calendar chosen again: only the appointment comes back', async () => {
    await series()
    await scene.select(scene.addCalendar())
    await scene.sync()
    const { calendarId, email } = scene
    for (const event of google.world.state.calendars.get(calendarId)?.events.values() ?? [])
      if (event.content.recurrence) google.person.remove({ calendarId, email, eventId: event.id })
    await scene.select(calendarId)
    await scene.sync()
    expect(titles()).toEqual(['Drain'])
  })

  test('made a series unheard before another calendar is chosen: only the first instance leaves', async () => {
    const id = await scene.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await scene.sync()
    repeat(id)
    await scene.select(scene.addCalendar())
    await scene.sync()
    expect(titles()).toEqual(['Blocked drain', 'Blocked drain'])
  })

  test.each([
    ['known to be a series', true],
    ['made one while nothing was linked', false],
  ])('linked again, %s: adopted, without a write', async (_, known) => {
    const id = await scene.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    await scene.sync()
    if (known) {
      repeat(id)
      await scene.sync()
    }
    await unlink(scene.viewer)
    if (!known) repeat(id)
    const connectionId = await linkAgain(database, scene, google)
    const done = await operations(() => syncConnection(database, connectionId))
    expect(done.filter((one) => ['events.insert', 'events.patch', 'events.delete'].includes(one))).toEqual([])
    expect(await scene.appointment(id)).toMatchObject(standing)
    expect(await scene.copy(id)).toMatchObject({ eventId: `${copyEventId(id, 0)}_${first}` })
  })

  test('its making was never recorded, and a person made a series of it: adopted as its first instance', async () => {
    google.world.faults.push({ match: { operation: 'events.insert' }, kind: 'lost-response', times: 1 })
    const id = await scene.book({ startsAt: '2027-05-03T00:00:00Z', endsAt: '2027-05-03T01:00:00Z' })
    google.world.faults.push({ match: { operation: 'events.list' }, kind: 'status', status: 503, times: 1 })
    await scene.sync()
    repeat(id)
    await database.sql`update google_connections set retry_at = null where id = ${scene.connectionId}`
    await scene.sync()
    await scene.edit(id, { title: 'Sink' })
    await database.sql`update copies set next_attempt_at = null where appointment_id = ${id}`
    await scene.sync()
    expect(titles()).toEqual(['Sink', 'Blocked drain', 'Blocked drain'])
    expect(await mirrored()).toEqual(rest)
  })
})
