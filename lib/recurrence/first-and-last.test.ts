import { describe, expect, test } from 'vitest'
import { day, newYork, nine, timed } from '#testing/recurrence.ts'
import { type Exception, firstInstance, lastInstant } from './expand.ts'

describe('firstInstance', () => {
  const first = (recurrence: string[], exceptions: Exception[] = []) =>
    firstInstance({ master: { eventId: 'm', times: nine, recurrence }, exceptions, calendarZone: newYork })
  const exception = { eventId: 'm_20240101T140000Z', originalStart: '20240101T140000Z' }

  test('DTSTART, or where it was moved to', () => {
    expect(first(['RRULE:FREQ=YEARLY'])?.times).toEqual(nine)
    const times = timed('2024-02-02T14:00:00Z', '2024-02-02T15:00:00Z')
    expect(first(['RRULE:FREQ=YEARLY'], [{ ...exception, cancelled: false, times }])?.times).toEqual(times)
  })

  test('the next one when it is excluded or cancelled, however far', () => {
    expect(first(['RRULE:FREQ=YEARLY;INTERVAL=20', 'EXDATE:20240101T140000Z'])?.originalStart).toBe('20440101T140000Z')
    const cancelled = { ...exception, cancelled: true, times: null }
    expect(first(['RRULE:FREQ=DAILY'], [cancelled])?.originalStart).toBe('20240102T140000Z')
  })

  test('none', () => {
    expect(first(['EXDATE:20240101T140000Z'])).toBeNull()
  })
})

describe('lastInstant', () => {
  const last = (recurrence: string[], times = nine) => lastInstant({ eventId: 'm', times, recurrence }, newYork)

  test.each([
    ['COUNT', ['RRULE:FREQ=DAILY;COUNT=3'], '2024-01-03T15:00:00Z'],
    ['COUNT with an unmatched DTSTART', ['RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=2'], '2024-01-12T15:00:00Z'],
    ['UNTIL', ['RRULE:FREQ=WEEKLY;UNTIL=20240710T000000Z'], '2024-07-08T14:00:00Z'],
    ['UNTIL before DTSTART', ['RRULE:FREQ=WEEKLY;UNTIL=20230710T000000Z'], '2024-01-01T15:00:00Z'],
    ['the longer of two rules', ['RRULE:FREQ=DAILY;COUNT=3', 'RRULE:FREQ=DAILY;COUNT=5'], '2024-01-05T15:00:00Z'],
    ['RDATE', ['RRULE:FREQ=DAILY;COUNT=3', 'RDATE:20240601T130000Z'], '2024-06-01T14:00:00Z'],
    ['a long period', ['RDATE;VALUE=PERIOD:20240102T130000Z/P9D'], '2024-01-11T13:00:00Z'],
    ['nothing', [], '2024-01-01T15:00:00Z'],
    ['an unreadable rule', ['RRULE:FREQ=SOMETIMES'], '2024-01-01T15:00:00Z'],
    ['an endless rule', ['RRULE:FREQ=DAILY', 'RRULE:FREQ=DAILY;COUNT=3'], null],
  ])('%s', (_, recurrence, expected) => {
    expect(last(recurrence)).toBe(expected)
  })

  test('all-day: the midnight after the last day', () => {
    expect(last(['RRULE:FREQ=DAILY;UNTIL=20240704'], day('2024-07-01', '2024-07-02'))).toBe('2024-07-05T04:00:00Z')
  })
})
