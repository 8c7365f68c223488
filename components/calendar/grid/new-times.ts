import { Temporal } from 'temporal-polyfill'
import { hoursOn, type Opening } from '#lib/availability/opening.ts'

type NewTimesOptions = Opening & { zone: string; minutes: number }

/** Default times of a new appointment: today from the next half hour, other days from opening. */
export const newTimes = (
  date: string,
  now: Temporal.Instant,
  { zone, minutes, ...week }: NewTimesOptions,
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
