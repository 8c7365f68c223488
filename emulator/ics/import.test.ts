import { describe, expect, test } from 'vitest'
import type { EventResource } from '../model.ts'
import { createPerson } from '../person/create-person.ts'
import { createWorld } from '../world.ts'
import { describeIcs, importIcs } from './import.ts'

const email = 'olive@harbourplumbing.example'
const account = { email, name: 'Olive Harbour', timeZone: 'Australia/Sydney' }

/** Imports one file into an empty world; returns the events of 2026. */
function read(text: string, { name = 'My calendar.ics', range = ['2026-01-01', '2027-01-01'] } = {}) {
  const person = createPerson(createWorld())
  const report = importIcs(person, { account, files: [{ name, text }] })
  const calendarId = report.calendars[0]?.calendarId ?? 'primary'
  const [timeMin, timeMax] = range.map((date) => `${date}T00:00:00Z`) as [string, string]
  const events = report.calendars.length > 0 ? person.instances({ email, calendarId, timeMin, timeMax }) : []
  return { person, report, events, calendarId }
}

function calendar(...lines: string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n')
}

function vevent(...lines: string[]): string[] {
  return ['BEGIN:VEVENT', 'DTSTAMP:20260101T000000Z', ...lines, 'END:VEVENT']
}

function starts(events: EventResource[]): (string | null | undefined)[] {
  return events.map(({ start }) => start.date ?? (start.dateTime && new Date(start.dateTime).toISOString()))
}

describe('event fields', () => {
  test('texts, guests, free, private and tentative are read', () => {
    const { events } = read(
      calendar(
        'X-WR-CALNAME:olive@home.example',
        ...vevent(
          'UID:one',
          'SUMMARY:Lunch\\, then “quotes”',
          'DESCRIPTION:First line\\nsecond line that is folded over mo',
          ' re than one line',
          'LOCATION:Brookvale',
          'DTSTART;TZID=Australia/Sydney:20260310T120000',
          'DTEND;TZID=Australia/Sydney:20260310T130000',
          'ORGANIZER;CN=Gina:mailto:gina@reece.example',
          'ATTENDEE;CN=Olive;PARTSTAT=DECLINED:MAILTO:Olive@home.example',
          'ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=TENTATIVE:mailto:Tom@HarbourPlumbing.example',
          'ATTENDEE;CUTYPE=ROOM:invalid:nomail',
          'TRANSP:TRANSPARENT',
          'CLASS:CONFIDENTIAL',
          'STATUS:TENTATIVE',
        ),
      ),
    )
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({
      summary: 'Lunch, then “quotes”',
      description: 'First line\nsecond line that is folded over more than one line',
      location: 'Brookvale',
      organizer: { email: 'gina@reece.example', displayName: 'Gina' },
      transparency: 'transparent',
      visibility: 'private',
      status: 'tentative',
    })
    expect(events[0]?.attendees).toEqual([
      expect.objectContaining({ email, responseStatus: 'declined', self: true }),
      expect.objectContaining({
        email: 'tom@harbourplumbing.example',
        responseStatus: 'tentative',
        optional: true,
      }),
    ])
  })

  test('all-day events: with an end, without one, and ending on their own day', () => {
    const { events } = read(
      calendar(
        ...vevent('UID:a', 'DTSTART;VALUE=DATE:20260501', 'DTEND;VALUE=DATE:20260504'),
        ...vevent('UID:b', 'DTSTART;VALUE=DATE:20260601'),
        ...vevent('UID:c', 'DTSTART;VALUE=DATE:20260701', 'DTEND;VALUE=DATE:20260701'),
        ...vevent('UID:d', 'DTSTART;VALUE=DATE:20260801', 'DURATION:P2D'),
      ),
    )
    expect(events.map(({ start, end }) => [start.date, end.date])).toEqual([
      ['2026-05-01', '2026-05-04'],
      ['2026-06-01', '2026-06-02'],
      ['2026-07-01', '2026-07-02'],
      ['2026-08-01', '2026-08-03'],
    ])
  })

  test('times in UTC, floating times and DURATION', () => {
    const { events } = read(
      calendar(
        'X-WR-TIMEZONE:Europe/Lisbon',
        ...vevent('UID:a', 'DTSTART:20260105T090000Z', 'DTEND:20260105T100000Z'),
        ...vevent('UID:b', 'DTSTART:20260705T090000', 'DURATION:PT90M'),
      ),
    )
    expect(starts(events)).toEqual(['2026-01-05T09:00:00.000Z', '2026-07-05T08:00:00.000Z'])
    expect(events[1]?.end.dateTime && new Date(events[1].end.dateTime).toISOString()).toBe('2026-07-05T09:30:00.000Z')
  })
})

