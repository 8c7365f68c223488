import { type Clock, dayMs } from '#lib/recurrence/clock.ts'
import { civilOf, dayOf, daysInMonth } from '#lib/recurrence/day.ts'
import type { LocalDay } from './days.ts'
import { difference, type Interval, intersection, merged } from './intervals.ts'
import { minuteMs, minutesOf, type TimeOff, type WeekHours, type WorkingMember, type World } from './world.ts'

/** When the business is open. Hours that touch, as at midnight, are one interval. */
export const openIntervals = (clock: Clock, days: readonly LocalDay[], world: Pick<World, 'week' | 'exceptions'>) =>
  merged(days.flatMap((day) => spansOn(clock, day, exceptionOn(day, world)?.hours ?? world.week[day.weekday] ?? [])))

export const exceptionOn = ({ date }: LocalDay, { exceptions }: Pick<World, 'exceptions'>) =>
  exceptions.find((exception) => exception.date === date)

/** When a member works within the opening hours. */
export const workingIntervals = (
  { clock, days, open }: { clock: Clock; days: readonly LocalDay[]; open: readonly Interval[] },
  { hours, timeOff }: Pick<WorkingMember, 'hours' | 'timeOff'>,
) => {
  const own = hours ? intersection(open, weekIntervals(clock, days, hours)) : open
  return difference(own, merged(timeOff.flatMap((each) => timeOffIntervals(clock, days, each))))
}

const weekIntervals = (clock: Clock, days: readonly LocalDay[], hours: WeekHours) =>
  merged(days.flatMap((day) => spansOn(clock, day, hours[day.weekday] ?? [])))

const spansOn = (clock: Clock, day: LocalDay, spans: readonly { from: string; to: string }[]): Interval[] =>
  spans.map(({ from, to }) => ({ from: instantOn(clock, day, from), until: instantOn(clock, day, to) }))

const instantOn = (clock: Clock, day: LocalDay, time: string) =>
  clock.instantAt(day.number * dayMs + minutesOf(time) * minuteMs)

/** The occurrences of time off that touch the days. */
export const timeOffIntervals = (clock: Clock, days: readonly LocalDay[], off: TimeOff): Interval[] => {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return []
  const within = { from: first.number * dayMs, until: (last.number + 1) * dayMs }
  return [...wallOccurrences(off, within)].map(({ from, until }) => ({
    from: clock.instantAt(from),
    until: clock.instantAt(until),
  }))
}

function* wallOccurrences(off: TimeOff, within: Interval): Generator<Interval> {
  const length = off.until - off.from
  const lastStart = Math.min(within.until, off.lastDay === null ? within.until : (off.lastDay + 1) * dayMs)
  if (off.repeats === 'never') {
    if (off.from < within.until && off.until > within.from) yield off
  } else if (off.repeats === 'weekly') {
    const skipped = Math.max(0, Math.floor((within.from - off.until) / (7 * dayMs)) + 1)
    for (let from = off.from + skipped * 7 * dayMs; from < lastStart; from += 7 * dayMs)
      yield { from, until: from + length }
  } else
    for (const from of yearlyStarts(off.from, { from: within.from - length, until: lastStart }))
      yield { from, until: from + length }
}

/** 29 February happens in leap years only. */
function* yearlyStarts(start: number, within: Interval): Generator<number> {
  const day = Math.floor(start / dayMs)
  const { year: firstYear, month, day: dayOfMonth } = civilOf(day)
  const { year: from } = civilOf(Math.floor(within.from / dayMs))
  for (let year = Math.max(firstYear, from); ; year++) {
    if (dayOfMonth > daysInMonth(year, month)) continue
    const at = dayOf(year, month, dayOfMonth) * dayMs + (start - day * dayMs)
    if (at >= within.until) return
    if (at > within.from) yield at
  }
}
