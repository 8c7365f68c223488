import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { layOutColumns, limitColumns, partOfDay } from './static-week-layout.ts'

const part = (from: number, to: number) => ({ from, to })
const columnsOf = (...parts: [number, number][]) =>
  layOutColumns(parts.map(([from, to]) => part(from, to))).map(({ from, column, columns }) => [from, column, columns])

test('overlapping parts are side by side, touching parts are not', () => {
  expect(columnsOf([60, 120], [120, 180])).toEqual([
    [60, 0, 1],
    [120, 0, 1],
  ])
  expect(columnsOf([90, 150], [60, 120])).toEqual([
    [60, 0, 2],
    [90, 1, 2],
  ])
})

test('a free column is reused, and all parts of a group are equally wide', () => {
  expect(columnsOf([0, 300], [0, 60], [60, 120], [400, 500])).toEqual([
    [0, 0, 2],
    [0, 1, 2],
    [60, 1, 2],
    [400, 0, 1],
  ])
})

test('columns beyond the limit are dropped', () => {
  const three = layOutColumns([part(0, 60), part(0, 50), part(0, 40)])
  expect(limitColumns(three, 2).map(({ column, columns }) => [column, columns])).toEqual([
    [0, 2],
    [1, 2],
  ])
})

test('a span across midnight has a part on each day, in wall time', () => {
  const night = { start: '2026-11-23T12:00:00Z', end: '2026-11-23T14:30:00Z' }
  const on = (day: string) => partOfDay(night, Temporal.PlainDate.from(day), 'Australia/Sydney')
  expect(on('2026-11-23')).toEqual({ ...part(23 * 60, 24 * 60), isStart: true, isEnd: false })
  expect(on('2026-11-24')).toEqual({ ...part(0, 90), isStart: false, isEnd: true })
  expect(on('2026-11-22')).toBeNull()
  expect(on('2026-11-25')).toBeNull()
})

test('a span that ends at midnight ends on the day before', () => {
  const day = Temporal.PlainDate.from('2026-11-23')
  const until = { start: '2026-11-21T12:00:00Z', end: '2026-11-23T13:00:00Z' }
  expect(partOfDay(until, day, 'Australia/Sydney')).toEqual({ from: 0, to: 24 * 60, isStart: false, isEnd: true })
})
