import { describe, expect, test } from 'vitest'
import { day, days, run, timed } from '#testing/recurrence.ts'

describe('what cannot be read', () => {
  test.each([
    'RRULE:FREQ=FORTNIGHTLY',
    'RRULE:FREQ=DAILY;BYMONTHDAY=40',
    'RRULE:FREQ=DAILY;BYEASTER=0',
    'RRULE:FREQ=DAILY;INTERVAL=0',
    'RRULE:FREQ=DAILY;COUNT=many',
    'RRULE:FREQ=DAILY;UNTIL=tomorrow',
    'RRULE:FREQ=DAILY;UNTIL=20240231',
    'RRULE:FREQ=WEEKLY;BYDAY=XX',
    'RRULE:FREQ=YEARLY;BYMONTH=13',
    'RRULE:FREQ=DAILY;SKIP=FORWARD',
    'RRULE:RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD',
    'RRULE:FREQ=DAILY;FREQ=WEEKLY',
    'RRULE:',
  ])('%s leaves the first instance and a problem', (line) => {
    const { occurrences, problems } = run([line])
    expect(occurrences.map((one) => one.originalStart)).toEqual(['20240101T140000Z'])
    expect(problems).toEqual([`rrule-unreadable:${line}`])
  })

  test('an hourly rule of an all-day series', () => {
    const { occurrences, problems } = run(['RRULE:FREQ=HOURLY'], { times: day('2024-01-01', '2024-01-02') })
    expect(occurrences).toHaveLength(1)
    expect(problems).toEqual(['rrule-unreadable:RRULE:FREQ=HOURLY'])
  })

  test.each([
    ['line-unreadable', 'nonsense'],
    ['line-unknown', 'DTSTART:20240101T140000Z'],
    ['exdate-unreadable', 'EXDATE:20240101T140000Z,soon'],
    ['exdate-unreadable', 'EXDATE;TZID=Mars/Olympus:20240102T090000'],
    ['rdate-unreadable', 'RDATE;VALUE=PERIOD:20240102T090000Z/PT'],
    ['exrule-unreadable', 'EXRULE:FREQ=NEVER'],
  ])('%s: the rest is used', (code, line) => {
    const { occurrences, problems } = run(['RRULE:FREQ=DAILY;COUNT=3', line])
    expect(days(occurrences.map((one) => one.originalStart))).toContain('0103')
    expect(problems).toEqual([`${code}:${line}`])
  })

  test('an unknown zone counts as the calendar’s zone', () => {
    const times = timed('2024-03-30T08:00:00Z', '2024-03-30T09:00:00Z', 'Mars/Olympus')
    const { occurrences, problems } = run(['RRULE:FREQ=DAILY;COUNT=2'], { times, zone: 'Europe/Berlin' })
    expect(occurrences[1]?.times).toMatchObject({ start: '2024-03-31T07:00:00Z' })
    expect(problems).toEqual(['zone-unreadable:Mars/Olympus'])
  })

  test('a COUNT too large to iterate', () => {
    const { occurrences, problems } = run(['RRULE:FREQ=SECONDLY;BYSECOND=1,2;COUNT=900000000'])
    expect(occurrences.map((one) => one.originalStart)).toEqual(['20240101T140000Z'])
    expect(problems).toEqual(['rule-too-large:FREQ=SECONDLY;BYSECOND=1,2'])
  })
})
