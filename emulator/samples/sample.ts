import { Temporal } from 'temporal-polyfill'
import type { EventDraft } from '../model.ts'
import type { Person } from '../person/person.ts'
import type { Random } from './random.ts'

/** One event as a person enters it; for a series, with later changes of single instances. */
export type Sample = { event: EventDraft; days?: DayChange[] }

/** `on` is the original date of the instance, in the time zone of the series. */
export type DayChange = { on: Temporal.PlainDate; changes: EventDraft | 'removed' }

/** The two years around now that samples fill, in one time zone. */
export type Frame = {
  zone: string
  today: Temporal.PlainDate
  /** Monday of this week. */
  monday: Temporal.PlainDate
  from: Temporal.PlainDate
  /** Exclusive. */
  to: Temporal.PlainDate
  random: Random
}

export function frameAround(now: Temporal.Instant, given: { zone: string; random: Random }): Frame {
  const today = now.toZonedDateTimeISO(given.zone).toPlainDate()
  const monday = today.subtract({ days: today.dayOfWeek - 1 })
  return { ...given, today, monday, from: monday.subtract({ weeks: 52 }), to: monday.add({ weeks: 52 }) }
}

/** `weeks` from this week (negative = past), `weekday` 1 = Monday. */
export function dayOf(frame: Frame, weeks: number, weekday: number): Temporal.PlainDate {
  return frame.monday.add({ days: weeks * 7 + weekday - 1 })
}

/** The first such weekday of the two years, where a weekly series starts. */
export function firstWeekday(frame: Frame, weekday: number): Temporal.PlainDate {
  return frame.from.add({ days: weekday - 1 })
}

/** The first date with this month and day on or after the start of the two years. */
export function firstYearly(frame: Frame, month: number, day: number): Temporal.PlainDate {
  const date = Temporal.PlainDate.from({ year: frame.from.year, month, day })
  return Temporal.PlainDate.compare(date, frame.from) < 0 ? date.add({ years: 1 }) : date
}

export type SampleTime = { on: Temporal.PlainDate; at: string; minutes: number; zone: string }

export function timed(when: SampleTime, event: EventDraft): Sample {
  return { event: { ...times(when), ...event } }
}

/** Start and end as wall time with a time zone, like Google's own page. */
export function times(when: SampleTime): Pick<EventDraft, 'start' | 'end'> {
  const start = when.on.toPlainDateTime(Temporal.PlainTime.from(when.at))
  const end = start.add({ minutes: when.minutes })
  return {
    start: { dateTime: start.toString(), timeZone: when.zone },
    end: { dateTime: end.toString(), timeZone: when.zone },
  }
}

/** Times with an offset but no time zone, as some programs write them. */
export function offsetOnly(when: SampleTime, event: EventDraft): Sample {
  const start = when.on.toZonedDateTime({ timeZone: when.zone, plainTime: when.at })
  const text = (time: Temporal.ZonedDateTime) => time.toString({ timeZoneName: 'never', smallestUnit: 'second' })
  return {
    event: {
      start: { dateTime: text(start) },
      end: { dateTime: text(start.add({ minutes: when.minutes })) },
      ...event,
    },
  }
}

export function allDay(span: { on: Temporal.PlainDate; days?: number }, event: EventDraft): Sample {
  const end = span.on.add({ days: span.days ?? 1 })
  return { event: { start: { date: span.on.toString() }, end: { date: end.toString() }, ...event } }
}

/** Enters the samples as a person does: first the event, then changes of its instances. */
export function enter(person: Person, calendar: { email: string; calendarId: string }, samples: Sample[]): void {
  for (const { event, days = [] } of samples) {
    const made = person.create({ ...calendar, event })
    for (const day of days) {
      const ref = { ...calendar, eventId: instanceId(made.id, event, day.on) }
      if (day.changes === 'removed') person.remove({ ...ref, scope: 'this' })
      else person.change({ ...ref, changes: day.changes, scope: 'this' })
    }
  }
}

function instanceId(masterId: string, event: EventDraft, on: Temporal.PlainDate): string {
  const { dateTime, timeZone } = event.start ?? {}
  if (!dateTime || !timeZone) return `${masterId}_${on.toString().replaceAll('-', '')}`
  const plainTime = Temporal.PlainDateTime.from(dateTime).toPlainTime()
  const original = on.toZonedDateTime({ timeZone, plainTime }).toInstant()
  return `${masterId}_${original.toString({ smallestUnit: 'second' }).replace(/[-:]/g, '')}`
}
