import { expect, test } from 'vitest'
import { clockRange, dateRange, lengthOf, shortClock, when } from './format.ts'

const zone = 'Australia/Sydney'

test('times are the business’s, with am and pm where they matter', () => {
  expect(clockRange('2026-11-22T22:00:00Z', '2026-11-22T23:25:00Z', zone)).toBe('9:00 – 10:25 am')
  expect(clockRange('2026-11-22T22:00:00Z', '2026-11-23T02:00:00Z', zone)).toBe('9:00 am – 1:00 pm')
  expect(clockRange('2026-11-22T22:00:00Z', '2026-11-23T02:00:00Z', zone, false)).toBe('9:00 – 1:00')
})

test('where there is hardly room, whole hours are short', () => {
  expect(shortClock('2026-11-22T22:00:00Z', zone)).toBe('9 am')
  expect(shortClock('2026-11-22T22:30:00Z', zone)).toBe('9:30 am')
})

test('over midnight both dates are said', () => {
  expect(when('2026-11-23T12:00:00Z', '2026-11-23T14:00:00Z', zone)).toBe(
    'Mon 23 Nov, 11:00 pm – Tue 24 Nov, 1:00 am',
  )
  expect(when('2026-11-22T22:00:00Z', '2026-11-22T23:00:00Z', zone)).toBe('Mon 23 Nov, 9:00 – 10:00 am')
})

test('all-day dates have an exclusive end', () => {
  expect(dateRange('2026-11-26', '2026-11-27')).toBe('Thu 26 Nov')
  expect(dateRange('2026-11-28', '2026-11-30')).toBe('Sat 28 Nov – Sun 29 Nov')
})

test('lengths', () => {
  expect([30, 60, 90].map(lengthOf)).toEqual(['30 min', '1 h', '1 h 30 min'])
})
