import { Temporal } from 'temporal-polyfill'
import { temporalZone } from '../calendar/recurrence/zone.ts'
import type { EventTime } from '../model.ts'

/** Wall time of an event time in a zone. */
export function wallTime(time: EventTime, zone: string): Temporal.PlainDateTime {
  if (time.date) return Temporal.PlainDate.from(time.date).toPlainDateTime()
  return instantOf(time).toZonedDateTimeISO(temporalZone(zone)).toPlainDateTime()
}

function instantOf(time: EventTime): Temporal.Instant {
  // A year of five digits needs a sign.
  const text = (time.dateTime ?? '').replace(/^(?=\d{5}-)/, '+0')
  if (/(Z|[+-]\d\d:?\d\d)$/i.test(text)) return Temporal.Instant.from(text)
  return Temporal.PlainDateTime.from(text)
    .toZonedDateTime(temporalZone(time.timeZone ?? 'UTC'))
    .toInstant()
}

/** "9:00 – 10:30 am", "11:00 am – 1:00 pm" */
export function spanText(start: Temporal.PlainTime, end: Temporal.PlainTime): string {
  const sameHalf = start.hour < 12 === end.hour < 12
  return `${clockText(start)}${sameHalf ? '' : ` ${half(start)}`} – ${clockText(end)} ${half(end)}`
}

function clockText({ hour, minute }: Temporal.PlainTime): string {
  return `${hour % 12 === 0 ? 12 : hour % 12}:${String(minute).padStart(2, '0')}`
}

function half({ hour }: Temporal.PlainTime): string {
  return hour < 12 ? 'am' : 'pm'
}

export function mondayOf(date: Temporal.PlainDate): Temporal.PlainDate {
  return date.subtract({ days: date.dayOfWeek - 1 })
}

/** "23 – 29 Nov 2026", "30 Nov – 6 Dec 2026" */
export function weekTitle(monday: Temporal.PlainDate): string {
  const sunday = monday.add({ days: 6 })
  const month = (date: Temporal.PlainDate) => date.toLocaleString('en-AU', { month: 'short' })
  const first = [
    monday.day,
    monday.month === sunday.month ? '' : month(monday),
    monday.year === sunday.year ? '' : monday.year,
  ]
  return `${first.filter(Boolean).join(' ')} – ${sunday.day} ${month(sunday)} ${sunday.year}`
}

/** "Monday 23 November" */
export function dayName(date: Temporal.PlainDate): string {
  return date.toLocaleString('en-AU', { weekday: 'long', day: 'numeric', month: 'long' }).replace(',', '')
}
