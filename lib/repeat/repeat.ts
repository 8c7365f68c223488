import { z } from 'zod'
import { shortDate, weekdayName } from '#lib/dates/format.ts'
import { isSupportedYear, yearSentence } from '#lib/dates/supported-years.ts'
import { civilOf, dayOf, daysInMonth, weekdayOf } from '#lib/recurrence/day.ts'

/** What a person chooses; stored as an RRULE value without DTSTART. Dates are `YYYY-MM-DD`. */

const isoDate = z.iso.date({ error: 'Give a date.' }).refine((date) => isSupportedYear(date), { error: yearSentence })
const whole = (max: number, message: string) => z.int(message).min(1, message).max(max, message)

export const mostEvery = 99
/** Visits of a series that a person asks for by number. */
export const mostTimes = 500

export const repeatSchema = z
  .object({
    every: whole(mostEvery, `Use a number from 1 to ${mostEvery}.`),
    unit: z.enum(['day', 'week', 'month', 'year']),
    /** With `week`: 1 is Monday. Without, the weekday of the first visit. */
    weekdays: z.array(z.int().min(1).max(7)).min(1, 'Choose a weekday.').max(7).optional(),
    /** With `month`: that date, that weekday counted from the start or the end, or the last day. */
    monthly: z.enum(['date', 'weekday', 'last-weekday', 'last-day']).optional(),
    ends: z.union([
      z.object({ after: whole(mostTimes, `Use a number from 1 to ${mostTimes}.`) }),
      z.object({ on: isoDate }),
      z.literal('never'),
    ]),
  })
  .transform(({ weekdays, monthly, ...repeat }) => ({
    ...repeat,
    ...(repeat.unit === 'week' && weekdays && { weekdays: [...new Set(weekdays)].sort() }),
    ...(repeat.unit === 'month' && { monthly: monthly ?? 'date' }),
  }))
export type Repeat = z.input<typeof repeatSchema>

