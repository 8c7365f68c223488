import { expect, test } from 'vitest'
import {
  clockOnDay,
  clockRange,
  dateRange,
  fullDateTime,
  fullRange,
  isoDate,
  lengthOf,
  shortClock,
  shortDateTime,
  when,
} from './format.ts'

const zone = 'Australia/Sydney'

test('a range shows am and pm once if both sides agree', () => {
  expect(clockRange('2026-11-22T22:00:00Z', '2026-11-22T23:25:00Z', zone)).toBe('9:00 – 10:25 am')
  expect(clockRange('2026-11-22T22:00:00Z', '2026-11-23T02:00:00Z', zone)).toBe('9:00 am – 1:00 pm')
  expect(clockRange('2026-11-22T22:00:00Z', '2026-11-23T02:00:00Z', zone, false)).toBe('9:00 – 1:00')
})

test('short clock times omit the minutes of full hours', () => {
  expect(shortClock('2026-11-22T22:00:00Z', zone)).toBe('9 am')
  expect(shortClock('2026-11-22T22:30:00Z', zone)).toBe('9:30 am')
})

test('a range over midnight shows both dates', () => {
  expect(when('2026-11-23T12:00:00Z', '2026-11-23T14:00:00Z', zone)).toBe('Mon 23 Nov, 11:00 pm – Tue 24 Nov, 1:00 am')
  expect(when('2026-11-22T22:00:00Z', '2026-11-22T23:00:00Z', zone)).toBe('Mon 23 Nov, 9:00 – 10:00 am')
})

test('a full range shows the year, and all-day dates as such', () => {
  expect(fullRange('2026-11-22T22:00:00Z', '2026-11-22T23:00:00Z', zone)).toBe('Mon 23 Nov 2026, 9:00 am – 10:00 am')
  expect(fullRange('2026-11-23T12:00:00Z', '2026-11-23T14:00:00Z', zone)).toBe(
    'Mon 23 Nov 2026, 11:00 pm – Tue 24 Nov 2026, 1:00 am',
  )
  expect(fullRange('2026-11-23', '2026-11-24', zone)).toBe('Mon 23 Nov 2026, all day')
})

test('one instant is shown with its date in the given zone', () => {
  const instant = '2026-11-22T22:00:00Z'
  expect(shortDateTime(instant, zone)).toBe('Mon 23 Nov, 9:00 am')
  expect(fullDateTime(instant, zone)).toBe('Mon 23 Nov 2026, 9:00 am')
  expect(clockOnDay(instant, zone)).toBe('9:00 am on Mon 23 Nov')
  expect([isoDate(instant, zone), isoDate(instant, 'UTC')]).toEqual(['2026-11-23', '2026-11-22'])
})

test('all-day dates have an exclusive end', () => {
  expect(dateRange('2026-11-26', '2026-11-27')).toBe('Thu 26 Nov')
  expect(dateRange('2026-11-28', '2026-11-30')).toBe('Sat 28 Nov – Sun 29 Nov')
})

test('lengths are in hours and minutes', () => {
  expect([30, 60, 90].map(lengthOf)).toEqual(['30 min', '1 h', '1 h 30 min'])
})
