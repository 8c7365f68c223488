import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { windowsAhead, windowsAround } from './find-a-time.ts'
import type { Interval } from './intervals.ts'
import { minuteMs } from './world.ts'

const dayMs = 24 * 60 * minuteMs
const from = Date.parse('2026-11-22T13:00:00Z')
const last = 1 / dayMs
const lengths = (windows: Interval[]) => windows.map((each) => (each.until - each.from) / dayMs)

describe('windows ahead', () => {
  test('end where the search ends', () => {
    const minutes = 24 * 60
    expect(lengths(windowsAhead({ from, days: 42, minutes }))).toEqual([2, 12, 27 + last])
    expect(lengths(windowsAhead({ from, days: 7, minutes }))).toEqual([2, 4 + last])
    expect(lengths(windowsAhead({ from, days: 2, minutes }))).toEqual([1 + last])
    expect(lengths(windowsAhead({ from, days: 1, minutes }))).toEqual([last])
    expect(lengths(windowsAhead({ from, days: 1, minutes: minutes + 15 }))).toEqual([])
  })

  test('have every start of the search, each once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 42 }), fc.integer({ min: 1, max: 1440 }), (days, minutes) => {
        const windows = windowsAhead({ from, days, minutes })
        expect(windows[0]?.from).toBe(from)
        for (const [n, { until }] of windows.entries()) expect(until).toBe(windows[n + 1]?.from ?? until)
        expect(windows.at(-1)?.until).toBe(from + days * dayMs - minutes * minuteMs + 1)
      }),
    )
  })
})

describe('windows around a time', () => {
  test('grow on both sides, and begin no earlier than now', () => {
    expect(lengths(windowsAround({ start: from + 60 * dayMs, now: from }))).toEqual([4 + last, 14 + last, 84 + last])
    expect(lengths(windowsAround({ start: from + dayMs, now: from }))).toEqual([3 + last, 8 + last, 43 + last])
    expect(lengths(windowsAround({ start: from - dayMs, now: from }))).toEqual([2 + last, 7 + last, 42 + last])
  })

  test('a start outside of a window is farther than each within', () => {
    const someStart = fc.integer({ min: -50 * 96, max: 50 * 96 }).map((quarters) => from + quarters * 15 * minuteMs)
    fc.assert(
      fc.property(someStart, someStart, someStart, (start, within, outside) => {
        for (const window of windowsAround({ start, now: from })) {
          const isIn = (time: number) => window.from <= time && time < window.until
          if (!isIn(within) || isIn(outside) || outside < from) continue
          expect(Math.abs(outside - start)).toBeGreaterThan(Math.abs(within - start))
        }
      }),
    )
  })
})