const codes: readonly string[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const frequencies = { day: 'DAILY', week: 'WEEKLY', month: 'MONTHLY', year: 'YEARLY' } as const

/** The first date on or after `date` that the choice of weekdays or of the last day allows. */
export const firstDateOf = (repeat: Repeat, date: string): string => {
  const day = dayNumberOf(date)
  const { year, month } = civilOf(day)
  if (repeat.unit === 'week') {
    const wanted = weekdaysOf(repeat, date)
    for (let ahead = 0; ahead < 7; ahead++) if (wanted.includes(weekdayOf(day + ahead) + 1)) return dateOf(day + ahead)
  }
  if (repeat.unit !== 'month') return date
  const last = dayOf(year, month, daysInMonth(year, month))
  if (repeat.monthly === 'last-day') return dateOf(last)
  if (repeat.monthly === 'last-weekday') return dateOf(day + 7 * Math.floor((last - day) / 7))
  return date
}

/** `firstDate` as `firstDateOf` gives it. */
export const toRule = (repeat: Repeat, firstDate: string): string =>
  formatRule({
    FREQ: frequencies[repeat.unit],
    ...(repeat.every > 1 && { INTERVAL: String(repeat.every) }),
    ...byPart(repeat, firstDate),
    ...endPart(repeat.ends),
  })

const byPart = (repeat: Repeat, firstDate: string): RuleParts => {
  if (repeat.unit === 'week')
    return {
      BYDAY: weekdaysOf(repeat, firstDate)
        .map((weekday) => codes[weekday - 1])
        .join(),
    }
  if (repeat.unit !== 'month') return {}
  const { day, weekday, nth } = placeOf(firstDate)
  switch (repeat.monthly) {
    case 'weekday':
      // The fifth of a month is its last.
      return { BYDAY: `${nth > 4 ? -1 : nth}${codes[weekday - 1]}` }
    case 'last-weekday':
      return { BYDAY: `-1${codes[weekday - 1]}` }
    case 'last-day':
      return { BYMONTHDAY: '-1' }
    default:
      return { BYMONTHDAY: String(day) }
  }
}

const endPart = (ends: Repeat['ends']): RuleParts => {
  if (ends === 'never') return {}
  return 'after' in ends ? { COUNT: String(ends.after) } : { UNTIL: ends.on.replaceAll('-', '') }
}

/** The inverse; `firstDate` matters for a rule that names no date of its own. */
export const fromRule = (rule: string): Repeat => {
  const parts = parseRule(rule)
  const unit = unitOf(parts)
  return {
    every: Number(parts.INTERVAL ?? 1),
    unit,
    ...(unit === 'week' && { weekdays: (parts.BYDAY ?? '').split(',').map((code) => weekdayOfCode(code)) }),
    ...(unit === 'month' && { monthly: monthlyOf(parts) }),
    ends: endsOf(parts),
  }
}

export type RuleParts = Partial<Record<'FREQ' | 'INTERVAL' | 'BYDAY' | 'BYMONTHDAY' | 'COUNT' | 'UNTIL', string>>

export const parseRule = (rule: string): RuleParts => Object.fromEntries(rule.split(';').map((part) => part.split('=')))

export const formatRule = (parts: RuleParts): string =>
  Object.entries(parts)
    .map(([name, value]) => `${name}=${value}`)
    .join(';')

/** The same rule, ending after a number of visits, on a date or not at all. */
export const withEnd = (rule: string, ends: Repeat['ends']): string => {
  const { COUNT: _, UNTIL: __, ...parts } = parseRule(rule)
  return formatRule({ ...parts, ...endPart(ends) })
}

const unitOf = ({ FREQ }: RuleParts): Repeat['unit'] => {
  for (const unit of ['day', 'week', 'month'] as const) if (frequencies[unit] === FREQ) return unit
  return 'year'
}

const monthlyOf = ({ BYDAY, BYMONTHDAY }: RuleParts): NonNullable<Repeat['monthly']> => {
  if (BYDAY) return BYDAY.startsWith('-') ? 'last-weekday' : 'weekday'
  return BYMONTHDAY === '-1' ? 'last-day' : 'date'
}

const endsOf = ({ COUNT, UNTIL }: RuleParts): Repeat['ends'] => {
  if (COUNT) return { after: Number(COUNT) }
  return UNTIL ? { on: `${UNTIL.slice(0, 4)}-${UNTIL.slice(4, 6)}-${UNTIL.slice(6, 8)}` } : 'never'
}

const weekdayOfCode = (code: string) => codes.indexOf(code) + 1

const weekdaysOf = ({ weekdays }: Repeat, date: string): readonly number[] =>
  weekdays && weekdays.length > 0 ? [...new Set(weekdays)].sort() : [placeOf(date).weekday]

/** "Every 2 weeks on Tuesday, 26 times" */
export const repeatWords = (repeat: Repeat, firstDate: string): string =>
  `${periodWords(repeat)}${dayWords(repeat, firstDate)}${endWords(repeat.ends)}`

const periodWords = ({ every, unit }: Repeat) => (every === 1 ? `Every ${unit}` : `Every ${every} ${unit}s`)

const dayWords = (repeat: Repeat, firstDate: string): string => {
  const { day, month, weekday, nth } = placeOf(firstDate)
  if (repeat.unit === 'week') return ` on ${weekdayWords(weekdaysOf(repeat, firstDate))}`
  if (repeat.unit === 'year')
    return ` on ${day} ${monthNames[month - 1]}${month === 2 && day === 29 ? ' (leap years only)' : ''}`
  if (repeat.unit === 'day') return ''
  const isLast = repeat.monthly === 'last-weekday' || nth > 4
  switch (repeat.monthly) {
    case 'weekday':
    case 'last-weekday':
      return ` on the ${isLast ? 'last' : ordinal(nth)} ${nameOfWeekday(weekday)}`
    case 'last-day':
      return ' on the last day'
    default:
      return ` on the ${ordinal(day)}${day > 28 ? ' (months that have it)' : ''}`
  }
}

const weekdayWords = (weekdays: readonly number[]): string => {
  if (weekdays.length === 7) return 'every day'
  if (weekdays.join('') === '12345') return 'Monday to Friday'
  const names = weekdays.map(nameOfWeekday)
  return names.length === 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

const endWords = (ends: Repeat['ends']): string => {
  if (ends === 'never') return ''
  if ('after' in ends) return ends.after === 1 ? ', once' : `, ${ends.after} times`
  return `, until ${dateWords(ends.on)}`
}

/** "3 Nov 2027" */
export const dateWords = (date: string) =>
  `${shortDate(`${date}T00:00:00Z`, 'UTC').replace(/^\S+ /, '')} ${date.slice(0, 4)}`

/** 5 January 1970 was a Monday. */
const nameOfWeekday = (weekday: number) => weekdayName(dateOf(3 + weekday))

const monthNames = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
]

const ordinal = (number: number) => {
  const suffix = number % 100 > 10 && number % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${suffix}`
}

/** `nth`: which one of its month, from 1. */
export const placeOf = (date: string) => {
  const number = dayNumberOf(date)
  const { day, month } = civilOf(number)
  return { day, month, weekday: weekdayOf(number) + 1, nth: Math.ceil(day / 7) }
}

/** Days since 1 January 1970. */
export const dayNumberOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000

export const dateOf = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10)
