import { Temporal } from 'temporal-polyfill'
import { dayMs } from '#lib/recurrence/clock.ts'
import { type Interval, overlap } from './intervals.ts'
import { hoursOn, type Opening } from './opening.ts'
import { minuteMs } from './world.ts'

export type TimeSearch = {
  minutes: number
  /** Only times that lie within are found. */
  within: Interval
  opening: Opening
  zone: string
  /** What takes the time of the people concerned, in any order. */
  busy: readonly Interval[]
  /** The gap to keep before and after what is busy. */
  bufferMinutes?: number
  count: number
}

/** The UTC offset of every zone in use is a multiple of a quarter of an hour. */
const step = 15 * minuteMs

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
 * The windows of a search around `start`, none of it before `now`. Each has every time that starts
 * as near as its furthest, so that a wider one cannot have a nearer time.
 */
export const windowsAround = ({ start, now, minutes }: { start: number; now: number; minutes: number }): Interval[] =>
  around.map((days) => ({
    from: Math.max(start - days * dayMs, now),
    until: Math.max(start, now) + days * dayMs + minutes * minuteMs,
  }))

/** The free times closest to `start` that do not overlap each other, earliest first. */
export const nearestTimes = ({ start, ...search }: TimeSearch & { start: number }): Interval[] => {
  const distance = ({ from }: Interval) => Math.abs(from - start)
  const chosen: Interval[] = []
  for (const time of [...freeTimes(search)].sort((a, b) => distance(a) - distance(b))) {
    if (chosen.length >= search.count) break
    if (!chosen.some((other) => overlap(time, other))) chosen.push(time)
  }
  return chosen.sort(byStart)
}

/** Every free time within opening hours, on the quarter hour, earliest first. */
export function* freeTimes(search: Omit<TimeSearch, 'count'>): Generator<Interval> {
  const length = search.minutes * minuteMs
  const busy = merged(search.busy, (search.bufferMinutes ?? 0) * minuteMs)
  let next = 0
  for (const open of openIntervals(search))
    for (let from = roundUp(open.from); from + length <= open.until; from += step) {
      const time = { from, until: from + length }
      while ((busy[next]?.until ?? Number.POSITIVE_INFINITY) <= from) next++
      const taken = busy[next]
      if (!taken || !overlap(time, taken)) yield time
    }
}

/** Opening hours, clipped to `within`; hours that touch, as at midnight, are one interval. */
function* openIntervals({ within, zone, opening }: Pick<TimeSearch, 'within' | 'zone' | 'opening'>) {
  let open: Interval | null = null
  const last = dateAt(within.until, zone)
  for (let day = dateAt(within.from, zone); Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 }))
    for (const hours of hoursOn(day, opening)) {
      const from = Math.max(instantAt(day, hours.from, zone), within.from)
      const until = Math.min(instantAt(day, hours.to, zone), within.until)
      if (from >= until) continue
      if (open && from > open.until) yield open
      open = open && from <= open.until ? { from: open.from, until: Math.max(open.until, until) } : { from, until }
    }
  if (open) yield open
}

const dateAt = (ms: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate()

/** `24:00` is the midnight that ends the day. */
const instantAt = (day: Temporal.PlainDate, time: string, zone: string) => {
  const [date, plainTime] = time === '24:00' ? [day.add({ days: 1 }), '00:00'] : [day, time]
  return date.toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds
}

/** Ascending and disjoint, each widened by `buffer` on both sides. */
const merged = (intervals: readonly Interval[], buffer: number): Interval[] => {
  const result: Interval[] = []
  for (const { from, until } of [...intervals].sort(byStart)) {
    const wide = { from: from - buffer, until: until + buffer }
    const last = result.at(-1)
    if (last && wide.from <= last.until) last.until = Math.max(last.until, wide.until)
    else result.push(wide)
  }
  return result
}

const byStart = (a: Interval, b: Interval) => a.from - b.from

const roundUp = (ms: number) => Math.ceil(ms / step) * step
