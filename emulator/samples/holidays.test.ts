import { describe, expect, test } from 'vitest'
import { easterSunday, publicHolidays } from './holidays.ts'

describe('public holidays', () => {
  test.each([
    [2000, '2000-04-23'],
    [2019, '2019-04-21'],
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2038, '2038-04-25'],
  ])('Easter of %i', (year, date) => {
    expect(easterSunday(year).toString()).toBe(date)
  })

  // New South Wales public holidays as published by the state government.
  test('the published dates of 2026 and 2027', () => {
    const named = (year: number) => new Map(publicHolidays(year).map(({ date, name }) => [date.toString(), name]))
    const of2026 = named(2026)
    expect(of2026.get('2026-01-26')).toBe('Australia Day')
    expect(of2026.get('2026-04-03')).toBe('Good Friday')
    expect(of2026.get('2026-04-27')).toMatch(/Anzac Day/)
    expect(of2026.get('2026-06-08')).toMatch(/King/)
    expect(of2026.get('2026-10-05')).toMatch(/Labour Day/)
    expect(of2026.get('2026-12-28')).toMatch(/Boxing Day/)
    const of2027 = named(2027)
    expect(of2027.get('2027-04-26')).toMatch(/Anzac Day/)
    expect(of2027.get('2027-12-27')).toMatch(/Christmas Day/)
    expect(of2027.get('2027-12-28')).toMatch(/Boxing Day/)
  })

  test('Australia Day at a weekend is observed on Monday', () => {
    expect(
      publicHolidays(2025)
        .find(({ name }) => name === 'Australia Day')
        ?.date.toString(),
    ).toBe('2025-01-27')
  })
})
