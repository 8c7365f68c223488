import { dayMs } from './clock.ts'
import { civilOf, dayOf } from './day.ts'
import { daysMatching, firstWeek, type Pattern, stepMs, weekOf } from './pattern.ts'

/*
 * The starts of a pattern, period by period, by arithmetic on days: a rule without COUNT, or with
 * one that the range cannot reach, begins at the range and not at DTSTART. Every day examined and
 * every start is a step; a rule that needs more than it is given is refused.
 */

/** What is left to spend; shared by all rules that are handed the same object. */
export type Steps = { left: number }

/** Thrown when no steps are left. */
export class TooLarge extends Error {}

/**
 * A range of wall times (see clock.ts), inclusive. Generation stops after `room` starts at or after
 * `sure`.
 */
export type WallRange = { from: number; sure: number; to: number; room: number }

/** A pattern anchored at a DTSTART. */
export type Walk = { pattern: Pattern; dtstart: number; day: number; times: number[]; steps: Steps }

export function walkOf(pattern: Pattern, dtstart: number, steps: Steps): Walk {
  const day = Math.floor(dtstart / dayMs)
  return { pattern, dtstart, day, times: timesOfDay(pattern, dtstart - day * dayMs), steps }
}

/** The pattern's own starts, ascending. `count` counts from DTSTART. */
export function startsForward(walk: Walk, range: WallRange, count: number | null): number[] {
  const limit = count === null || count > mostUpTo(walk, range.to) ? Number.POSITIVE_INFINITY : count
  const found: number[] = []
  let counted = 0
  let left = range.room
  for (let index = limit === Number.POSITIVE_INFINITY ? indexAt(walk, range.from) : 0; ; index++) {
    const [begin, end] = daysOf(walk, index)
    if (begin * dayMs > range.to) return found
    if (end * dayMs <= range.from && begin > walk.day) {
      counted += sizeOf(walk, index)
      if (counted >= limit) return found
      continue
    }
    for (const start of startsIn(walk, index)) {
      if (start < walk.dtstart) continue
      counted += 1
      if (start > range.to || counted > limit) return found
      if (start < range.from) continue
      found.push(start)
      if (start >= range.sure) left -= 1
      if (left <= 0) return found
    }
  }
}

const century = 36_525 * dayMs

/**
 * The pattern's own starts at or before `before`, descending. A COUNT has to end within a century.
 */
export function* startsBackward(walk: Walk, before: number, count: number | null): Generator<number> {
  if (count !== null) {
    const to = Math.min(before, walk.dtstart + century)
    if (to < before && count > mostUpTo(walk, to)) throw new TooLarge()
    const found = startsForward(walk, { from: walk.dtstart, sure: to + 1, to, room: 1 }, count)
    if (found.length < count && to < before) throw new TooLarge()
    yield* found.reverse()
    return
  }
  for (let index = indexAt(walk, before) + 2; index >= 0; index--)
    for (const start of [...startsIn(walk, index)].reverse()) {
      if (start < walk.dtstart) return
      if (start <= before) yield start
    }
}

export function spend(steps: Steps, cost: number): void {
  if (steps.left < cost) throw new TooLarge()
  steps.left -= cost
}

function timesOfDay(pattern: Pattern, first: number): number[] {
  const { hours, minutes, seconds } = pattern
  const times: number[] = []
  if (stepMs[pattern.frequency]) return times
  for (const hour of hours ?? [Math.floor(first / 3_600_000)])
    for (const minute of minutes ?? [Math.floor(first / 60_000) % 60])
      for (const second of seconds ?? [Math.floor(first / 1000) % 60])
        times.push(((hour * 60 + minute) * 60 + second) * 1000 + (first % 1000))
  return times
}

/** The days `[from, to)` of a period. */
function daysOf({ pattern, day, dtstart }: Walk, index: number): [number, number] {
  const { interval, weekStart } = pattern
  switch (pattern.frequency) {
    case 'YEARLY': {
      const year = civilOf(day).year + index * interval
      if (pattern.weeks) return [firstWeek(year, weekStart), firstWeek(year + 1, weekStart)]
      return [dayOf(year, 1, 1), dayOf(year + 1, 1, 1)]
    }
    case 'MONTHLY': {
      const month = monthOf(day) + index * interval
      return [firstOfMonth(month), firstOfMonth(month + 1)]
    }
    case 'WEEKLY': {
      const week = weekOf(day, weekStart) + 7 * index * interval
      return [week, week + 7]
    }
    case 'DAILY':
      return [day + index * interval, day + index * interval + 1]
    default: {
      const at = isSparse(pattern)
        ? Math.floor((baseOf(pattern, dtstart) + index * lengthOf(pattern)) / dayMs)
        : day + index
      return [at, at + 1]
    }
  }
}

/** The period that `wall` is in, or one before it. */
function indexAt(walk: Walk, wall: number): number {
  return Math.max(0, Math.floor(periodsUntil(walk, wall)))
}