describe('calendars', () => {
  test('are named after X-WR-CALNAME or the file; an address means the primary calendar', () => {
    const named = (line: string) => read(calendar(line), { name: 'dir/Family.ics' }).report.calendars[0]
    expect(named('X-UNKNOWN:1')?.summary).toBe('Family')
    expect(named('X-WR-CALNAME:Surgery')?.summary).toBe('Surgery')
    expect(named('X-WR-CALNAME:someone@gmail.example')?.calendarId).toBe('primary')
  })
})

const sydney = [
  'BEGIN:VTIMEZONE',
  'TZID:Head office',
  'BEGIN:STANDARD',
  'DTSTART:16010101T030000',
  'TZOFFSETFROM:+1100',
  'TZOFFSETTO:+1000',
  'RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:16010101T020000',
  'TZOFFSETFROM:+1000',
  'TZOFFSETTO:+1100',
  'RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=10',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
]

const newYork = [
  'BEGIN:VTIMEZONE',
  'TZID:Customized Time Zone',
  'BEGIN:STANDARD',
  'DTSTART:16010101T020000',
  'TZOFFSETFROM:-0400',
  'TZOFFSETTO:-0500',
  'RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:16010101T020000',
  'TZOFFSETFROM:-0500',
  'TZOFFSETTO:-0400',
  'RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
]

describe('zones', () => {
  test.each([
    ['a Windows name', [], 'AUS Eastern Standard Time', '2026-01-14T22:00:00.000Z'],
    ['a Windows name in winter', [], 'W. Europe Standard Time', '2026-01-15T08:00:00.000Z'],
    ['a prefixed IANA name', [], '/freeassociation.sourceforge.net/Europe/Lisbon', '2026-01-15T09:00:00.000Z'],
    ['a definition of its own', sydney, 'Head office', '2026-01-14T22:00:00.000Z'],
    ['a definition in another hemisphere', newYork, 'Customized Time Zone', '2026-01-15T14:00:00.000Z'],
  ])('%s', (_, definition, tzid, instant) => {
    const event = vevent('UID:z', `DTSTART;TZID="${tzid}":20260115T090000`, 'DURATION:PT1H')
    const { events, report } = read(calendar(...definition, ...event))
    expect(starts(events)).toEqual([instant])
    expect(report.skipped).toEqual([])
  })

  test('a series in a zone defined only by VTIMEZONE follows daylight saving', () => {
    const { events } = read(
      calendar(
        ...newYork,
        ...vevent(
          'UID:z',
          'DTSTART;TZID=Customized Time Zone:20260302T090000',
          'DURATION:PT1H',
          'RRULE:FREQ=WEEKLY;COUNT=2',
        ),
      ),
    )
    expect(starts(events)).toEqual(['2026-03-02T14:00:00.000Z', '2026-03-09T13:00:00.000Z'])
    expect(events[0]?.start.timeZone).toBe('America/New_York')
  })

  test('an unknown zone is reported and read as that of the calendar', () => {
    const { events, report } = read(
      calendar(...vevent('UID:z', 'DTSTART;TZID=Moon Base:20260615T090000', 'DURATION:PT1H')),
    )
    expect(starts(events)).toEqual(['2026-06-14T23:00:00.000Z'])
    expect(report.skipped).toEqual([
      {
        file: 'My calendar.ics',
        reason: 'unknown time zone, read as Australia/Sydney',
        count: 1,
        example: 'Moon Base',
      },
    ])
  })
})

