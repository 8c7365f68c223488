import { describe, expect, test } from 'vitest'
import { limits, readCalendarPage, readChannel, readEventPage, readNothing, readOneEvent } from './read-answer.ts'

const at = (hour: number) => ({
  dateTime: `2027-03-01T${String(hour).padStart(2, '0')}:00:00+10:00`,
  timeZone: 'Australia/Sydney',
})
const event = (more: object = {}) => ({
  id: 'e1',
  status: 'confirmed',
  etag: '"3480508598540894"',
  updated: '2027-02-22T19:58:19.270Z',
  summary: 'Haircut',
  start: at(9),
  end: at(10),
  ...more,
})
const page = (more: object = {}) => ({
  items: [event()],
  nextSyncToken: 's1',
  timeZone: 'Australia/Sydney',
  accessRole: 'owner',
  ...more,
})
/** As it comes over the wire: `undefined` is absent. */
const wire = (body: unknown) => JSON.parse(JSON.stringify(body))
const readPage = (body: unknown, pageToken?: string) => readEventPage(wire(body), { pageToken })
const items = (...given: unknown[]) => {
  const read = readPage(page({ items: given }))
  if ('odd' in read) throw new Error(read.odd)
  return read.data
}
const corrected = (more: object) => items(event(more)).items[0]

const notAnObject = ['<!doctype html><title>Sign in</title>', '"text"', 'null', '[]', '7', 'true']

describe('a page of events', () => {
  test('is accepted with its token, zone and role', () => {
    expect(readPage(page())).toEqual({
      data: {
        items: [event()],
        unreadableItems: 0,
        unreadableIds: [],
        withoutTextIds: [],
        itemsAbsent: false,
        nextPageToken: null,
        nextSyncToken: 's1',
        timeZone: 'Australia/Sydney',
        accessRole: 'owner',
      },
    })
  })

  test.each(['summary', 'description', 'location'])('names the items that lost their %s', (field) => {
    const items = [event({ [field]: true }), event({ id: 'e2' })]
    expect(readPage(page({ items }))).toMatchObject({
      data: { items: [{ id: 'e1' }, { id: 'e2' }], unreadableItems: 0, withoutTextIds: ['e1'] },
    })
    const asked = { eventId: 'e1', written: false }
    expect(readOneEvent(event({ [field]: 7 }), asked)).toEqual({ odd: 'unreadable-event' })
  })

  test.each([
    ['no-token', {}],
    ['no-token', { items: [] }],
    ['no-token', page({ nextSyncToken: undefined })],
    ['two-tokens', page({ nextPageToken: 'p1' })],
    ['unusable-token', page({ nextSyncToken: '' })],
    ['unusable-token', page({ nextSyncToken: null })],
    ['unusable-token', page({ nextSyncToken: 7 })],
    ['unusable-token', page({ nextSyncToken: 'a\0b' })],
    ['unusable-token', page({ nextSyncToken: '\ud83d' })],
    ['unusable-token', page({ nextSyncToken: 'x'.repeat(limits.token + 1) })],
    ['no-items', page({ items: null })],
    ['no-items', page({ items: {} })],
    ['no-items', page({ items: '' })],
    ['too-many-items', page({ items: Array.from({ length: 2501 }, () => event()) })],
  ])('%s: %#', (odd, body) => {
    expect(readEventPage(body, {})).toEqual({ odd })
  })

  test.each([...notAnObject, '', undefined])('%j is no page', (body) => {
    expect(readEventPage(body, {})).toEqual({ odd: 'not-an-object' })
  })

  test('one that leads to itself does not get on', () => {
    const body = page({ nextSyncToken: undefined, nextPageToken: 'p1' })
    expect(readPage(body, 'p1')).toEqual({ odd: 'page-repeats' })
    expect(readPage(body, 'p0')).toMatchObject({ data: { nextPageToken: 'p1', nextSyncToken: null } })
  })

  test('without items it is empty, and says so', () => {
    expect(readPage(page({ items: undefined }))).toMatchObject({ data: { items: [], itemsAbsent: true } })
  })

  test.each([
    ['GMT-07:00', '-07:00'],
    ['GMT+05:30', '+05:30'],
    ['UTC+9', '+09:00'],
    ['Mars/Olympus', null],
    [7, null],
    [undefined, null],
    ['x'.repeat(300), null],
  ])('the zone %j is read as %j', (timeZone, read) => {
    expect(readPage(page({ timeZone }))).toMatchObject({ data: { timeZone: read } })
  })

  test.each([
    ['no object', 'text', []],
    ['null', null, []],
    ['a list', [], []],
    ['no id', event({ id: undefined }), []],
    ['an empty id', event({ id: '' }), []],
    ['an id of another type', event({ id: 7 }), []],
    ['an id that is too long', event({ id: 'x'.repeat(1025) }), []],
    ['an id that cannot be stored', event({ id: 'e\0' }), []],
    ['no etag', event({ etag: undefined }), ['e1']],
    ['an etag that is no header', event({ etag: '"\n"' }), ['e1']],
    ['an etag that matches every version', event({ etag: '*' }), ['e1']],
    ['an etag without quotes', event({ etag: '3480508598540894' }), ['e1']],
    ['an unknown status', event({ status: 'maybe' }), ['e1']],
    ['a status of another type', event({ status: { a: 1 } }), ['e1']],
    ['a series of another type', event({ recurringEventId: 7 }), ['e1']],
    ['a rule of another type', event({ recurrence: 'RRULE:FREQ=DAILY' }), ['e1']],
    ['a rule that is no text', event({ recurrence: [7] }), ['e1']],
    ['guests of another type', event({ attendees: {} }), ['e1']],
    ['a guest of another type', event({ attendees: ['ann@x.example'] }), ['e1']],
    ['too many guests', event({ attendees: Array.from({ length: 5001 }, () => ({})) }), ['e1']],
  ])('an item with %s is counted, and its neighbours stay', (_, item, unreadableIds) => {
    const read = items(item, event({ id: 'e2' }))
    expect(read.items.map(({ id }) => id)).toEqual(['e2'])
    expect(read).toMatchObject({ unreadableItems: 1, unreadableIds })
  })

  test('a deletion may consist of id and status', () => {
    expect(items({ id: 'e1', status: 'cancelled' })).toMatchObject({
      items: [{ id: 'e1', status: 'cancelled' }],
      unreadableItems: 0,
    })
  })
})

