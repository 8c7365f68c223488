import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isStorable } from '#lib/clean-text.ts'
import { expand, lastInstant } from '#lib/recurrence/expand.ts'
import { originalStartOf } from '#lib/recurrence/instance-id.ts'
import { readEventTimes } from '#lib/recurrence/times.ts'
import { limits, readCalendarPage, readChannel, readEventPage, readOneEvent } from './read-answer.ts'

/**
 * Answers of Google of which some member is another: nothing throws, and nothing comes through that
 * the database or a page cannot hold.
 */

const sydney = 'Australia/Sydney'
const event = {
  id: 'e1',
  status: 'confirmed',
  etag: '"1"',
  updated: '2027-02-22T19:58:19.270Z',
  summary: 'Haircut',
  description: 'Short',
  location: 'Here',
  start: { dateTime: '2027-03-01T09:00:00+10:00', timeZone: sydney },
  end: { dateTime: '2027-03-01T10:00:00+10:00', timeZone: sydney },
  recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=8', 'EXDATE:20270307T230000Z'],
  recurringEventId: 'e0',
  originalStartTime: { dateTime: '2027-03-01T09:00:00+10:00', timeZone: sydney },
  transparency: 'opaque',
  visibility: 'default',
  eventType: 'default',
  attendees: [{ email: 'ann@x.example', self: true, responseStatus: 'accepted' }],
  htmlLink: 'https://www.google.com/calendar/event?eid=x',
  colorId: '7',
  reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 10 }] },
  extendedProperties: { private: { sophiieAppointmentId: 'a1' } },
}
const page = {
  items: [event, { id: 'e2', status: 'cancelled' }],
  nextSyncToken: 's1',
  timeZone: sydney,
  accessRole: 'owner',
}
const list = {
  items: [{ id: 'c1', summary: 'Work', timeZone: sydney, accessRole: 'owner' }],
  nextPageToken: 'p1',
}
const channel = { id: 'ch1', resourceId: 'r1', expiration: '1800000000000' }

const edges = fc.constantFrom<unknown>(
  undefined,
  null,
  '',
  ' ',
  0,
  -1,
  1e300,
  true,
  [],
  {},
  [[]],
  '\0',
  '\ud83d',
  'x'.repeat(200_000),
  '9999-12-31T23:59:59-05:00',
  '0000-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '2027-02-30',
  '9999-12-31',
  '0001-01-01',
  'GMT-07:00',
  'Mars/Olympus',
  'RRULE:FREQ=DAILY;COUNT=99999999',
  'RRULE:FREQ=MINUTELY;BYSECOND=1',
  'RDATE:99991231T235959Z/P9999W',
  'cancelled',
)
const value = fc.oneof(edges, edges, fc.jsonValue(), fc.string({ unit: 'binary' }))

type Path = (string | number)[]
const pathsOf = (node: unknown): Path[] =>
  typeof node === 'object' && node !== null
    ? Object.entries(node).flatMap(([key, child]) => [[key], ...pathsOf(child).map((path) => [key, ...path])])
    : []

const withValue = (node: unknown, [key, ...rest]: Path, put: unknown): unknown => {
  if (key === undefined) return put
  if (Array.isArray(node)) return node.map((child, n) => (String(n) === key ? withValue(child, rest, put) : child))
  const object = Object.assign({}, node) as Record<string, unknown>
  object[key] = withValue(object[key], rest, put)
  return object
}

/** Some members replaced, as the body arrives: JSON has no `undefined`. */
const changed = (body: unknown) =>
  fc
    .array(fc.tuple(fc.constantFrom<Path>([], ...pathsOf(body)), value), { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce<unknown>((result, [path, put]) => withValue(result, path, put), body))
    .map((result) => (result === undefined ? undefined : JSON.parse(JSON.stringify(result))))

const stringsIn = (node: unknown): string[] => {
  if (typeof node === 'string') return [node]
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, child]) => [key, ...stringsIn(child)])
}

const expectHarmless = (read: object) => {
  for (const text of stringsIn(read)) {
    expect(isStorable(text)).toBe(true)
    expect(text.length).toBeLessThanOrEqual(limits.recurrence + 1)
  }
}

const window = { start: '2027-01-01T00:00:00Z', end: '2029-02-01T00:00:00Z' }
const fourDigits = /^\d{4}-/

test('a page of events', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(changed(page), (body) => {
      const read = readEventPage(body, {})
      if (!('data' in read)) return
      expectHarmless(read.data)
      const { items, unreadableItems, nextPageToken, nextSyncToken } = read.data
      expect(nextPageToken === null).toBe(nextSyncToken !== null)
      expect(items.length + unreadableItems).toBe(Array.isArray(body.items) ? body.items.length : 0)
      for (const item of items) {
        originalStartOf(item.originalStartTime, sydney)
        const times = readEventTimes(item.start, item.end, sydney)
        if (!times.ok) continue
        const master = { eventId: item.id ?? '', times: times.times, recurrence: item.recurrence ?? [] }
        const { occurrences } = expand({ master, exceptions: [], window, calendarZone: sydney })
        for (const { start, end } of occurrences.map((one) => one.times))
          expect([start, end]).toEqual([expect.stringMatching(fourDigits), expect.stringMatching(fourDigits)])
        expect(lastInstant(master, sydney) ?? '9999-').toMatch(fourDigits)
      }
    }),
    { numRuns: 1500 },
  )
})

test('one event, the calendar list, a channel', () => {
  fc.assert(
    fc.property(changed(event), changed(list), changed(channel), fc.boolean(), (one, calendars, opened, written) => {
      for (const read of [
        readOneEvent(one, { eventId: 'e1', written }),
        readCalendarPage(calendars, {}),
        readChannel(opened, { id: 'ch1' }),
      ])
        if ('data' in read) expectHarmless(read.data)
    }),
    { numRuns: 1500 },
  )
})