describe('series', () => {
  const start = ['DTSTART;TZID=Australia/Sydney:20260302T090000', 'DTEND;TZID=Australia/Sydney:20260302T093000']

  test('EXDATE and RDATE in other zones, as dates and as periods; UNTIL as a date', () => {
    const { events, report } = read(
      calendar(
        ...vevent(
          'UID:s',
          'SUMMARY:Stand-up',
          ...start,
          'RRULE:FREQ=DAILY;UNTIL=20260306',
          'EXDATE:20260302T220000Z',
          'EXDATE;VALUE=DATE:20260304',
          'RDATE;TZID=Australia/Perth:20260310T060000',
          'RDATE;VALUE=PERIOD:20260311T220000Z/PT30M',
        ),
      ),
    )
    expect(report.skipped).toEqual([])
    expect(starts(events)).toEqual([
      '2026-03-01T22:00:00.000Z',
      '2026-03-04T22:00:00.000Z',
      '2026-03-05T22:00:00.000Z',
      '2026-03-09T22:00:00.000Z',
      '2026-03-11T22:00:00.000Z',
    ])
  })

  test('moved, renamed and cancelled instances in any order', () => {
    const { events, report } = read(
      calendar(
        ...vevent(
          'UID:s',
          'SUMMARY:Late stand-up',
          'RECURRENCE-ID;TZID=Australia/Sydney:20260303T090000',
          'DTSTART;TZID=Australia/Sydney:20260303T150000',
          'DTEND;TZID=Australia/Sydney:20260303T153000',
        ),
        ...vevent('UID:s', 'SUMMARY:Stand-up', 'LOCATION:Yard', ...start, 'RRULE:FREQ=DAILY;COUNT=3'),
        ...vevent('UID:s', 'SUMMARY:Stand-up', 'RECURRENCE-ID:20260303T220000Z', ...start, 'STATUS:CANCELLED'),
      ),
    )
    expect(events.map(({ summary, location }) => [summary, location])).toEqual([
      ['Stand-up', 'Yard'],
      ['Late stand-up', undefined],
    ])
    expect(starts(events)).toEqual(['2026-03-01T22:00:00.000Z', '2026-03-03T04:00:00.000Z'])
    expect(report.calendars[0]).toMatchObject({ events: 1, exceptions: 2 })
  })

  test('all-day series with dates', () => {
    const { events } = read(
      calendar(
        ...vevent(
          'UID:s',
          'DTSTART;VALUE=DATE:20260101',
          'RRULE:FREQ=MONTHLY;UNTIL=20260401T000000Z',
          'EXDATE;VALUE=DATE:20260301',
        ),
        ...vevent('UID:s', 'SUMMARY:Moved', 'RECURRENCE-ID;VALUE=DATE:20260201', 'DTSTART;VALUE=DATE:20260203'),
      ),
    )
    expect(starts(events)).toEqual(['2026-01-01', '2026-02-03', '2026-04-01'])
  })

  test('an exception without its series becomes a single event', () => {
    const { events, report } = read(
      calendar(...vevent('UID:orphan', 'SUMMARY:Only this one', 'RECURRENCE-ID:20260301T220000Z', ...start)),
    )
    expect(events).toHaveLength(1)
    expect(events[0]?.recurringEventId).toBeUndefined()
    expect(report.calendars[0]).toMatchObject({ events: 1, exceptions: 0 })
  })

  test('the version with the higher SEQUENCE wins', () => {
    const { events, report } = read(
      calendar(
        ...vevent('UID:s', 'SEQUENCE:3', 'SUMMARY:New', ...start),
        ...vevent('UID:s', 'SEQUENCE:1', 'SUMMARY:Old', ...start),
      ),
    )
    expect(events.map(({ summary }) => summary)).toEqual(['New'])
    expect(report.skipped.map(({ reason, count }) => [reason, count])).toEqual([['older version of the same event', 1]])
  })
})

