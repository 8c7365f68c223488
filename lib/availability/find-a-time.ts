import { dayMs } from '#lib/recurrence/clock.ts'
import type { Interval } from './intervals.ts'
import { minuteMs } from './world.ts'

/** A search looks this many days ahead, then further while it has found too few times. */
const ahead = [2, 14]

/**
 * The windows of a search ahead, one after another: times that start in them, and end within
 * `days`.
 */
export const windowsAhead = ({ from, days, minutes }: { from: number; days: number; minutes: number }): Interval[] => {
  const end = from + days * dayMs - minutes * minuteMs + 1
  const starts = [0, ...ahead].map((each) => from + each * dayMs).filter((start) => start < end)
  return starts.map((start, n) => ({ from: start, until: starts[n + 1] ?? end }))
}

/** The same for a search around a time, each window wider than the one before it. */
const around = [2, 7, 42]

/**
 * The windows of a search around `start`, none of it before `now`: times that start in them. Each
 * has every time that starts as near as its furthest, so that a wider one cannot have a nearer
 * time.
 */
export const windowsAround = ({ start, now }: { start: number; now: number }): Interval[] =>
  around.map((days) => ({
    from: Math.max(start - days * dayMs, now),
    until: Math.max(start, now) + days * dayMs + 1,
  }))
