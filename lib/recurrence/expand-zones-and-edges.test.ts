import { describe, expect, test } from 'vitest'
import { day, newYork, run, starts, timed } from '#testing/recurrence.ts'
import { lastInstant } from './expand.ts'
import { readEventTimes } from './times.ts'

describe('zones and edges', () => {
  test('a fixed offset stays, whatever the calendar’s zone does', () => {
    const start = { dateTime: '2027-03-01T09:00:00+05:30', timeZone: 'GMT+05:30' }
    const end = { dateTime: '2027-03-01T10:00:00+05:30', timeZone: 'GMT+05:30' }
    const read = readEventTimes(start, end, 'Australia/Sydney')
    if (!read.ok) throw new Error(read.reason)
    const window = { start: '2027-03-01T00:00:00Z', end: '2027-06-01T00:00:00Z' }
    const found = starts(['RRULE:FREQ=WEEKLY;COUNT=8'], {
      times: read.times,
      window,
      zone: 'Australia/Sydney',
    })
    expect(found.map((one) => one.slice(8))).toEqual(Array.from({ length: 8 }, () => 'T033000Z'))
  })

  test('all-day instances in a calendar with a fixed offset', () => {
    const { occurrences } = run(['RRULE:FREQ=DAILY;COUNT=2'], {
      times: day('2024-03-01', '2024-03-02'),
      zone: '-07:00',
    })
    expect(occurrences.map((one) => one.originalStart)).toEqual(['20240301', '20240302'])
  })

  test('a calendar’s zone that this runtime does not know counts as UTC', () => {
    const given = { times: day('2024-03-01', '2024-03-02'), zone: 'Mars/Olympus' }
    expect(starts(['RRULE:FREQ=DAILY;COUNT=1'], given)).toEqual(['20240301'])
  })

  test('instances end where storage ends', () => {
    const times = timed('2024-01-01T14:00:00Z', '9999-12-31T23:59:59Z')
    const { occurrences } = run(['RRULE:FREQ=DAILY;COUNT=2'], { times })
    expect(occurrences.map((one) => one.times.end)).toEqual(['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'])
    expect(lastInstant({ eventId: 'm', times, recurrence: ['RRULE:FREQ=DAILY'] }, newYork)).toBeNull()
    expect(lastInstant({ eventId: 'm', times, recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] }, newYork)).toBe(
      '9999-12-31T23:59:59Z',
    )
    const long = run(['RRULE:FREQ=DAILY;COUNT=5'], { times: day('2024-01-01', '9999-12-29') })
    expect(long.occurrences.map((one) => one.times.end.slice(-5))).toEqual([
      '12-29',
      '12-30',
      '12-31',
      '12-31',
      '12-31',
    ])
  })

  test.each(['RDATE:00010101T000000Z', 'RDATE;TZID=America/New_York:99991231T235959'])(
    '%s is beyond what can be stored',
    (line) => {
      const { occurrences, problems } = run([line])
      expect(occurrences).toHaveLength(1)
      expect(problems).toEqual([`rdate-unreadable:${line}`])
    },
  )

  test('a period of millennia ends where storage ends', () => {
    const { occurrences } = run(['RDATE;VALUE=PERIOD:20240501T130000Z/P9999999W'])
    expect(occurrences[1]?.times.end).toBe('9999-12-31T23:59:59Z')
  })
})
