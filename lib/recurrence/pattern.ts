import { dayMs } from './clock.ts'
import { civilOf, dayOf, daysInMonth, weekdayOf } from './day.ts'

/** The parts of an RRULE that choose days and times (RFC 5545 §3.3.10), as numbers and sets. */
export type Pattern = {
  frequency: Frequency
  interval: number
  /** 0 = Monday. */
  weekStart: number
  months: Set<number> | null
  monthDays: Set<number> | null
  yearDays: Set<number> | null
  weeks: Set<number> | null
  byDay: { weekdays: Set<number>; ordinals: Set<number> } | null
  hours: number[] | null
  minutes: number[] | null
  seconds: number[] | null
  positions: number[] | null
}
export type Frequency = (typeof frequencies)[number]

const frequencies = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'] as const
const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/** `parts` are known to follow the grammar. */
export function patternOf(parts: Map<string, string>): Pattern {
  const frequency = frequencies.find((name) => name === parts.get('FREQ')) ?? 'DAILY'
  const days = parts.get('BYDAY')?.split(',')
  return {
    frequency,
    interval: Number(parts.get('INTERVAL') ?? 1),
    weekStart: weekdays.indexOf(parts.get('WKST') ?? 'MO'),
    months: setOf(parts.get('BYMONTH')),
    monthDays: setOf(parts.get('BYMONTHDAY')),
    yearDays: setOf(parts.get('BYYEARDAY')),
    weeks: setOf(parts.get('BYWEEKNO')),
    byDay: days ? byDayOf(days, frequency) : null,
    hours: listOf(parts.get('BYHOUR')),
    minutes: listOf(parts.get('BYMINUTE')),
    // A leap second is the last second of its minute.
    seconds: listOf(parts.get('BYSECOND')?.replace(/\b60\b/g, '59')),
    positions: listOf(parts.get('BYSETPOS')),
  }
}

function setOf(text: string | undefined): Set<number> | null {
  return text === undefined ? null : new Set(text.split(',').map(Number))
}

function listOf(text: string | undefined): number[] | null {
  const values = setOf(text)
  return values && [...values].sort((a, b) => a - b)
}

/** Positions count within a month or a year; other frequencies have none (RFC 5545 §3.3.10). */
function byDayOf(days: string[], frequency: Frequency): Pattern['byDay'] {
  const byDay = { weekdays: new Set<number>(), ordinals: new Set<number>() }
  for (const text of days) {
    const weekday = weekdays.indexOf(text.slice(-2))
    const position = frequency === 'YEARLY' || frequency === 'MONTHLY' ? Number(text.slice(0, -2)) : 0
    if (position === 0) byDay.weekdays.add(weekday)
    else byDay.ordinals.add(ordinalOf(position, weekday))
  }
  return byDay
}

function ordinalOf(position: number, weekday: number): number {
  return position * 7 + weekday
}

/** The days of `[from, to)` that the pattern matches, ascending. */
export function daysMatching(pattern: Pattern, first: number, [from, to]: [number, number]): number[] {
  const { months, monthDays, yearDays, weeks, byDay } = pattern
  const isFirst = firstMatcher(pattern, first)
  const found: number[] = []
  let { year, month, day } = civilOf(from)
  let monthStart = from - day + 1
  for (let number = from; number < to; ) {
    const length = daysInMonth(year, month)
    if (months && !months.has(month)) number = monthStart + length
    else {
      const yearStart = dayOf(year, 1, 1)
      const yearLength = dayOf(year + 1, 1, 1) - yearStart
      const end = Math.min(to, monthStart + length)
      for (; number < end; number++) {
        day = number - monthStart + 1
        const dayOfYear = number - yearStart + 1
        if (monthDays && !hits(monthDays, day, length)) continue
        if (yearDays && !hits(yearDays, dayOfYear, yearLength)) continue
        if (weeks && !inWeeks(weeks, number, { year, weekStart: pattern.weekStart })) continue
        if (byDay) {
          const weekday = weekdayOf(number)
          const isListed =
            byDay.weekdays.has(weekday) ||
            (byDay.ordinals.size > 0 &&
              (pattern.frequency === 'MONTHLY' || months
                ? hitsOrdinal(byDay.ordinals, weekday, [day, length])
                : hitsOrdinal(byDay.ordinals, weekday, [dayOfYear, yearLength])))
          if (!isListed) continue
        } else if (!(monthDays || yearDays || isFirst(number, month, day))) continue
        found.push(number)
      }
    }
    if (number >= monthStart + length) {
      monthStart += length
      month = month === 12 ? 1 : month + 1
      if (month === 1) year += 1
    }
  }
  return found
}

/** Parts that the rule omits come from DTSTART. */
function firstMatcher(pattern: Pattern, first: number): (number: number, month: number, day: number) => boolean {
  const { frequency, weeks, months } = pattern
  const weekday = weekdayOf(first)
  const civil = civilOf(first)
  if (frequency === 'WEEKLY' || (frequency === 'YEARLY' && weeks)) return (number) => weekdayOf(number) === weekday
  if (frequency === 'MONTHLY' || (frequency === 'YEARLY' && months)) return (_, __, day) => day === civil.day
  if (frequency === 'YEARLY') return (_, month, day) => day === civil.day && month === civil.month
  return () => true
}

function hits(wanted: Set<number>, at: number, of: number): boolean {
  return wanted.has(at) || wanted.has(at - of - 1)
}

function hitsOrdinal(ordinals: Set<number>, weekday: number, [at, of]: [number, number]): boolean {
  const [fromStart, fromEnd] = [Math.ceil(at / 7), -Math.ceil((of - at + 1) / 7)]
  return ordinals.has(ordinalOf(fromStart, weekday)) || ordinals.has(ordinalOf(fromEnd, weekday))
}

function inWeeks(weeks: Set<number>, number: number, of: { year: number; weekStart: number }): boolean {
  const starts = [of.year - 1, of.year, of.year + 1, of.year + 2].map((year) => firstWeek(year, of.weekStart))
  const index = starts.findLastIndex((start) => start <= number)
  const [start = 0, end = 0] = [starts[index], starts[index + 1]]
  return hits(weeks, Math.floor((number - start) / 7) + 1, (end - start) / 7)
}

/** The first day of week one, which has at least four days in the year. */
export function firstWeek(year: number, weekStart: number): number {
  return weekOf(dayOf(year, 1, 4), weekStart)
}

export function weekOf(number: number, weekStart: number): number {
  return number - ((weekdayOf(number) - weekStart + 7) % 7)
}

/** In ms, from the largest to the smallest; days and longer periods have no fixed one. */
export const stepMs: Partial<Record<Frequency, number>> = {
  HOURLY: 3_600_000,
  MINUTELY: 60_000,
  SECONDLY: 1000,
}

/** The most starts that a day can have. */
export function densityOf(pattern: Pattern): number {
  const [hours, minutes, seconds] = [pattern.hours, pattern.minutes, pattern.seconds].map((list) => list?.length)
  const unit = stepMs[pattern.frequency]
  if (!unit) return (hours ?? 1) * (minutes ?? 1) * (seconds ?? 1)
  const steps = Math.ceil(dayMs / (unit * pattern.interval))
  if (pattern.frequency === 'HOURLY') return Math.min(steps, hours ?? 24) * (minutes ?? 1) * (seconds ?? 1)
  const withinHours = Math.min(steps, ((steps * (hours ?? 24)) / 24) * ((minutes ?? 60) / 60))
  return pattern.frequency === 'MINUTELY' ? withinHours * (seconds ?? 1) : (withinHours * (seconds ?? 60)) / 60
}
