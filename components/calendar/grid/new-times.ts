import { Temporal } from 'temporal-polyfill'
import { hoursOn, type Opening } from '#lib/availability/opening.ts'

type Given = Opening & { zone: string; minutes: number }

/** Start and end offered for a new appointment on a day: the next half hour today, else when the day opens. */
export const newTimes = (
  date: string,
  now: Temporal.Instant,
  { zone, minutes, ...week }: Given,
): { start: string; end: string } => {
  const day = Temporal.PlainDate.from(date)
  const local = now.toZonedDateTimeISO(zone)
  const soon = local
    .add({ minutes: 30 })
    .round({ smallestUnit: 'minute', roundingIncrement: 30, roundingMode: 'floor' })
  const opens = hoursOn(day, week)[0]?.from ?? '09:00'
  const opening = day.toZonedDateTime({ timeZone: zone, plainTime: opens })
  const isToday = day.equals(local.toPlainDate()) && soon.toPlainDate().equals(day)
  const start = isToday && Temporal.ZonedDateTime.compare(soon, opening) > 0 ? soon : opening
  return { start: start.toInstant().toString(), end: start.add({ minutes }).toInstant().toString() }
}