function periodsUntil({ pattern, day, dtstart }: Walk, wall: number): number {
  const at = Math.floor(wall / dayMs)
  switch (pattern.frequency) {
    case 'YEARLY':
      return (civilOf(at).year - (pattern.weeks ? 1 : 0) - civilOf(day).year) / pattern.interval
    case 'MONTHLY':
      return (monthOf(at) - monthOf(day)) / pattern.interval
    case 'WEEKLY':
      return (at - weekOf(day, pattern.weekStart)) / (7 * pattern.interval)
    case 'DAILY':
      return (at - day) / pattern.interval
    default:
      return isSparse(pattern) ? (wall - baseOf(pattern, dtstart)) / lengthOf(pattern) - 1 : at - day
  }
}

function monthOf(day: number): number {
  const { year, month } = civilOf(day)
  return year * 12 + month - 1
}

function firstOfMonth(month: number): number {
  return dayOf(Math.floor(month / 12), (((month % 12) + 12) % 12) + 1, 1)
}

const mostDays = new Map([
  ['YEARLY', 371],
  ['MONTHLY', 31],
  ['WEEKLY', 7],
  ['DAILY', 1],
])

/** At least as many starts as there can be up to a wall time. */
function mostUpTo(walk: Walk, wall: number): number {
  const { pattern, times } = walk
  const periods = indexAt(walk, wall) + 3
  const days = mostDays.get(pattern.frequency)
  if (days) return periods * (pattern.positions?.length ?? days * times.length)
  const steps = isSparse(pattern) ? 1 : dayMs / lengthOf(pattern) + 1
  return periods * steps * withinStep(pattern, 0).length
}

function sizeOf(walk: Walk, index: number): number {
  if (stepMs[walk.pattern.frequency]) return [...startsIn(walk, index)].length
  const days = matchingDays(walk, index)
  const all = days.length * walk.times.length
  return walk.pattern.positions ? indexesOf(walk.pattern.positions, all).length : all
}

function matchingDays(walk: Walk, index: number): number[] {
  const days = daysOf(walk, index)
  spend(walk.steps, days[1] - days[0])
  return daysMatching(walk.pattern, walk.day, days)
}

function* startsIn(walk: Walk, index: number): Generator<number> {
  const { pattern, times, steps } = walk
  const days = matchingDays(walk, index)
  if (stepMs[pattern.frequency]) {
    for (const day of days) yield* startsOfDay(walk, day, index)
    return
  }
  const at = (n: number) => (days[Math.floor(n / times.length)] ?? 0) * dayMs + (times[n % times.length] ?? 0)
  const all = days.length * times.length
  for (const n of pattern.positions ? indexesOf(pattern.positions, all) : range(all)) {
    spend(steps, 1)
    yield at(n)
  }
}

function* range(end: number): Generator<number> {
  for (let n = 0; n < end; n++) yield n
}

/** BYSETPOS: 1 is the first, -1 the last. */
function indexesOf(positions: number[], length: number): number[] {
  const indexes = positions.map((position) => (position > 0 ? position - 1 : length + position))
  return [...new Set(indexes)].filter((index) => index >= 0 && index < length).sort((a, b) => a - b)
}

// Below a day, BYHOUR to the frequency's own part choose among the steps; smaller parts multiply
// them.
function* startsOfDay({ pattern, dtstart, steps }: Walk, day: number, index: number): Generator<number> {
  const { frequency, hours, minutes, seconds, positions } = pattern
  const [base, length] = [baseOf(pattern, dtstart), lengthOf(pattern)]
  const from = day * dayMs
  const next = isSparse(pattern) ? index : Math.max(0, Math.ceil((from - base) / length))
  const within = withinStep(pattern, dtstart)
  const chosen = positions ? indexesOf(positions, within.length).map((at) => within[at] ?? 0) : within
  for (let at = base + next * length; at < from + dayMs; at += length) {
    spend(steps, 1 / 16)
    const second = Math.floor((at - from) / 1000)
    if (hours && !hours.includes(Math.floor(second / 3600))) continue
    if (minutes && frequency !== 'HOURLY' && !minutes.includes(Math.floor(second / 60) % 60)) continue
    if (seconds && frequency === 'SECONDLY' && !seconds.includes(second % 60)) continue
    for (const offset of chosen) {
      spend(steps, 1)
      yield at + offset
    }
  }
}

/** The starts within one step, relative to it. */
function withinStep({ frequency, minutes, seconds }: Pattern, dtstart: number): number[] {
  const rest = ((dtstart % 1000) + 1000) % 1000
  if (frequency === 'SECONDLY') return [rest]
  const ofMinute = (seconds ?? [partOf(dtstart, 1000)]).map((second) => second * 1000 + rest)
  if (frequency === 'MINUTELY') return ofMinute
  return (minutes ?? [partOf(dtstart, 60_000)]).flatMap((minute) => ofMinute.map((ms) => minute * 60_000 + ms))
}

function partOf(wall: number, unit: number): number {
  return ((Math.floor(wall / unit) % 60) + 60) % 60
}

/** At most one step a day: periods are steps, not days. */
function isSparse(pattern: Pattern): boolean {
  return lengthOf(pattern) >= dayMs
}

function lengthOf({ frequency, interval }: Pattern): number {
  return (stepMs[frequency] ?? dayMs) * interval
}

function baseOf({ frequency }: Pattern, dtstart: number): number {
  const unit = stepMs[frequency] ?? dayMs
  return Math.floor(dtstart / unit) * unit
}
