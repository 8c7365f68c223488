import fc from 'fast-check'
import ICAL from 'ical.js'
import { expect, test } from 'vitest'
import { icsEnd, icsEvent, icsStart } from './ics.ts'

const row = {
  id: '6f1c6f0e-0000-4000-8000-000000000000',
  title: 'Tap repair',
  starts_at: '2027-01-01T09:00:00+00:00',
  ends_at: '2027-01-01T10:00:00+00:00',
  location: '',
  notes: '',
  customer_name: '',
  customer_phone: '',
  customer_email: '',
  status: 'booked' as const,
  revision: 1,
  updated_at: '2027-01-01T00:00:00+00:00',
}

const read = (name: string, changes: Partial<typeof row>) => {
  const text = icsStart(name) + icsEvent({ ...row, ...changes }, '2027-01-02T00:00:00Z') + icsEnd
  const calendar = new ICAL.Component(ICAL.parse(text))
  const events = calendar.getAllSubcomponents()
  const [event] = events
  if (!event || events.length !== 1) throw new Error(`${events.length} components instead of one event.`)
  return { calendar, event, text }
}

/** All kinds of line breaks become `\n`, the only one in iCalendar text. */
const asLines = (text: string) => text.replaceAll(/\r\n|\r/g, '\n')

test('user input cannot start a new line', () => {
  const planted = 'x\r\nATTENDEE:mailto:a@b.example\nEND:VEVENT\rBEGIN:VALARM'
  const { calendar, event } = read(planted, { title: planted, location: planted, notes: planted })
  expect(calendar.getAllProperties().map(({ name }) => name)).toEqual(['version', 'prodid', 'x-wr-calname'])
  expect(event.getAllProperties().map(({ name }) => name)).toEqual([
    'uid',
    'dtstamp',
    'last-modified',
    'sequence',
    'dtstart',
    'dtend',
    'summary',
    'location',
    'description',
    'status',
  ])
  expect(event.getFirstPropertyValue('summary')).toBe(asLines(planted))
})

test('text survives a round trip in lines of at most 75 octets', () => {
  const typed = fc.string({ unit: 'grapheme', maxLength: 120 }).map((text) => `x${text}`)
  fc.assert(
    fc.property(typed, typed, (title, location) => {
      const { event, text } = read('B', { title, location })
      expect(event.getFirstPropertyValue('summary')).toBe(asLines(title))
      expect(event.getFirstPropertyValue('location')).toBe(asLines(location))
      for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    }),
    { numRuns: 200 },
  )
})
