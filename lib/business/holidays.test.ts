import { expect, test } from 'vitest'
import { countries, publicHolidays, statesOf } from './holidays.ts'

test('two years of public holidays, of the state where one is chosen, by date', () => {
  const found = publicHolidays('AU-NSW', '2026-11-28')
  expect(found.slice(0, 4)).toEqual([
    { date: '2026-12-25', name: 'Christmas Day' },
    { date: '2026-12-26', name: 'Boxing Day' },
    { date: '2026-12-28', name: 'Boxing Day (substitute day)' },
    { date: '2027-01-01', name: "New Year's Day" },
  ])
  expect(found.every(({ date }) => date >= '2026-11-28' && date < '2028-11-28')).toBe(true)
  expect(found.map(({ date }) => date)).toEqual(found.map(({ date }) => date).sort())
  expect(found.some(({ name }) => /Labour Day/.test(name))).toBe(true)
  expect(publicHolidays('AU', '2026-11-28').some(({ name }) => /Melbourne Cup/.test(name))).toBe(false)
})

test('an unknown region has no holidays; countries and states are listed by name', () => {
  expect(publicHolidays('XX', '2026-11-28')).toEqual([])
  expect(countries()).toContainEqual({ code: 'AU', name: 'Australia' })
  expect(statesOf('AU')).toContainEqual({ code: 'NSW', name: 'New South Wales' })
  expect(statesOf('XX')).toEqual([])
})
