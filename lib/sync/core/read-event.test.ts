import { describe, expect, test } from 'vitest'
import type { RawEvent } from '#lib/google/wire.ts'
import { hasOnlyTimes, readEvent, readSnapshot } from './read-event.ts'

const zone = 'Australia/Sydney'
const timed: RawEvent = {
  id: 'abcdefghij',
  status: 'confirmed',
  etag: '"1"',
  updated: '2027-01-01T00:00:00.000Z',
  summary: 'Supplier',
  start: { dateTime: '2027-01-12T10:00:00+11:00', timeZone: zone },
  end: { dateTime: '2027-01-12T11:00:00+11:00', timeZone: zone },
}
const read = (changes: RawEvent) => readEvent({ ...timed, ...changes }, zone)
const live = (changes: RawEvent) => {
  const result = read(changes)
  if (result.kind !== 'live') throw new Error(`Read as ${result.kind}.`)
  return result.event
}

describe('defaults that Google leaves out', () => {
  test('opaque, default, untitled, without guests', () => {
    expect(live({ summary: undefined })).toMatchObject({
      kind: 'single',
      title: '',
      blocks: true,
      blocksWhy: 'busy',
      eventType: 'default',
      isPrivate: false,
      guestEmails: [],
      recurrence: null,
      location: '',
    })
  })

  test('null counts as absent', () => {
    expect(live({ summary: null, location: null, attendees: null, recurrence: null })).toMatchObject({
      title: '',
      location: '',
      guestEmails: [],
      kind: 'single',
    })
  })
})

describe('times', () => {
  const instants = { start: '2027-01-11T23:00:00Z', end: '2027-01-12T00:00:00Z' }

  test.each([
    ['an offset and no zone', undefined, null],
    ['an offset and a zone like GMT-07:00', 'GMT-07:00', '-07:00'],
    ['an offset and an unknown zone', 'Mars/Base', null],
  ])('%s: the instant counts', (_, timeZone, startZone) => {
    const times = live({ start: { dateTime: '2027-01-12T10:00:00+11:00', timeZone } }).times
    expect(times).toMatchObject({ ...instants, startZone })
  })

  test('start and end in different zones', () => {
    const end = { dateTime: '2027-01-12T13:00:00+13:00', timeZone: 'Pacific/Auckland' }
    expect(live({ end }).times).toMatchObject({
      ...instants,
      startZone: zone,
      endZone: 'Pacific/Auckland',
    })
  })

  test('all-day, the end exclusive', () => {
    expect(live({ start: { date: '2027-01-12' }, end: { date: '2027-01-14' } }).times).toEqual({
      allDay: true,
      start: '2027-01-12',
      end: '2027-01-14',
    })
  })

  test.each([
    ['a start with only a zone', { start: { timeZone: zone } }, 'missing'],
    ['no end', { end: undefined }, 'missing'],
    ['a date and a time', { start: { date: '2027-01-12' } }, 'mixed'],
    ['a malformed time', { start: { dateTime: 'yesterday' } }, 'unreadable'],
    ['an end before the start', { end: { dateTime: '2027-01-11T11:00:00+11:00' } }, 'ends-before-start'],
  ])('%s is unreadable, not an exception', (_, changes, reason) => {
    expect(read(changes)).toEqual({ kind: 'unreadable', id: 'abcdefghij', reason })
  })

  test('no id at all', () => {
    expect(readEvent({}, zone)).toEqual({ kind: 'unreadable', id: '', reason: 'no-id' })
  })
})