describe('fields of an event', () => {
  test.each([
    ['summary', limits.title],
    ['description', limits.description],
    ['location', limits.location],
    ['visibility', limits.word],
    ['eventType', limits.word],
    ['transparency', limits.word],
  ] as const)('%s is storable and bounded', (name, max) => {
    expect(corrected({ [name]: `a\0${'\ud83d'}` })?.[name]).toBe('a\ufffd')
    expect(corrected({ [name]: 'x'.repeat(max + 1) })?.[name]).toHaveLength(max)
  })

  test.each(['summary', 'description', 'location', 'transparency', 'eventType', 'start', 'htmlLink', 'updated'])(
    '%s of another type counts as absent',
    (name) => {
      expect(corrected({ [name]: 7 })).toHaveProperty(name, undefined)
    },
  )

  test('a visibility of another type hides the event', () => {
    expect(corrected({ visibility: 7 })?.visibility).toBe('private')
  })

  test.each([
    ['2027-02-22T19:58:19.270Z', '2027-02-22T19:58:19.270Z'],
    ['2027-02-22T19:58:19+10:00', '2027-02-22T09:58:19.000Z'],
    ['0000-01-01T00:00:00Z', undefined],
    ['0000-01-01T00:00:00.000Z', undefined],
    ['2027-02-30T19:58:19.270Z', '2027-03-02T19:58:19.270Z'],
    ['2027-02-22T24:58:19.270Z', undefined],
    ['9999-12-31T23:59:59-05:00', undefined],
    ['yesterday', undefined],
    ['2027-02-30T25:00:00Z', undefined],
  ])('updated %s is read as %s', (updated, read) => {
    expect(corrected({ updated })?.updated).toBe(read)
  })

  test.each(['javascript:alert(1)', 'https://x.example/a b', 'data:text/html,x', '//x.example', 'https://'])(
    '%s is no link',
    (htmlLink) => {
      expect(corrected({ htmlLink })?.htmlLink).toBeUndefined()
    },
  )

  test('guests keep their other members', () => {
    const guest = { email: 'ann@x.example', displayName: 'An\0n', optional: true, additionalGuests: 2 }
    expect(corrected({ attendees: [guest] })?.attendees).toEqual([{ ...guest, displayName: 'Ann' }])
    const odd = corrected({ attendees: [{ email: 'ann@x.example', responseStatus: 'maybe' }] })
    expect(odd?.attendees).toEqual([{ email: 'ann@x.example' }])
    const long = corrected({ attendees: [{ email: 'a'.repeat(1000), comment: { nested: '\0' } }] })
    expect(long?.attendees).toEqual([{ email: 'a'.repeat(limits.email), comment: undefined }])
  })

  test('private properties are text', () => {
    const read = (extendedProperties: unknown) => corrected({ extendedProperties })?.extendedProperties
    expect(read({ private: { a: 'x\0', b: 7, '\ud83d': 'c' }, shared: { d: '\0' } })).toEqual({
      private: { a: 'x' },
    })
    expect(read('text')).toEqual({ private: {} })
    expect(read({ private: [] })).toEqual({ private: {} })
  })

  test('rules that are too long stay too long', () => {
    const lines = Array.from({ length: 2000 }, () => `EXDATE:${'20270301T090000Z,'.repeat(20)}`)
    const length = corrected({ recurrence: lines })?.recurrence?.join('').length ?? 0
    expect(length).toBeGreaterThan(limits.recurrence - lines.length)
    expect(length).toBeLessThanOrEqual(limits.recurrence + 1)
    expect(corrected({ recurrence: ['RRULE:FREQ=DAILY', 'EXDATE:20270302T090000Z'] })?.recurrence).toEqual([
      'RRULE:FREQ=DAILY',
      'EXDATE:20270302T090000Z',
    ])
  })

  test('reminders are what Google defines', () => {
    const popup = { method: 'popup', minutes: 10 }
    expect(corrected({ reminders: { useDefault: false, overrides: [popup, { method: '\0' }, 7] } })?.reminders).toEqual(
      {
        useDefault: false,
        overrides: [popup],
      },
    )
    expect(corrected({ reminders: 'none' })?.reminders).toBeUndefined()
  })
})