describe('broken files', () => {
  const good = vevent('UID:good', 'SUMMARY:Good', 'DTSTART:20260105T090000Z', 'DTEND:20260105T100000Z')

  test('an unreadable line is skipped', () => {
    const { events, report } = read(
      calendar(
        ...vevent('UID:x', 'SUMMARY:Kept', 'this is no property', 'DTSTART:20260105T090000Z', 'DURATION:PT1H'),
        ...good,
      ),
    )
    expect(events.map(({ summary }) => summary).sort()).toEqual(['Good', 'Kept'])
    expect(report.skipped).toMatchObject([{ reason: 'unreadable line', count: 1, example: 'this is no property' }])
  })

  test('invalid events are counted by reason and the others are imported', () => {
    const { events, report } = read(
      calendar(
        ...vevent('UID:1', 'SUMMARY:No start'),
        ...vevent('UID:2', 'SUMMARY:No length', 'DTSTART:20260105T090000Z'),
        ...vevent('UID:3', 'SUMMARY:Backwards', 'DTSTART:20260105T090000Z', 'DTEND:20260105T080000Z'),
        ...vevent('UID:4', 'SUMMARY:Gone', 'STATUS:CANCELLED', 'DTSTART:20260105T090000Z', 'DTEND:20260105T100000Z'),
        ...vevent(
          'UID:5',
          'SUMMARY:Odd rule',
          'DTSTART:20260105T090000Z',
          'DTEND:20260105T100000Z',
          'RRULE:FREQ=NEVER',
        ),
        'BEGIN:VTODO',
        'UID:7',
        'SUMMARY:Buy flux',
        'END:VTODO',
        ...good,
      ),
    )
    expect(events.map(({ summary }) => summary)).toContain('Good')
    const counts = new Map(report.skipped.map(({ reason, count }) => [reason, count]))
    expect(counts.get('event without a start')).toBe(1)
    expect(counts.get('event that ends before its start')).toBe(1)
    expect(counts.get('cancelled event')).toBe(1)
    expect(counts.get('VTODO is not an event')).toBe(1)
    expect(counts.get('unreadable line')).toBe(1)
  })

  const series = vevent('UID:s', 'SUMMARY:Round', 'DTSTART:20260105', 'RRULE:FREQ=WEEKLY;COUNT=3')

  test('values without VALUE=DATE are dates: starts, ends, exceptions and exclusions', () => {
    const { events, report } = read(
      calendar(
        ...series,
        ...vevent('UID:s', 'SUMMARY:Other', 'RECURRENCE-ID:20260112', 'DTSTART:20260113', 'DTEND:20260114'),
        ...vevent('UID:d', 'SUMMARY:Out', 'DTSTART:20260201', 'RRULE:FREQ=DAILY;COUNT=3', 'EXDATE:20260202'),
      ),
    )
    expect(report.skipped).toEqual([])
    expect(events.map(({ summary, start, end }) => [summary, start.date, end.date])).toEqual([
      ['Round', '2026-01-05', '2026-01-06'],
      ['Other', '2026-01-13', '2026-01-14'],
      ['Round', '2026-01-19', '2026-01-20'],
      ['Out', '2026-02-01', '2026-02-02'],
      ['Out', '2026-02-03', '2026-02-04'],
    ])
  })

  test('an exception of a timed series whose RECURRENCE-ID is a date is skipped, and the import goes on', () => {
    const { events, report } = read(
      calendar(
        ...vevent('UID:t', 'SUMMARY:Timed', 'DTSTART:20260105T090000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;COUNT=2'),
        ...vevent('UID:t', 'SUMMARY:Odd', 'RECURRENCE-ID:20260112', 'DTSTART:20260113T090000Z', 'DURATION:PT1H'),
        ...good,
      ),
    )
    expect(events.map(({ summary }) => summary).sort()).toEqual(['Good', 'Timed', 'Timed'])
    expect(report.skipped.map(({ reason, count }) => [reason, count])).toEqual([
      ['exception of a timed series with only a date', 1],
    ])
    expect(report.calendars[0]).toMatchObject({ events: 2, exceptions: 0 })
  })

  test('a timed event without an end is a moment', () => {
    const { events, report } = read(calendar(...vevent('UID:m', 'SUMMARY:Moment', 'DTSTART:20260105T090000Z')))
    expect(report.skipped).toEqual([])
    expect(events).toHaveLength(1)
    expect(events[0]?.end.dateTime).toBe(events[0]?.start.dateTime)
  })

  test.each([
    'RECURRENCE-ID:2026-01-12 at nine',
    'RECURRENCE-ID;VALUE=DATE:20261399',
    'DTSTART:20260231',
    'DTSTART;TZID=:99999999T999999',
    'DTEND:soon',
    'DURATION:a while',
    'RRULE:FREQ=WEEKLY;UNTIL=never',
    'RDATE;VALUE=PERIOD:20260105T090000Z',
    'EXDATE:20260230',
    'SEQUENCE:many',
    'ATTENDEE;PARTSTAT="open:mailto:x',
    'BEGIN:VALARM',
    'END:VCALENDAR',
    ';;;:::',
  ])('%s never aborts the import', (line) => {
    const { report } = read(calendar(...good, ...series, ...vevent('UID:s', 'SUMMARY:Odd', line), ...good))
    expect(report.calendars[0]?.events).toBeGreaterThan(0)
    expect(report.skipped.length).toBeGreaterThan(0)
    expect(() => describeIcs(report)).not.toThrow()
  })

  test('an exception with an unreadable RECURRENCE-ID leaves its series alone', () => {
    const odd = vevent('UID:s', 'SUMMARY:Odd', 'RECURRENCE-ID:soon', 'DTSTART:20260301', 'DTEND:20260302')
    const { events, report } = read(calendar(...series, ...odd))
    expect(events.map(({ summary }) => summary)).toEqual(['Round', 'Round', 'Round'])
    expect(report.skipped.map(({ reason }) => reason)).toEqual([
      'unreadable line',
      'exception with an unreadable RECURRENCE-ID',
    ])
  })

  test('a truncated file is imported as far as it goes, and reported', () => {
    const text = calendar(
      ...good,
      ...vevent('UID:cut', 'SUMMARY:Cut', 'DTSTART:20260106T090000Z', 'DTEND:20260106T100000Z'),
    )
    const { events, report } = read(text.slice(0, text.indexOf('END:VEVENT', text.indexOf('Cut'))))
    expect(events.map(({ summary }) => summary)).toEqual(['Good', 'Cut'])
    expect(report.skipped).toMatchObject([{ reason: 'file ends inside a component', count: 1 }])
  })

  test('a file that is not a calendar is reported; a BOM and bare line feeds are accepted', () => {
    expect(read('<html>').report).toMatchObject({
      calendars: [],
      skipped: [{ reason: 'line outside a calendar' }, { reason: 'file without a calendar' }],
    })
    expect(read(`\uFEFF${calendar(...good).replaceAll('\r\n', '\n')}`).events).toHaveLength(1)
  })

  test('describeIcs summarizes the import', () => {
    const { report } = read(calendar(...good, 'nonsense'))
    expect(describeIcs(report)).toEqual([
      'Read My calendar.ics: 1 event into “My calendar”.',
      'Skipped in My calendar.ics: 1 × unreadable line, for example “nonsense”.',
    ])
  })
})
