import { describe, expect, test } from 'vitest'
import { day, days, newYork, run, starts, timed } from '#testing/recurrence.ts'

describe('window', () => {
  test('half-open: what ends at its start or starts at its end is outside', () => {
    const window = { start: '2024-01-02T15:00:00Z', end: '2024-01-04T14:00:00Z' }
    expect(days(starts(['RRULE:FREQ=DAILY'], { window }))).toEqual(['0103'])
  })

  test('what began before it and reaches into it counts', () => {
    const times = timed('2024-01-01T14:00:00Z', '2024-01-04T14:00:00Z')
    const window = { start: '2024-02-04T13:00:00Z', end: '2024-02-04T13:30:00Z' }
    expect(days(starts(['RRULE:FREQ=WEEKLY;BYDAY=MO,TH'], { times, window }))).toEqual(['0201'])
  })

  test('all-day: from midnight to midnight in the calendar’s zone, the end exclusive', () => {
    const given = (start: string, zone: string) => ({
      times: day('2024-01-01', '2024-01-03'),
      window: { start, end: '2024-01-08T23:00:00Z' },
      zone,
    })
    const weekly = ['RRULE:FREQ=WEEKLY']
    expect(starts(weekly, given('2024-01-03T04:59:59Z', newYork))).toEqual(['20240101', '20240108'])
    expect(starts(weekly, given('2024-01-03T05:00:00Z', newYork))).toEqual(['20240108'])
    expect(starts(weekly, given('2024-01-03T00:00:00Z', 'UTC'))).toEqual(['20240108'])
  })

  test('all-day instances keep their number of days', () => {
    const { occurrences } = run(['RRULE:FREQ=MONTHLY;COUNT=3'], { times: day('2024-01-30', '2024-02-01') })
    expect(occurrences.map((one) => one.times)).toEqual([
      day('2024-01-30', '2024-02-01'),
      day('2024-03-30', '2024-04-01'),
      day('2024-04-30', '2024-05-02'),
    ])
  })

  test('times of day mean nothing to an all-day rule', () => {
    const given = { times: day('2024-01-01', '2024-01-02') }
    expect(starts(['RRULE:FREQ=DAILY;BYHOUR=9,10;COUNT=2'], given)).toEqual(['20240101', '20240102'])
  })

  test('a limit keeps the earliest and says so, however dense the rule', () => {
    const { occurrences, problems } = run(['RRULE:FREQ=MINUTELY'], { limit: 3 })
    expect(occurrences.map((one) => one.originalStart)).toEqual([
      '20240101T140000Z',
      '20240101T140100Z',
      '20240101T140200Z',
    ])
    expect(problems).toEqual(['too-many'])
  })
})

test('an old series is not iterated from its start', () => {
  const old = timed('1970-01-01T14:00:00Z', '1970-01-01T15:00:00Z')
  const window = { start: '2200-01-01T00:00:00Z', end: '2200-01-08T00:00:00Z' }
  // Iterating 84,000 days would exceed the library's limit of 10,000 and report a problem.
  expect(run(['RRULE:FREQ=DAILY'], { times: old, window })).toMatchObject({
    problems: [],
    occurrences: { length: 7 },
  })
})
