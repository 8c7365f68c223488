import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { layOutColumns, limitColumns, midnightsOf, partsOf } from './day-layout.ts'

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

const zone = 'Australia/Sydney'
const at = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds
const week = (first: string) => {
  const days = Array.from({ length: 7 }, (_, day) => Temporal.PlainDate.from(first).add({ days: day }))
  return midnightsOf(days, zone)
}
const partsOfSpan = (start: string, end: string, first = '2026-11-23') =>
  partsOf({ start: at(start), end: at(end) }, week(first), zone)

test('a span within a day is one part', () => {
  expect(partsOfSpan('2026-11-24T09:00', '2026-11-24T10:30')).toEqual([
    { day: 1, ...part(540, 630), isStart: true, isEnd: true },
  ])
})

test('a span across midnight has a part on each day, in wall time', () => {
  expect(partsOfSpan('2026-11-23T23:00', '2026-11-24T01:30')).toEqual([
    { day: 0, ...part(23 * 60, 24 * 60), isStart: true, isEnd: false },
    { day: 1, ...part(0, 90), isStart: false, isEnd: true },
  ])
})

test('a span that ends at midnight ends on the day before', () => {
  expect(partsOfSpan('2026-11-21T23:00', '2026-11-24T00:00')).toEqual([
    { day: 0, ...part(0, 24 * 60), isStart: false, isEnd: true },
  ])
})

test('a span that touches the days has no part', () => {
  expect(partsOfSpan('2026-11-22T23:00', '2026-11-23T00:00')).toEqual([])
  expect(partsOfSpan('2026-11-30T00:00', '2026-11-30T01:00')).toEqual([])
})

test('minutes are wall time on days on which the clock changes', () => {
  const forward = partsOfSpan('2026-10-04T01:30', '2026-10-04T09:00', '2026-09-28')
  expect(forward).toEqual([{ day: 6, ...part(90, 540), isStart: true, isEnd: true }])
  const back = partsOfSpan('2026-04-05T09:00', '2026-04-05T10:00', '2026-03-30')
  expect(back).toEqual([{ day: 6, ...part(540, 600), isStart: true, isEnd: true }])
})
