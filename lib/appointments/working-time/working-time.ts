import { Temporal } from 'temporal-polyfill'
import { localDays } from '#lib/availability/days.ts'
import { exceptionOn, openIntervals, timeOffIntervals, workingIntervals } from '#lib/availability/hours.ts'
import type { Interval } from '#lib/availability/intervals.ts'
import { instantOf, type Span } from '#lib/availability/overlap.ts'
import type { TimeOff, WorkingMember, World } from '#lib/availability/world.ts'
import { zoneClock } from '#lib/recurrence/clock.ts'
import type { WorkingTime } from './schema.ts'

type Schedule = Pick<WorkingMember, 'id' | 'hours'> & { timeOff: readonly (TimeOff & { reason: string })[] }

export type DaySchedule = Pick<World, 'zone' | 'week' | 'exceptions'> & { members: readonly Schedule[] }

/** When each member works on `date`, by the rules of availability. */
export const workingTimeOn = (date: string, { zone, members, ...business }: DaySchedule): WorkingTime => {
  const clock = zoneClock(zone)
  const within = dayOf(date, zone)
  const days = localDays(clock, within)
  const open = openIntervals(clock, days, business)
  return {
    note: days.map((day) => exceptionOn(day, business)?.note).find(Boolean) ?? '',
    members: members.map(({ id, hours, timeOff }) => ({
      memberId: id,
      working: workingIntervals({ clock, days, open }, { hours, timeOff }).map(spanOf),
      timeOff: timeOff.flatMap((off) =>
        timeOffIntervals(clock, days, off)
          .map((interval) => clipped(interval, within))
          .filter(({ from, until }) => from < until)
          .map((interval) => ({ id: off.id, reason: off.reason, ...spanOf(interval) })),
      ),
    })),
  }
}

const dayOf = (date: string, zone: string): Interval => {
  const day = Temporal.PlainDate.from(date)
  return {
    from: day.toZonedDateTime(zone).epochMilliseconds,
    until: day.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds,
  }
}

const clipped = (interval: Interval, within: Interval): Interval => ({
  from: Math.max(interval.from, within.from),
  until: Math.min(interval.until, within.until),
})

const spanOf = ({ from, until }: Interval): Span => ({ start: instantOf(from), end: instantOf(until) })
