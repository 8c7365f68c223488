import { beforeEach, describe, expect, test } from 'vitest'
import { createWorld, type World } from '../world.ts'
import { createPerson } from './create-person.ts'
import type { Person } from './person.ts'

const email = 'olive@example.com'
const at = { email, calendarId: 'primary' }
const year = { ...at, timeMin: '2026-01-01T00:00:00Z', timeMax: '2027-01-01T00:00:00Z' }
const berlin = (dateTime: string) => ({ dateTime, timeZone: 'Europe/Berlin' })

let world: World
let person: Person

beforeEach(() => {
  world = createWorld()
  person = createPerson(world)
  person.addAccount({ email, name: 'Olive Harbour', timeZone: 'Europe/Berlin' })
})

const weekly = (recurrence = ['RRULE:FREQ=WEEKLY;COUNT=6']) =>
  person.create({
    ...at,
    event: {
      id: 'series',
      summary: 'Round',
      start: berlin('2026-03-16T09:00:00'),
      end: berlin('2026-03-16T10:00:00'),
      recurrence,
    },
  })
const starts = () => person.instances(year).map(({ start }) => start.dateTime ?? start.date)

describe('series', () => {
  test('keep wall time across the change to summer time', () => {
    weekly(['RRULE:FREQ=WEEKLY;COUNT=3'])
    expect(starts()).toEqual(['2026-03-16T09:00:00+01:00', '2026-03-23T09:00:00+01:00', '2026-03-30T09:00:00+02:00'])
    expect(person.instances(year).map(({ id }) => id)[2]).toBe('series_20260330T070000Z')
  })

  test('accept EXDATE and RDATE in every form, and UNTIL in UTC', () => {
    weekly([
      'RRULE:FREQ=WEEKLY;UNTIL=20260413T070000Z',
      'EXDATE;TZID=Europe/Berlin:20260323T090000',
      'EXDATE:20260330T070000Z',
      'RDATE;TZID=America/New_York:20260401T030000',
    ])
    expect(starts()).toEqual([
      '2026-03-16T09:00:00+01:00',
      '2026-04-01T09:00:00+02:00',
      '2026-04-06T09:00:00+02:00',
      '2026-04-13T09:00:00+02:00',
    ])
  })

  test('ids of all-day instances contain dates', () => {
    const event = {
      id: 'daily',
      start: { date: '2026-03-28' },
      end: { date: '2026-03-30' },
      recurrence: ['RRULE:FREQ=MONTHLY;UNTIL=20260528'],
    }
    person.create({ ...at, event })
    expect(person.instances(year).map(({ id, end }) => [id, end.date])).toEqual([
      ['daily_20260328', '2026-03-30'],
      ['daily_20260428', '2026-04-30'],
      ['daily_20260528', '2026-05-30'],
    ])
  })

  test('a moved instance and a removed one keep their original start and id', () => {
    weekly()
    const moved = person.change({
      ...at,
      eventId: 'series_20260323T080000Z',
      changes: { start: berlin('2026-03-24T12:00:00'), end: berlin('2026-03-24T13:00:00') },
    })
    expect(moved).toMatchObject({
      id: 'series_20260323T080000Z',
      recurringEventId: 'series',
      originalStartTime: { dateTime: '2026-03-23T09:00:00+01:00' },
      iCalUID: 'series@google.com',
    })
    expect(moved).not.toHaveProperty('recurrence')
    person.remove({ ...at, eventId: 'series_20260330T070000Z' })
    expect(person.event({ ...at, eventId: 'series_20260330T070000Z' })).toEqual({
      kind: 'calendar#event',
      etag: expect.any(String),
      id: 'series_20260330T070000Z',
      status: 'cancelled',
      recurringEventId: 'series',
      originalStartTime: { dateTime: '2026-03-30T09:00:00+02:00', timeZone: 'Europe/Berlin' },
    })
    world.state.switches.bareCancelledInstances = true
    expect(Object.keys(person.event({ ...at, eventId: 'series_20260330T070000Z' }) ?? {})).toEqual([
      'kind',
      'id',
      'status',
    ])
    expect(starts()).toHaveLength(5)
    expect(starts()[1]).toBe('2026-03-24T12:00:00+01:00')
  })

  test('“this and following” creates the _R series and continues its COUNT', () => {
    weekly()
    const series = person.change({
      ...at,
      eventId: 'series_20260330T070000Z',
      scope: 'following',
      changes: { start: berlin('2026-03-30T11:00:00'), end: berlin('2026-03-30T12:00:00') },
    })
    expect(series).toMatchObject({
      id: 'series_R20260330T090000',
      iCalUID: 'series_R20260330T090000@google.com',
      recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'],
    })
    expect(person.event({ ...at, eventId: 'series' })?.recurrence).toEqual(['RRULE:FREQ=WEEKLY;UNTIL=20260330T065959Z'])
    expect(starts()).toHaveLength(6)
    expect(starts().map((start) => start?.slice(11, 13))).toEqual(['09', '09', '11', '11', '11', '11'])
  })

  test('“all” moves the whole series by as much; exceptions that no longer fit are cancelled', () => {
    weekly()
    person.change({ ...at, eventId: 'series_20260323T080000Z', changes: { summary: 'Other' } })
    person.change({
      ...at,
      eventId: 'series_20260330T070000Z',
      scope: 'all',
      changes: { start: berlin('2026-03-31T10:00:00'), end: berlin('2026-03-31T11:30:00') },
    })
    expect(starts().slice(0, 3)).toEqual([
      '2026-03-17T10:00:00+01:00',
      '2026-03-24T10:00:00+01:00',
      '2026-03-31T10:00:00+02:00',
    ])
    expect(person.instances(year).every(({ summary }) => summary === 'Round')).toBe(true)
  })

  test('“all” on an instance that became all-day gives the series its dates', () => {
    weekly()
    const eventId = 'series_20260323T080000Z'
    person.change({ ...at, eventId, changes: { start: { date: '2026-03-23' }, end: { date: '2026-03-24' } } })
    const days = { start: { date: '2026-03-25' }, end: { date: '2026-03-26' } }
    person.change({ ...at, eventId, scope: 'all', changes: days })
    expect(person.event({ ...at, eventId: 'series' })).toMatchObject(days)
  })

  test('a change for all reaches exceptions that have not changed the same field', () => {
    weekly()
    const eventId = 'series_20260323T080000Z'
    person.change({ ...at, eventId, changes: { location: 'Yard' } })
    person.change({ ...at, eventId: 'series', changes: { summary: 'New', location: 'Shop' } })
    expect(person.event({ ...at, eventId })).toMatchObject({ summary: 'New', location: 'Yard' })
  })

  test('“this and following” and “all” can be removed, and the series restored', () => {
    weekly()
    person.remove({ ...at, eventId: 'series_20260406T070000Z', scope: 'following' })
    expect(starts()).toHaveLength(3)
    person.remove({ ...at, eventId: 'series_20260323T080000Z', scope: 'all' })
    expect(starts()).toEqual([])
    person.restore({ ...at, eventId: 'series' })
    expect(starts()).toHaveLength(3)
  })

  test('an exception that was cancelled with the rule of its series cannot be restored', () => {
    weekly()
    const eventId = 'series_20260323T080000Z'
    person.change({ ...at, eventId, changes: { location: 'Yard' } })
    person.change({ ...at, eventId: 'series', changes: { recurrence: null } })
    expect(person.event({ ...at, eventId })).toMatchObject({ status: 'cancelled' })
    expect(() => person.restore({ ...at, eventId })).toThrow('not in the bin')
  })

  test('a cancelled exception is in the delta of the change by which its original start exists again', () => {
    weekly()
    const eventId = 'series_20260323T080000Z'
    person.remove({ ...at, eventId })
    person.change({ ...at, eventId: 'series', changes: { recurrence: null } })
    const before = person.event({ ...at, eventId })
    person.change({ ...at, eventId: 'series', changes: { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=6'] } })
    const after = person.event({ ...at, eventId })
    expect(after).toMatchObject({ status: 'cancelled' })
    expect(after?.etag).not.toBe(before?.etag)
    expect(starts()).toHaveLength(5)
  })
})

describe('other actions', () => {
  const single = {
    id: 'single',
    start: berlin('2026-03-16T09:00:00'),
    end: berlin('2026-03-16T10:00:00'),
    extendedProperties: { private: { mark: 'x' } },
  }

  test('a duplicate has another id and, by switch, the private properties', () => {
    person.create({ ...at, event: single })
    const ref = { ...at, eventId: 'single' }
    expect(person.duplicate(ref)).toMatchObject({ extendedProperties: { private: { mark: 'x' } } })
    world.state.switches.duplicateCopiesPrivateProperties = false
    const bare = person.duplicate(ref)
    expect(bare.id).not.toBe('single')
    expect(bare).not.toHaveProperty('extendedProperties')
  })

  test('an event moved to another calendar keeps its id and leaves a stub', () => {
    person.create({ ...at, event: single })
    const other = person.addCalendar({ email, summary: 'Other' }).id
    const moved = person.moveToCalendar({ ...at, eventId: 'single', destination: other })
    expect(moved).toMatchObject({ id: 'single', organizer: { email: other, self: true } })
    expect(person.event({ ...at, eventId: 'single' })).toMatchObject({ status: 'cancelled' })
    expect(() => person.restore({ ...at, eventId: 'single' })).toThrow('moved away')
  })

  test('an event can be made recurring; an invitation by another account can be answered', () => {
    person.create({ ...at, event: single })
    person.makeRecurring({ ...at, eventId: 'single', recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] })
    expect(starts()).toHaveLength(3)
    const { id: _, ...times } = single
    const invitation = person.create({
      ...at,
      event: { ...times, organizer: { email: 'x@y.example' }, attendees: [{ email }] },
    })
    expect(invitation.organizer).toEqual({ email: 'x@y.example' })
    const declined = person.respond({ ...at, eventId: invitation.id, responseStatus: 'declined' })
    expect(declined.attendees).toMatchObject([{ email, self: true, responseStatus: 'declined' }])
  })

  test('invalid calls throw', () => {
    expect(() => person.create({ ...at, event: { start: berlin('2026-03-16T09:00:00') } })).toThrow('Missing end time')
    expect(() => person.remove({ ...at, eventId: 'nothing' })).toThrow('no event')
    expect(() => person.calendars('unknown@x.example')).toThrow('no account')
  })
})

describe('guests', () => {
  const mia = { email: 'mia@example.com', calendarId: 'primary' }
  const guestIds = () => person.instances({ ...year, ...mia }).map(({ id }) => id)

  beforeEach(() => {
    person.addAccount({ email: mia.email, name: 'Mia', timeZone: 'Europe/Berlin' })
    weekly(['RRULE:FREQ=WEEKLY;COUNT=3'])
    person.change({ ...at, eventId: 'series', changes: { attendees: [{ email: mia.email }] } })
  })

  test('lose a removed instance and follow a moved series', () => {
    expect(guestIds()).toHaveLength(3)
    person.remove({ ...at, eventId: 'series_20260323T080000Z' })
    expect(guestIds()).toEqual(['series_20260316T080000Z', 'series_20260330T070000Z'])
    const changes = { start: berlin('2026-03-17T09:00:00'), end: berlin('2026-03-17T10:00:00') }
    person.change({ ...at, eventId: 'series', changes })
    expect(guestIds()).toHaveLength(3)
  })

  test('can answer for one instance', () => {
    const eventId = 'series_20260323T080000Z'
    person.respond({ ...mia, eventId, responseStatus: 'declined' })
    expect(person.event({ ...at, eventId })?.attendees).toMatchObject([{ responseStatus: 'declined' }])
    expect(person.event({ ...at, eventId: 'series' })?.attendees).toMatchObject([{ responseStatus: 'needsAction' }])
  })

  test('lose the event when they are removed from it or it is deleted', () => {
    person.change({ ...at, eventId: 'series', changes: { attendees: null } })
    expect(guestIds()).toEqual([])
    person.change({ ...at, eventId: 'series', changes: { attendees: [{ email: mia.email }] } })
    expect(guestIds()).toHaveLength(3)
    person.remove({ ...at, eventId: 'series' })
    expect(guestIds()).toEqual([])
  })
})
