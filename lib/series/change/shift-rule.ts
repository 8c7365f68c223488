import { civilOf, dayOf, daysInMonth } from '#lib/recurrence/day.ts'
import {
  dateOf,
  dayNumberOf,
  firstDateOf,
  fromRule,
  placeOf,
  type Repeat,
  toRule,
  withEnd,
} from '#lib/repeat/repeat.ts'
import type { WallTime } from '../dates.ts'

/** The rule of a series after one of its visits was moved and the others follow. */

export type Move = {
  /** Original start of the visit that was moved, and where it went; wall times. */
  from: WallTime
  to: WallTime
}

/** The rule without an end, and the first visit; null if another visit is on that weekday. */
export const shiftRule = (
  rule: string,
  { move, first }: { move: Move; first: WallTime },
): { rule: string; startsAt: WallTime } | null => {
  const repeat = { ...fromRule(rule), ends: 'never' as const }
  const [was, is] = [move.from.slice(0, 10), move.to.slice(0, 10)]
  const time = move.to.slice(10)
  const firstDate = first.slice(0, 10)
  if (was === is) return { rule: withEnd(rule, 'never'), startsAt: firstDate + time }
  const shifted = shiftedRepeat(repeat, was, is)
  if (!shifted) return null
  const startDate = shiftedFirst(shifted, { was, is, firstDate, old: repeat })
  return { rule: toRule(shifted, startDate), startsAt: startDate + time }
}

const shiftedRepeat = (repeat: Repeat, was: string, is: string): Repeat | null => {
  const { weekday } = placeOf(is)
  if (repeat.unit === 'week') {
    const others = (repeat.weekdays ?? []).filter((each) => each !== placeOf(was).weekday)
    return others.includes(weekday) ? null : { ...repeat, weekdays: [...others, weekday].sort() }
  }
  // The last day, moved to a day that is not the last, is a day of the month.
  if (repeat.unit === 'month') return { ...repeat, monthly: monthlyOf(repeat.monthly ?? 'date', is) }
  return repeat
}

const monthlyOf = (monthly: NonNullable<Repeat['monthly']>, date: string): NonNullable<Repeat['monthly']> => {
  if (monthly === 'weekday' || monthly === 'last-weekday')
    return firstDateOf({ every: 1, unit: 'month', monthly: 'last-weekday', ends: 'never' }, date) === date &&
      monthly === 'last-weekday'
      ? 'last-weekday'
      : 'weekday'
  return monthly === 'last-day' && isLastOfMonth(date) ? 'last-day' : 'date'
}

const isLastOfMonth = (date: string) => placeOf(dateOf(dayNumberOf(date) + 1)).day === 1

type First = { was: string; is: string; firstDate: string; old: Repeat }

const shiftedFirst = (repeat: Repeat, { was, is, firstDate, old }: First): string => {
  if (firstDate === was) return is
  const days = dayNumberOf(is) - dayNumberOf(was)
  if (repeat.unit === 'day') return dateOf(dayNumberOf(firstDate) + days)
  if (repeat.unit === 'week') {
    if (placeOf(firstDate).weekday === placeOf(was).weekday) return dateOf(dayNumberOf(firstDate) + days)
    return dateOf(dayNumberOf(firstDate) + (mondayOf(is) - mondayOf(was)))
  }
  const start = monthOf(firstDate) + monthOf(is) - monthOf(was)
  const every = old.unit === 'year' ? 12 * old.every : old.every
  for (let month = start; ; month += every) {
    const date = placeInMonth(repeat, month, is)
    if (date) return date
  }
}

const mondayOf = (date: string) => dayNumberOf(date) - placeOf(date).weekday

/** Months since the year 0. */
export const monthOf = (date: string) => {
  const { year, month } = civilOf(dayNumberOf(date))
  return 12 * year + month - 1
}

/** The date of a month at the same place as `like`; null if the month has none. */
const placeInMonth = ({ unit, monthly }: Repeat, months: number, like: string): string | null => {
  const [year, month] = [Math.floor(months / 12), (months % 12) + 1]
  const [first, length] = [dayOf(year, month, 1), daysInMonth(year, month)]
  const { day, weekday, nth } = placeOf(like)
  if (unit === 'month' && monthly === 'last-day') return dateOf(first + length - 1)
  if (unit === 'month' && (monthly === 'weekday' || monthly === 'last-weekday')) {
    const ahead = (weekday - placeOf(dateOf(first)).weekday + 7) % 7
    const isLast = monthly === 'last-weekday' || nth > 4
    return dateOf(first + ahead + 7 * (isLast ? Math.floor((length - 1 - ahead) / 7) : nth - 1))
  }
  return day <= length ? dateOf(first + day - 1) : null
}
