import { Temporal } from 'temporal-polyfill'
import type { OpeningHours } from '#lib/business/schema.ts'

type Given = { zone: string; openingHours: OpeningHours; minutes: number }

/** Start and end offered for a new appointment on a day: the next half hour today, else when the day opens. */
export const newTimes = (
  date: string,
  now: Temporal.Instant,
  { zone, openingHours, minutes }: Given,
): { start: string; end: string } => {
  const day = Temporal.PlainDate.from(date)
  const local = now.toZonedDateTimeISO(zone)
  const soon = local
    .add({ minutes: 30 })
    .round({ smallestUnit: 'minute', roundingIncrement: 30, roundingMode: 'floor' })
  const opens = openingHours[day.dayOfWeek]?.[0]?.from ?? '09:00'
  const opening = day.toZonedDateTime({ timeZone: zone, plainTime: opens })
  const isToday = day.equals(local.toPlainDate()) && soon.toPlainDate().equals(day)
  const start = isToday && Temporal.ZonedDateTime.compare(soon, opening) > 0 ? soon : opening
  return { start: start.toInstant().toString(), end: start.add({ minutes }).toInstant().toString() }
}