describe('series', () => {
  test('a master', () => {
    expect(live({ recurrence: ['RRULE:FREQ=DAILY'] })).toMatchObject({ kind: 'master' })
  })

  test('a moved instance is identified by its original start', () => {
    const event = live({
      id: 'abcdefghij_20270111T230000Z',
      recurringEventId: 'abcdefghij',
      originalStartTime: { dateTime: '2027-01-12T10:00:00+11:00' },
      start: { dateTime: '2027-01-13T10:00:00+11:00' },
      end: { dateTime: '2027-01-13T11:00:00+11:00' },
    })
    expect(event).toMatchObject({
      kind: 'exception',
      recurringEventId: 'abcdefghij',
      originalStart: '20270111T230000Z',
      cancelled: false,
      times: { start: '2027-01-12T23:00:00Z' },
    })
  })

  test('the master of a split series is not an instance', () => {
    expect(live({ id: 'abcdefghij_R20270111T230000', recurrence: ['RRULE:FREQ=DAILY'] })).toMatchObject({
      kind: 'master',
      recurringEventId: null,
    })
  })

  test.each([
    ['with everything', { recurringEventId: 'abcdefghij', originalStartTime: timed.start }],
    ['bare: only id and status', {}],
  ])('a cancelled instance, %s', (_, rest) => {
    expect(readEvent({ id: 'abcdefghij_20270111T230000Z', status: 'cancelled', ...rest }, zone)).toMatchObject({
      kind: 'live',
      event: {
        kind: 'exception',
        cancelled: true,
        recurringEventId: 'abcdefghij',
        originalStart: '20270111T230000Z',
        times: null,
      },
    })
  })

  test('a bare cancelled instance that is stored, with any form of id', () => {
    const known = { recurringEventId: 'abcdefghij_R20270111T230000', originalStart: '20270118T230000Z' }
    for (const id of ['abcdefghij_20270111T230000Z', 'something-else'])
      expect(readEvent({ id, status: 'cancelled' }, zone, known)).toMatchObject({
        event: { ...known, kind: 'exception', cancelled: true },
      })
  })

  test('a bare cancelled instance of an all-day series', () => {
    expect(readEvent({ id: 'abcdefghij_20270112', status: 'cancelled' }, zone)).toMatchObject({
      kind: 'live',
      event: { recurringEventId: 'abcdefghij', originalStart: '20270112', cancelled: true },
    })
  })
})

describe('deleted', () => {
  test('only id and status', () => {
    expect(readEvent({ id: 'abcdefghij', status: 'cancelled' }, zone)).toEqual({
      kind: 'deleted',
      id: 'abcdefghij',
      updated: null,
    })
  })

  test('with all its details, as in the organizer’s calendar', () => {
    expect(read({ status: 'cancelled', recurrence: ['RRULE:FREQ=DAILY'] })).toMatchObject({
      kind: 'deleted',
      id: 'abcdefghij',
    })
  })
})

describe('privacy', () => {
  test.each(['private', 'confidential'])('%s keeps no description', (visibility) => {
    expect(live({ visibility, description: 'secret' })).toMatchObject({ isPrivate: true, description: '' })
  })

  test('guests as lower-case addresses; guests without one are left out', () => {
    expect(live({ attendees: [{ email: 'Mia@X.example' }, { self: true }] }).guestEmails).toEqual(['mia@x.example'])
  })
})

const invisible = [
  '   ',
  '\u200b',
  '\u00a0\u2009',
  '\ufeff\u2060',
  '\u3164',
  '\u2800',
  '\u00ad',
  '\u202e\u202c',
  '\u034f',
  '\t\n',
]

test.each(invisible.map((title) => [JSON.stringify(title), title]))('a title of %s counts as none', (_, summary) => {
  expect(live({ summary }).title).toBe('')
  expect(readSnapshot({ ...timed, summary }, zone)?.title).toBeNull()
})

test.each(['.', '🔧', '修理', 'a\u200bb', '\u00ad-'])('a title of %s is kept', (summary) => {
  expect(live({ summary }).title).toBe(summary)
})

describe('guests', () => {
  const mia = { email: 'mia@x.example' }
  const owner = { email: 'olive@x.example', self: true }

  test('those who declined do not take part', () => {
    const attendees = [
      { ...mia, responseStatus: 'declined' },
      { ...owner, responseStatus: 'accepted' },
    ]
    expect(live({ attendees })).toMatchObject({
      guestEmails: [owner.email],
      selfEmail: owner.email,
      isDeclinedByAll: false,
    })
  })

  test.each(['needsAction', 'tentative', 'accepted', undefined])('answer %s: takes part', (responseStatus) => {
    expect(live({ attendees: [{ ...mia, responseStatus }] })).toMatchObject({
      guestEmails: [mia.email],
      selfEmail: null,
    })
  })

  test('all declined', () => {
    expect(live({ attendees: [{ ...mia, responseStatus: 'declined' }] })).toMatchObject({
      guestEmails: [],
      isDeclinedByAll: true,
    })
  })
})

