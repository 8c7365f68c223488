import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { hoursOn } from './opening.ts'

const week = { openingHours: { 1: [{ from: '07:00', to: '16:00' }], 7: [] } }
const monday = Temporal.PlainDate.from('2026-12-28')

test('a weekday has its hours; a day without hours is closed', () => {
  expect(hoursOn(monday, week)).toEqual([{ from: '07:00', to: '16:00' }])
  expect(hoursOn(monday.add({ days: 6 }), week)).toEqual([])
  expect(hoursOn(monday.add({ days: 1 }), week)).toEqual([])
})

test('an exceptional date has only its own hours', () => {
  const openingExceptions = [
    { date: '2026-12-28', hours: [] },
    { date: '2027-01-03', hours: [{ from: '09:00', to: '12:00' }] },
  ]
  expect(hoursOn(monday, { ...week, openingExceptions })).toEqual([])
  expect(hoursOn(monday.add({ days: 6 }), { ...week, openingExceptions })).toEqual([{ from: '09:00', to: '12:00' }])
})
