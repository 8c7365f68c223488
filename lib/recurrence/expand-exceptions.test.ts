import { describe, expect, test } from 'vitest'
import { day, days, run, starts, timed } from '#testing/recurrence.ts'
import type { Exception } from './expand.ts'
import type { EventTimes } from './times.ts'

describe('exceptions', () => {
  const weekly = ['RRULE:FREQ=WEEKLY;COUNT=4']
  const january = { start: '2024-01-08T00:00:00Z', end: '2024-01-16T00:00:00Z' }
  const moved = (originalStart: string, times: EventTimes | null, cancelled = false): Exception => ({
    eventId: `m_${originalStart}`,
    originalStart,
    cancelled,
    times,
  })
  const later = timed('2024-01-10T20:00:00Z', '2024-01-10T21:00:00Z')

  test('moved within the window: once, at its new time, under its own identity', () => {
    const { occurrences } = run(weekly, { exceptions: [moved('20240108T140000Z', later)], window: january })
    expect(occurrences.map((one) => [one.instanceId, one.exception])).toEqual([
      ['m_20240108T140000Z', true],
      ['m_20240115T140000Z', false],
    ])
    expect(occurrences[0]?.times).toEqual(later)
  })

  test('cancelled: gone', () => {
    const exceptions = [moved('20240108T140000Z', null, true)]
    expect(days(starts(weekly, { exceptions }))).toEqual(['0101', '0115', '0122'])
  })

  test('moved out of the window, and into it', () => {
    const far = timed('2024-06-01T14:00:00Z', '2024-06-01T15:00:00Z')
    const exceptions = [moved('20240108T140000Z', far), moved('20240122T140000Z', later)]
    expect(starts(weekly, { exceptions, window: january })).toEqual(['20240122T140000Z', '20240115T140000Z'])
  })

  test('one that the rule does not know any more still exists', () => {
    const exceptions = [moved('20230605T130000Z', later)]
    expect(starts(weekly, { exceptions, window: january })).toContain('20230605T130000Z')
  })

  test('one made all-day lies in the calendar’s zone', () => {
    const exceptions = [moved('20240108T140000Z', day('2024-01-07', '2024-01-08'))]
    const window = { start: '2024-01-08T04:59:00Z', end: '2024-01-08T05:00:00Z' }
    expect(starts(weekly, { exceptions, window })).toEqual(['20240108T140000Z'])
    expect(starts(weekly, { exceptions, window, zone: 'UTC' })).toEqual([])
  })

  test('unreadable times: kept where it was, and named', () => {
    const { occurrences, problems } = run(weekly, { exceptions: [moved('20240108T140000Z', null)] })
    expect(occurrences[1]).toMatchObject({ exception: true, times: { start: '2024-01-08T14:00:00Z' } })
    expect(problems).toEqual(['exception-unreadable:m_20240108T140000Z'])
  })
})