describe('one event', () => {
  const one = (body: unknown, written = false) => readOneEvent(body, { eventId: 'e1', written })

  test('is accepted under the id that was asked for', () => {
    expect(one(event(), true)).toEqual({ data: event() })
    expect(one(event({ id: 'e2' }))).toEqual({ odd: 'wrong-id' })
    expect(readOneEvent(event({ id: 'e2' }), { eventId: null, written: true })).toHaveProperty('data')
  })

  test.each(notAnObject)('%j is none', (body) => {
    expect(one(body)).toEqual({ odd: 'not-an-object' })
  })

  test.each([
    ['wrong-id', {}],
    ['wrong-id', page()],
    ['wrong-id', event({ id: null })],
    ['no-etag', event({ etag: undefined })],
    ['no-etag', event({ etag: '' })],
    ['no-etag', event({ etag: '*' })],
    ['unreadable-event', event({ recurrence: {} })],
    ['unreadable-event', event({ status: 'gone' })],
  ])('%s: %#', (odd, body) => {
    expect(one(body)).toEqual({ odd })
  })

  test('a deleted one may come without an etag, but not as the answer to a write', () => {
    const deleted = { id: 'e1', status: 'cancelled' }
    expect(one(deleted)).toEqual({ data: deleted })
    expect(one(deleted, true)).toEqual({ odd: 'no-etag' })
  })

  test.each([
    ...[undefined, 'now', {}, { timeZone: 'UTC' }, { dateTime: 7 }, { dateTime: 'soon' }, { date: '2027-02-30' }],
    // No appointment has these.
    ...[{ dateTime: '9999-12-31T23:59:59-05:00' }, { dateTime: '2028-03-01T10:00:00Z' }],
  ])('the answer to a write holds its times, not %j', (end) => {
    expect(one(event({ end }), true)).toEqual({ odd: 'no-times' })
    expect(one(event({ end }))).toHaveProperty('data')
  })
})

describe('the calendar list', () => {
  const entry = {
    id: 'a@x.example',
    summary: 'Wo\0rk',
    timeZone: 'GMT+05:30',
    accessRole: 'owner',
    primary: true,
  }

  test('entries are read, others counted', () => {
    const body = { items: [entry, null, { summary: 'no id' }, { id: 7 }], nextPageToken: 'p1' }
    expect(readCalendarPage(body, {})).toMatchObject({
      data: {
        items: [{ ...entry, summary: 'Work', timeZone: '+05:30', deleted: false }],
        unreadableItems: 3,
        nextPageToken: 'p1',
      },
    })
  })

  test('empty lists are omitted, tokens may be', () => {
    expect(readCalendarPage({ nextSyncToken: 's1' }, {})).toMatchObject({ data: { items: [] } })
    expect(readCalendarPage({ items: [entry] }, {})).toMatchObject({ data: { nextPageToken: null } })
  })

  test.each([
    ['no-token', {}],
    ['no-items', { items: {}, nextSyncToken: 's1' }],
    ['two-tokens', { items: [], nextSyncToken: 's1', nextPageToken: 'p1' }],
    ['page-repeats', { items: [], nextPageToken: 'p0' }],
    ['not-an-object', '<html>'],
  ])('%s', (odd, body) => {
    expect(readCalendarPage(body, { pageToken: 'p0' })).toEqual({ odd })
  })
})

describe('a channel', () => {
  const channel = { id: 'c1', resourceId: 'r1', expiration: '1800000000000' }
  const read = (more: object) => readChannel({ ...channel, ...more }, { id: 'c1' })

  test('is the one that was asked for', () => {
    expect(read({})).toEqual({ data: { id: 'c1', resourceId: 'r1', expiration: '2027-01-15T08:00:00.000Z' } })
    expect(read({ id: 'c2' })).toEqual({ odd: 'wrong-id' })
    expect(read({ resourceId: '' })).toEqual({ odd: 'no-resource-id' })
    expect(readChannel('<html>', { id: 'c1' })).toEqual({ odd: 'not-an-object' })
  })

  test.each([undefined, 'soon', '1e300', '-1', 0, {}, '253402300800000'])('expiration %j is none', (expiration) => {
    expect(read({ expiration })).toMatchObject({ data: { expiration: null } })
  })
})

test.each([
  ['', true],
  [undefined, true],
  ['<html>', false],
  [{}, false],
  [event(), false],
])('a deletion is answered with nothing: %#', (body, accepted) => {
  expect(readNothing(body)).toEqual(accepted ? { data: null } : { odd: 'not-empty' })
})
