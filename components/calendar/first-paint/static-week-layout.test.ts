import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { hiddenBeyond, mapConcurrent, partOfDay } from './static-week-layout.ts'

const part = (from: number, to: number) => ({ from, to })
const lanes = (...parts: [number, number][]) =>
  mapConcurrent(parts.map(([from, to]) => part(from, to))).map(({ from, lane, of }) => [from, lane, of])

test('what overlaps stands side by side, what only touches does not', () => {
  expect(lanes([60, 120], [120, 180])).toEqual([
    [60, 0, 1],
    [120, 0, 1],
  ])
  expect(lanes([90, 150], [60, 120])).toEqual([
    [60, 0, 2],
    [90, 1, 2],
  ])
})

test('a lane that is free again is taken, and all of a group are as wide', () => {
  expect(lanes([0, 300], [0, 60], [60, 120], [400, 500])).toEqual([
    [0, 0, 2],
    [0, 1, 2],
    [60, 1, 2],
    [400, 0, 1],
  ])
})

test('lanes without room are left out', () => {
  const three = mapConcurrent([part(0, 60), part(0, 50), part(0, 40)])
  expect(hiddenBeyond(2, three).map(({ lane, of }) => [lane, of])).toEqual([
    [0, 2],
    [1, 2],
  ])
})

test('of what goes on over midnight, each day has its part by the wall clock', () => {
  const night = { start: '2026-11-23T12:00:00Z', end: '2026-11-23T14:30:00Z' }
  const on = (day: string) => partOfDay(night, Temporal.PlainDate.from(day), 'Australia/Sydney')
  expect(on('2026-11-23')).toEqual(part(23 * 60, 24 * 60))
  expect(on('2026-11-24')).toEqual(part(0, 90))
  expect(on('2026-11-22')).toBeNull()
  expect(on('2026-11-25')).toBeNull()
})
