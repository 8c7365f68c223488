import { type Clock, dayMs } from '#lib/recurrence/clock.ts'
import { civilOf, weekdayOf } from '#lib/recurrence/day.ts'
import type { Interval } from './intervals.ts'
import { minuteMs } from './world.ts'

/** A date of the business and the instants it covers. `number`: days since 1 January 1970. */
export type LocalDay = Interval & { number: number; date: string; weekday: number }

/** The days that the interval touches. A date that a zone skipped is no day. */
export const localDays = (clock: Clock, { from, until }: Interval): LocalDay[] => {
  const days: LocalDay[] = []
  for (let number = dayNumber(clock, from); ; number++) {
    const day = localDay(clock, number)
    if (day.from >= until) return days
    if (day.from < day.until) days.push(day)
  }
}

export const dayNumber = (clock: Clock, instant: number) => Math.floor(clock.wallAt(instant) / dayMs)

const localDay = (clock: Clock, number: number): LocalDay => ({
  number,
  date: dateOf(number),
  weekday: weekdayOf(number) + 1,
  from: clock.instantAt(number * dayMs),
  until: clock.instantAt((number + 1) * dayMs),
})

export const dateOf = (number: number) => {
  const { year, month, day } = civilOf(number)
  return `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}`
}

const pad = (value: number) => String(value).padStart(2, '0')

/**
 * The instants of a day within [from, until) at each `step` minutes since midnight. A wall time
 * that does not exist is left out; one that exists twice is the first.
 */
export function* startsOf(
  clock: Clock,
  day: LocalDay,
  { step, from, until }: Interval & { step: number },
): Generator<{ instant: number; wall: number }> {
  const midnight = day.number * dayMs
  const stepMs = step * minuteMs
  const hasTransition = day.until - day.from !== dayMs
  const earliest = hasTransition ? Math.min(clock.wallAt(from), clock.wallAt(until - 1)) : midnight + from - day.from
  const first = Math.max(0, Math.ceil((earliest - midnight) / stepMs))
  for (let wall = midnight + first * stepMs; wall < midnight + dayMs; wall += stepMs) {
    const instant = hasTransition ? clock.instantAt(wall) : day.from + wall - midnight
    if (hasTransition && clock.wallAt(instant) !== wall) continue
    if (instant >= until) return
    if (instant >= from) yield { instant, wall }
  }
}
