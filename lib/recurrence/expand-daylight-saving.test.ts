import { describe, expect, test } from 'vitest'
import { newYork, nine, run, timed } from '#testing/recurrence.ts'
import type { EventTimes } from './times.ts'

describe('daylight saving', () => {
  const at = (recurrence: string[], times: EventTimes, from: string, to: string) =>
    run(recurrence, {
      times,
      window: { start: `${from}T00:00:00Z`, end: `${to}T00:00:00Z` },
    }).occurrences.map((one) => one.times)

  test('the wall time is kept through both changes', () => {
    const spring = at(['RRULE:FREQ=DAILY'], nine, '2024-03-09', '2024-03-11')
    expect(spring.map((one) => one.start)).toEqual(['2024-03-09T14:00:00Z', '2024-03-10T13:00:00Z'])
    const autumn = at(['RRULE:FREQ=DAILY'], nine, '2024-11-02', '2024-11-04')
    expect(autumn.map((one) => one.start)).toEqual(['2024-11-02T13:00:00Z', '2024-11-03T14:00:00Z'])
  })

  test('a missing time moves on by the gap and keeps its length', () => {
    const times = timed('2024-03-08T07:30:00Z', '2024-03-08T08:00:00Z')
    expect(at(['RRULE:FREQ=DAILY;COUNT=4'], times, '2024-03-10', '2024-03-12')).toMatchObject([
      { start: '2024-03-10T07:30:00Z', end: '2024-03-10T08:00:00Z' },
      { start: '2024-03-11T06:30:00Z', end: '2024-03-11T07:00:00Z' },
    ])
  })

  test('a doubled time is the first one, but DTSTART stays the one it is', () => {
    const before = timed('2024-11-02T05:30:00Z', '2024-11-02T06:00:00Z')
    expect(at(['RRULE:FREQ=DAILY'], before, '2024-11-03', '2024-11-04')).toMatchObject([
      { start: '2024-11-03T05:30:00Z' },
    ])
    const second = timed('2024-11-03T06:30:00Z', '2024-11-03T07:00:00Z')
    expect(at(['RRULE:FREQ=DAILY;COUNT=2'], second, '2024-11-03', '2024-11-05')).toMatchObject([
      { start: '2024-11-03T06:30:00Z' },
      { start: '2024-11-04T06:30:00Z' },
    ])
  })

  test('the length is exact: eight hours over the change are eight hours', () => {
    const night = timed('2024-03-09T03:00:00Z', '2024-03-09T11:00:00Z')
    expect(at(['RRULE:FREQ=DAILY;COUNT=2'], night, '2024-03-10', '2024-03-11')).toMatchObject([
      { start: '2024-03-10T03:00:00Z', end: '2024-03-10T11:00:00Z' },
    ])
  })

  test('start and end in different zones: the rule follows the start’s', () => {
    const flight: EventTimes = {
      allDay: false,
      start: '2024-03-03T14:00:00Z',
      end: '2024-03-03T21:00:00Z',
      startZone: newYork,
      endZone: 'Europe/Berlin',
    }
    expect(at(['RRULE:FREQ=WEEKLY;COUNT=2'], flight, '2024-03-10', '2024-03-11')).toEqual([
      { ...flight, start: '2024-03-10T13:00:00Z', end: '2024-03-10T20:00:00Z' },
    ])
  })

  test('without a zone of its own a series follows the calendar’s', () => {
    const times = timed('2024-03-30T08:00:00Z', '2024-03-30T09:00:00Z', null)
    const { occurrences } = run(['RRULE:FREQ=DAILY;COUNT=2'], { times, zone: 'Europe/Berlin' })
    expect(occurrences[1]?.times).toMatchObject({ start: '2024-03-31T07:00:00Z', startZone: null })
  })
})