describe('the snapshot of an event of ours', () => {
  const remoteSnapshot = (changes: RawEvent) => readSnapshot({ ...timed, ...changes }, zone)

  test('shared fields, and what people added', () => {
    const attendees = [{ email: 'friend@example.com', responseStatus: 'accepted', comment: 'late' }]
    expect(remoteSnapshot({ location: ' Manly ', description: 'text', attendees })).toMatchObject({
      title: 'Supplier',
      location: 'Manly',
      description: 'text',
      attendees,
    })
  })

  test('untitled is null, not an empty title', () => {
    expect(remoteSnapshot({ summary: '  ' })?.title).toBeNull()
  })

  test('texts longer than an appointment allows are cut', () => {
    expect(remoteSnapshot({ summary: 'x'.repeat(300), location: 'y'.repeat(600) })).toMatchObject({
      title: 'x'.repeat(200),
      location: 'y'.repeat(500),
    })
  })

  test('made all-day, it covers those days in the business’s zone', () => {
    expect(remoteSnapshot({ start: { date: '2027-01-12' }, end: { date: '2027-01-13' } })?.times).toEqual({
      allDay: false,
      start: '2027-01-11T13:00:00Z',
      end: '2027-01-12T13:00:00Z',
      startZone: zone,
      endZone: zone,
    })
  })

  test('no times: no snapshot', () => {
    expect(remoteSnapshot({ start: undefined, end: undefined })).toBeNull()
  })

  const span = (start: string, end: string) => ({ start: { dateTime: start }, end: { dateTime: end } })

  test.each([
    span('2027-01-11T23:00:00Z', '9999-12-31T23:59:59-05:00'),
    span('2027-01-11T23:00:00Z', '2027-01-25T23:00:01Z'),
    span('1999-12-31T23:00:00Z', '2000-01-01T00:00:00Z'),
    span('2201-01-01T00:00:00Z', '2201-01-01T01:00:00Z'),
    { start: { date: '2027-01-12' }, end: { date: '2027-01-27' } },
  ])('times that no appointment can have: no snapshot (%j)', (times) => {
    expect(remoteSnapshot(times)).toBeNull()
    expect(live(times).times).not.toBeNull()
  })

  test('14 days are the longest', () => {
    const times = { start: '2027-01-11T23:00:00Z', end: '2027-01-25T23:00:00Z' }
    expect(remoteSnapshot(span(times.start, times.end))?.times).toMatchObject(times)
  })

  test('no length: five minutes', () => {
    const times = { start: '2027-01-11T23:00:00Z', end: '2027-01-11T23:05:00Z' }
    expect(remoteSnapshot({ end: timed.start })?.times).toMatchObject(times)
  })

  test.each(['private', 'confidential'])('%s is noted', (visibility) => {
    expect(remoteSnapshot({ visibility })).toMatchObject({ isPrivate: true })
    expect(remoteSnapshot({ visibility: 'public' })).not.toHaveProperty('isPrivate')
  })
})

test('characters that Postgres cannot store are dropped or replaced, also where a limit splits a surrogate pair', () => {
  expect(live({ summary: 'a\0b', location: '\ud800x', description: '<b>\0</b>' })).toMatchObject({
    title: 'ab',
    location: '\ufffdx',
    description: '<b></b>',
  })
  const remoteSnapshot = readSnapshot({ ...timed, summary: `${'x'.repeat(199)}😀`, location: 'a\0' }, zone)
  expect(remoteSnapshot).toMatchObject({ title: `${'x'.repeat(199)}\ufffd`, location: 'a' })
})

describe('an event with only its times', () => {
  const bare: RawEvent = {
    id: 'a',
    etag: '"1"',
    status: 'confirmed',
    start: { date: '2027-01-01' },
    visibility: 'private',
  }

  test('is recognized', () => {
    expect(hasOnlyTimes(bare)).toBe(true)
    expect(hasOnlyTimes({ ...bare, summary: '', attendees: [] })).toBe(true)
  })

  test.each<Partial<RawEvent>>([
    { summary: 'Tap' },
    { description: 'Ours' },
    { location: 'Manly' },
    { attendees: [{ email: 'mia@harbour.example' }] },
    { extendedProperties: { private: { a: 'b' } } },
    { status: 'cancelled' },
  ])('has more than times: %o', (more) => {
    expect(hasOnlyTimes({ ...bare, ...more })).toBe(false)
  })
})
