import { describe, expect, test } from 'vitest'
import { day, days, nine, run, starts } from '#testing/recurrence.ts'

describe('EXDATE, RDATE, EXRULE', () => {
  test.each([
    'EXDATE;TZID=America/New_York:20240102T090000',
    'EXDATE;TZID="America/New_York":20240102T090000',
    'EXDATE;TZID=Europe/Berlin:20240102T150000',
    'EXDATE:20240102T140000Z',
    'EXDATE:20240102T090000',
    'EXDATE;VALUE=DATE:20240102',
    'EXDATE;VALUE=DATE-TIME:20240102T140000Z',
    'EXDATE:20240102T140000Z,20240630T000000Z',
  ])('%s', (line) => {
    const { occurrences, problems } = run(['RRULE:FREQ=DAILY;COUNT=3', line])
    expect(occurrences.map((one) => one.originalStart)).toEqual(['20240101T140000Z', '20240103T140000Z'])
    expect(problems).toEqual([])
  })

  test.each(['EXDATE;VALUE=DATE:20240102,20240103', 'EXDATE:20240102T000000Z,20240103T000000Z'])(
    'all-day, %s',
    (line) => {
      const given = { times: day('2024-01-01', '2024-01-02') }
      expect(starts(['RRULE:FREQ=DAILY;COUNT=4', line], given)).toEqual(['20240101', '20240104'])
    },
  )

  test('an excluded start still counts for COUNT, also the first', () => {
    expect(days(starts(['EXDATE:20240101T140000Z', 'RRULE:FREQ=DAILY;COUNT=2']))).toEqual(['0102'])
  })

  test('RDATE adds, once', () => {
    const lines = ['RRULE:FREQ=DAILY;COUNT=2', 'RDATE;TZID=America/New_York:20240102T090000,20240501T090000']
    expect(starts(lines)).toEqual(['20240101T140000Z', '20240102T140000Z', '20240501T130000Z'])
  })

  test('RDATE as a date takes the series’ time of day', () => {
    expect(starts(['RDATE;VALUE=DATE:20240501'])).toEqual(['20240101T140000Z', '20240501T130000Z'])
  })

  test('RDATE in an all-day series', () => {
    expect(starts(['RDATE;VALUE=DATE:20240501'], { times: day('2024-01-01', '2024-01-03') })).toEqual([
      '20240101',
      '20240501',
    ])
  })

  test.each([
    ['20240501T130000Z/20240501T163000Z', '2024-05-01T16:30:00Z'],
    ['20240501T130000Z/PT2H', '2024-05-01T15:00:00Z'],
    ['20240501T130000Z/P1DT1H', '2024-05-02T14:00:00Z'],
  ])('a period has its own length: %s', (period, end) => {
    const { occurrences } = run([`RDATE;VALUE=PERIOD:${period}`])
    expect(occurrences[1]?.times).toEqual({ ...nine, start: '2024-05-01T13:00:00Z', end })
  })

  test('EXRULE removes what it matches, not DTSTART by itself', () => {
    const lines = ['RRULE:FREQ=DAILY;COUNT=5', 'EXRULE:FREQ=WEEKLY;BYDAY=TU,WE']
    expect(days(starts(lines))).toEqual(['0101', '0104', '0105'])
  })
})
