import { describe, expect, test } from 'vitest'
import { clock, columnsOf, shifted, snap } from './client/layout.js'
// Includes all browser modules in the type check.
import type {} from './client/main.js'

describe('columns of overlapping spans', () => {
  const place = (...spans: [number, number][]) => {
    const list = spans.map(([from, to]) => ({ from, to }))
    const places = columnsOf(list)
    return list.map((span) => places.get(span))
  }

  test('spans that do not overlap have the whole width', () => {
    expect(place([0, 60], [60, 120])).toEqual([
      { column: 0, columns: 1, width: 1 },
      { column: 0, columns: 1, width: 1 },
    ])
  })

  test('overlapping spans are side by side', () => {
    expect(place([0, 90], [60, 120])).toEqual([
      { column: 0, columns: 2, width: 1 },
      { column: 1, columns: 2, width: 1 },
    ])
  })

  test('a span extends over a free column beside it', () => {
    expect(place([0, 300], [0, 60], [0, 60], [120, 180])).toEqual([
      { column: 0, columns: 3, width: 1 },
      { column: 1, columns: 3, width: 1 },
      { column: 2, columns: 3, width: 1 },
      { column: 1, columns: 3, width: 2 },
    ])
  })
})

test('minutes snap, wall times shift across midnight and months, clock times are am and pm', () => {
  expect(snap(52, 15)).toBe(45)
  expect(shifted('2026-11-30T23:30', { minutes: 45 })).toBe('2026-12-01T00:15')
  expect(shifted('2026-03-01', { days: -1 })).toBe('2026-02-28')
  expect([clock(0), clock(750), clock(1440)]).toEqual(['12:00 am', '12:30 pm', '12:00 am'])
})
