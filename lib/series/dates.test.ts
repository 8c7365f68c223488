import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstDateOf, toRule } from '#lib/repeat/repeat.ts'
import { datesByDay } from '#testing/series/dates-by-day.ts'
import { countBefore, horizonOf, nextAfter, originalStarts, wallClock } from './dates.ts'

const window = { from: '2026-01-01', to: '2030-12-31', limit: 400 }
const starts = (rule: string, startsAt: string, given: Partial<typeof window> = {}) =>
  originalStarts({ rule, startsAt }, { ...window, ...given })

describe('dates of a rule', () => {
  test('a month without the 31st has no visit', () => {
    expect(starts('FREQ=MONTHLY;BYMONTHDAY=31', '2027-01-31T09:00', { limit: 4 })).toEqual([
      ...['2027-01-31T09:00', '2027-03-31T09:00'],
      ...['2027-05-31T09:00', '2027-07-31T09:00'],
    ])
  })

  test('the last day is in every month', () => {
    expect(starts('FREQ=MONTHLY;BYMONTHDAY=-1', '2027-01-31T09:00', { limit: 3 })).toEqual([
      ...['2027-01-31T09:00', '2027-02-28T09:00'],
      '2027-03-31T09:00',
    ])
  })

  test('until a date includes it, and a window both its dates', () => {
    expect(starts('FREQ=DAILY;UNTIL=20270103', '2027-01-01T23:59')).toHaveLength(3)
    expect(starts('FREQ=DAILY', '2027-01-01T00:00', { from: '2027-01-02', to: '2027-01-03' })).toEqual([
      ...['2027-01-02T00:00', '2027-01-03T00:00'],
    ])
    expect(starts('FREQ=DAILY', '2027-01-01T00:00', { to: '2026-12-31' })).toEqual([])
  })

  test('the number counts from the first visit, also in a later window', () => {
    const given = { from: '2027-01-20' }
    expect(starts('FREQ=WEEKLY;BYDAY=TU;COUNT=4', '2027-01-05T09:00', given)).toEqual(['2027-01-26T09:00'])
    expect(countBefore({ rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=4', startsAt: '2027-01-05T09:00' }, '2027-01-20')).toBe(3)
    expect(countBefore({ rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=4', startsAt: '2027-01-05T09:00' }, '2030-01-20')).toBe(4)
  })

  test('the next date after another, or none', () => {
    const leap = { rule: 'FREQ=YEARLY', startsAt: '2028-02-29T09:00' }
    expect(nextAfter(leap, '2028-02-29')).toBe('2032-02-29T09:00')
    expect(nextAfter({ ...leap, rule: 'FREQ=YEARLY;COUNT=1' }, '2028-02-29')).toBe(null)
  })
})

describe('wall time', () => {
  const sydney = wallClock('Australia/Sydney')

  test('is kept over daylight saving', () => {
    const days = starts('FREQ=WEEKLY;BYDAY=SA', '2027-03-27T09:00', { limit: 3 })
    expect(days.map(sydney.instantAt)).toEqual(['2027-03-26T22:00:00Z', '2027-04-02T22:00:00Z', '2027-04-09T23:00:00Z'])
  })

  test('that a night skips moves on by the gap; the one that happens twice is the first', () => {
    expect(sydney.instantAt('2027-10-03T02:30')).toBe('2027-10-02T16:30:00Z')
    expect(sydney.wallAt('2027-10-02T16:30:00Z')).toBe('2027-10-03T03:30')
    expect(sydney.instantAt('2027-04-04T02:30')).toBe('2027-04-03T15:30:00Z')
  })
})

test('the horizon is 13 months, or reaches the first visit', () => {
  expect(horizonOf('2026-11-28', '2026-12-01')).toBe('2027-12-28')
  expect(horizonOf('2026-11-28', '2029-12-01')).toBe('2029-12-01')
})

test('every rule has the dates that a calendar has when counted day by day', () => {
  const someRepeat = fc.record({
    every: fc.integer({ min: 1, max: 5 }),
    unit: fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'year' as const),
    weekdays: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), { nil: undefined }),
    monthly: fc.constantFrom(...(['date', 'weekday', 'last-weekday', 'last-day'] as const)),
    ends: fc.oneof(
      fc.constant('never' as const),
      fc.integer({ min: 1, max: 20 }).map((after) => ({ after })),
      fc.constant({ on: '2027-09-09' }),
    ),
  })
  const someDay = fc.integer({ min: 0, max: 800 }).map((day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString())
  fc.assert(
    fc.property(someRepeat, someDay, (repeat, day) => {
      const first = firstDateOf(repeat, day.slice(0, 10))
      const to = '2030-01-31'
      const schedule = { rule: toRule(repeat, first), startsAt: `${first}T09:30` }
      const found = originalStarts(schedule, { from: first, to, limit: 2000 })
      expect(found).toEqual(datesByDay(repeat, first, { to }).map((date) => `${date}T09:30`))
    }),
    { numRuns: 200 },
  )
})
