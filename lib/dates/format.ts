import { Temporal } from 'temporal-polyfill'
import { locale } from './locale.ts'

/** Dates and times for people: 24 Nov, 9:30 am. Instants are shown in the given IANA zone. */

/** ISO 8601 text, or epoch milliseconds if the caller has parsed it. */
export type Instant = string | number

const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (zone: string, options: Intl.DateTimeFormatOptions) => {
  const key = zone + JSON.stringify(options)
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: zone })
  formats.set(key, known)
  return known
}

const epochMs = (instant: Instant) => (typeof instant === 'number' ? instant : Date.parse(instant))

const dateOf = (instant: Instant, zone: string, options: Intl.DateTimeFormatOptions) =>
  formatOf(zone, options).format(epochMs(instant)).replace(',', '')

/** "9:30 am" */
export const clock = (instant: Instant, zone: string) =>
  formatOf(zone, { hour: 'numeric', minute: '2-digit', hour12: true }).format(epochMs(instant)).replace('\u202f', ' ')

/** "9 am", "9:30 am": for tight spaces. */
export const shortClock = (instant: Instant, zone: string) => clock(instant, zone).replace(':00', '')

/** "9:30 – 11:00 am"; am and pm on both sides if they differ, on none unless `full`. */
export const clockRange = (start: Instant, end: Instant, zone: string, full = true) => {
  const [from, to] = [clock(start, zone), clock(end, zone)]
  if (!full) return `${withoutPeriod(from)} – ${withoutPeriod(to)}`
  return from.slice(-2) === to.slice(-2) ? `${withoutPeriod(from)} – ${to}` : `${from} – ${to}`
}

const withoutPeriod = (time: string) => time.replace(/\s*[ap]m$/i, '')

/** "Mon 23 Nov" */
export const shortDate = (instant: Instant, zone: string) =>
  dateOf(instant, zone, { weekday: 'short', day: 'numeric', month: 'short' })

/** "Monday 23 November" */
export const longDate = (instant: Instant, zone: string) =>
  dateOf(instant, zone, { weekday: 'long', day: 'numeric', month: 'long' })

/** "Monday", of a date such as 2026-11-23. */
export const weekdayName = (date: string) => formatOf('UTC', { weekday: 'long' }).format(Date.parse(date))

/** "November", of a date. */
export const monthName = (date: string) => formatOf('UTC', { month: 'long' }).format(Date.parse(date))

/** "Mon 23 Nov 2026", of a date such as 2026-11-23. */
export const dayInWords = (date: string) => fullDate(`${date}T00:00:00Z`, 'UTC')

/** "Mon 23 Nov 2026" */
const fullDate = (instant: string, zone: string) =>
  dateOf(instant, zone, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })

/** "Mon 23 Nov, 9:30 am" */
export const shortDateTime = (instant: Instant, zone: string) => `${shortDate(instant, zone)}, ${clock(instant, zone)}`

/** "Mon 23 Nov 2026, 9:30 am" */
export const fullDateTime = (instant: string, zone: string) => `${fullDate(instant, zone)}, ${clock(instant, zone)}`

/** "9:30 am on Mon 23 Nov" */
export const clockOnDay = (instant: string, zone: string) => `${clock(instant, zone)} on ${shortDate(instant, zone)}`

/** `2026-11-23` */
export const isoDate = (instant: Instant, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(epochMs(instant)).toZonedDateTimeISO(zone).toPlainDate().toString()

/** "Mon 23 Nov, 9:30 – 11:00 am", over midnight with both dates. */
export const when = (start: Instant, end: Instant, zone: string) =>
  shortDate(start, zone) === shortDate(end, zone)
    ? `${shortDate(start, zone)}, ${clockRange(start, end, zone)}`
    : `${shortDateTime(start, zone)} – ${shortDateTime(end, zone)}`

/** Dates with an exclusive end: "Thu 26 Nov" or "Thu 26 Nov – Sat 28 Nov". */
export const dateRange = (start: string, end: string) => rangeOfDates(start, end, shortDate)

/**
 * "Mon 23 Nov 2026, 9:30 am – 11:00 am", over midnight with both dates.
 * Dates with an exclusive end instead of instants are all-day: "Thu 26 Nov 2026, all day".
 */
export const fullRange = (start: string, end: string, zone: string): string => {
  if (!start.includes('T')) return `${rangeOfDates(start, end, fullDate)}, all day`
  const isSameDay = fullDate(start, zone) === fullDate(end, zone)
  return `${fullDateTime(start, zone)} – ${isSameDay ? clock(end, zone) : fullDateTime(end, zone)}`
}

const rangeOfDates = (start: string, end: string, format: (instant: string, zone: string) => string) => {
  const [first, last] = [Temporal.PlainDate.from(start), Temporal.PlainDate.from(end).subtract({ days: 1 })]
  const text = (date: Temporal.PlainDate) => format(`${date}T12:00:00Z`, 'UTC')
  return first.equals(last) ? text(first) : `${text(first)} – ${text(last)}`
}

/** "1 h 30 min" */
export const lengthOf = (minutes: number) => {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return [hours > 0 && `${hours} h`, rest > 0 && `${rest} min`].filter(Boolean).join(' ')
}
