import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstDateOf, fromRule, type Repeat, repeatSchema, repeatWords, toRule, withEnd } from './repeat.ts'

const tuesday = '2026-12-01'
const repeat = (given: Partial<Repeat> = {}): Repeat => ({ every: 1, unit: 'week', ends: 'never', ...given })

describe('a rule and its words', () => {
  test.each<[Partial<Repeat>, string, string, string]>([
    [{ unit: 'day' }, tuesday, 'FREQ=DAILY', 'Every day'],
    [{ unit: 'day', every: 3, ends: { after: 1 } }, tuesday, 'FREQ=DAILY;INTERVAL=3;COUNT=1', 'Every 3 days, once'],
    [{}, tuesday, 'FREQ=WEEKLY;BYDAY=TU', 'Every week on Tuesday'],
    [
      { every: 2, ends: { after: 26 } },
      tuesday,
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=26',
      'Every 2 weeks on Tuesday, 26 times',
    ],
    [{ weekdays: [4, 2] }, tuesday, 'FREQ=WEEKLY;BYDAY=TU,TH', 'Every week on Tuesday and Thursday'],
    [{ weekdays: [1, 3, 5] }, tuesday, 'FREQ=WEEKLY;BYDAY=MO,WE,FR', 'Every week on Monday, Wednesday and Friday'],
    [{ weekdays: [1, 2, 3, 4, 5] }, tuesday, 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', 'Every week on Monday to Friday'],
    [
      { ends: { on: '2027-11-03' } },
      tuesday,
      'FREQ=WEEKLY;BYDAY=TU;UNTIL=20271103',
      'Every week on Tuesday, until 3 Nov 2027',
    ],
    [{ unit: 'month' }, '2026-12-03', 'FREQ=MONTHLY;BYMONTHDAY=3', 'Every month on the 3rd'],
    [
      { unit: 'month', monthly: 'date' },
      '2026-12-31',
      'FREQ=MONTHLY;BYMONTHDAY=31',
      'Every month on the 31st (months that have it)',
    ],
    [{ unit: 'month', monthly: 'last-day' }, '2026-12-31', 'FREQ=MONTHLY;BYMONTHDAY=-1', 'Every month on the last day'],
    [
      { unit: 'month', every: 2, monthly: 'weekday' },
      '2026-12-08',
      'FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU',
      'Every 2 months on the 2nd Tuesday',
    ],
    [{ unit: 'month', monthly: 'weekday' }, '2026-12-29', 'FREQ=MONTHLY;BYDAY=-1TU', 'Every month on the last Tuesday'],
    [
      { unit: 'month', monthly: 'last-weekday' },
      '2026-11-24',
      'FREQ=MONTHLY;BYDAY=-1TU',
      'Every month on the last Tuesday',
    ],
    [{ unit: 'year' }, '2027-03-11', 'FREQ=YEARLY', 'Every year on 11 March'],
    [
      { unit: 'year', every: 2 },
      '2028-02-29',
      'FREQ=YEARLY;INTERVAL=2',
      'Every 2 years on 29 February (leap years only)',
    ],
  ])('%o on %s', (given, date, rule, words) => {
    expect(toRule(repeat(given), date)).toBe(rule)
    expect(repeatWords(repeat(given), date)).toBe(words)
    expect(toRule(fromRule(rule), date)).toBe(rule)
    expect(repeatWords(fromRule(rule), date)).toBe(words)
  })

  test('another end of the same rule', () => {
    const rule = 'FREQ=WEEKLY;BYDAY=TU;COUNT=26'
    expect(withEnd(rule, { on: '2027-01-31' })).toBe('FREQ=WEEKLY;BYDAY=TU;UNTIL=20270131')
    expect(withEnd(rule, 'never')).toBe('FREQ=WEEKLY;BYDAY=TU')
    expect(withEnd(rule, { after: 3 })).toBe('FREQ=WEEKLY;BYDAY=TU;COUNT=3')
  })
})

describe('the first date', () => {
  test.each<[Partial<Repeat>, string, string]>([
    [{ weekdays: [4, 1] }, tuesday, '2026-12-03'],
    [{ weekdays: [1] }, tuesday, '2026-12-07'],
    [{ weekdays: [2] }, tuesday, tuesday],
    [{}, tuesday, tuesday],
    [{ unit: 'month', monthly: 'last-day' }, '2027-02-03', '2027-02-28'],
    [{ unit: 'month', monthly: 'last-weekday' }, tuesday, '2026-12-29'],
    [{ unit: 'month', monthly: 'last-weekday' }, '2026-12-29', '2026-12-29'],
    [{ unit: 'month' }, '2026-12-31', '2026-12-31'],
    [{ unit: 'day' }, tuesday, tuesday],
  ])('%o from %s', (given, date, first) => {
    expect(firstDateOf(repeat(given), date)).toBe(first)
  })
})

const someRepeat = fc
  .record({
    every: fc.integer({ min: 1, max: 99 }),
    unit: fc.constantFrom('day', 'week', 'month', 'year'),
    weekdays: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), { nil: undefined }),
    monthly: fc.constantFrom('date', 'weekday', 'last-weekday', 'last-day', undefined),
    ends: fc.oneof(
      fc.constant('never' as const),
      fc.integer({ min: 1, max: 500 }).map((after) => ({ after })),
      fc.constant({ on: '2031-05-06' }),
    ),
  })
  .map((given) => repeatSchema.parse(given))
const someDate = fc
  .integer({ min: 0, max: 4000 })
  .map((day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10))

test('the rule of a choice gives the choice back', () => {
  fc.assert(
    fc.property(someRepeat, someDate, (given, date) => {
      const first = firstDateOf(given, date)
      const rule = toRule(given, first)
      const back = fromRule(rule)
      expect(toRule(back, first)).toBe(rule)
      expect(firstDateOf(back, first)).toBe(first)
      expect(repeatWords(back, first)).toBe(repeatWords(given, first))
      expect(back).toMatchObject({ every: given.every, unit: given.unit, ends: given.ends })
    }),
  )
})

test.each([
  { every: 0, unit: 'day', ends: 'never' },
  { every: 1.5, unit: 'day', ends: 'never' },
  { every: 100, unit: 'day', ends: 'never' },
  { every: 1, unit: 'hour', ends: 'never' },
  { every: 1, unit: 'week', weekdays: [], ends: 'never' },
  { every: 1, unit: 'week', weekdays: [8], ends: 'never' },
  { every: 1, unit: 'day', ends: { after: 0 } },
  { every: 1, unit: 'day', ends: { after: 501 } },
  { every: 1, unit: 'day', ends: { on: '2027-02-30' } },
  { every: 1, unit: 'day', ends: { on: '9999-02-03' } },
  { every: 1, unit: 'day' },
])('%o is no repetition', (given) => {
  expect(repeatSchema.safeParse(given).success).toBe(false)
})
