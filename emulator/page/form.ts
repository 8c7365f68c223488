import { Temporal } from 'temporal-polyfill'
import type { Attendee, EventDraft, EventResource, EventTime } from '../model.ts'
import { wallTime } from './dates.ts'
import type { EventForm, Repeat } from './types.ts'

/** The event as form values; `recurrence` is that of its series. */
export function formOf(
  event: EventResource,
  { calendarId, zone, recurrence = [] }: { calendarId: string; zone: string; recurrence?: string[] },
): EventForm {
  const allDay = Boolean(event.start.date)
  const own = event.start.timeZone && !allDay ? event.start.timeZone : zone
  const start = wallTime(event.start, own)
  const end = wallTime(event.end, own).subtract({ days: allDay ? 1 : 0 })
  const rule = recurrence.find((line) => line.startsWith('RRULE:'))?.slice('RRULE:'.length) ?? ''
  return {
    title: event.summary ?? '',
    allDay,
    startDate: start.toPlainDate().toString(),
    startTime: allDay ? '09:00' : timeText(start),
    endDate: end.toPlainDate().toString(),
    endTime: allDay ? '10:00' : timeText(end),
    zone: own,
    location: event.location ?? '',
    description: event.description ?? '',
    guests: (event.attendees ?? []).filter(({ self }) => !self).map(({ email }) => email),
    free: event.transparency === 'transparent',
    visibility: event.visibility === 'confidential' ? 'private' : (event.visibility ?? 'default'),
    repeat: repeatOf(rule, start),
    rule,
    calendarId,
  }
}

function timeText(time: Temporal.PlainDateTime): string {
  return time.toPlainTime().toString({ smallestUnit: 'minute' })
}

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

function repeatOf(rule: string, start: Temporal.PlainDateTime): Repeat {
  if (!rule) return 'none'
  const known = (['daily', 'weekly', 'weekdays', 'monthly'] as const).find((repeat) => ruleOf(repeat, start) === rule)
  return known ?? 'custom'
}

function ruleOf(repeat: Exclude<Repeat, 'none' | 'custom'>, start: { dayOfWeek: number }): string {
  if (repeat === 'daily') return 'FREQ=DAILY'
  if (repeat === 'weekly') return `FREQ=WEEKLY;BYDAY=${weekdays[start.dayOfWeek - 1]}`
  return repeat === 'weekdays' ? 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR' : 'FREQ=MONTHLY'
}

/**
 * The form as an event draft. Known guests keep their responses; a new guest list includes `email`.
 */
export function draftOf(form: EventForm, { email, before }: { email: string; before?: EventResource }): EventDraft {
  return {
    summary: form.title.trim() || null,
    location: form.location.trim() || null,
    description: form.description.trim() || null,
    ...formTimes(form),
    transparency: form.free ? 'transparent' : 'opaque',
    visibility: form.visibility,
    attendees: guestsOf(form, { email, before }),
  }
}

function formTimes(form: EventForm): { start: EventTime; end: EventTime } {
  if (form.allDay) {
    const end = Temporal.PlainDate.from(form.endDate).add({ days: 1 })
    return {
      start: { date: form.startDate, dateTime: null, timeZone: null },
      end: { date: end.toString(), dateTime: null, timeZone: null },
    }
  }
  const time = (date: string, clock: string) => ({
    date: null,
    dateTime: `${date}T${clock}:00`,
    timeZone: form.zone,
  })
  return { start: time(form.startDate, form.startTime), end: time(form.endDate, form.endTime) }
}

/**
 * On the primary calendar the organizer is also a guest; other calendars are organizers themselves.
 */
function guestsOf(form: EventForm, { email, before }: { email: string; before?: EventResource }): Attendee[] | null {
  const known = before?.attendees ?? []
  const own = known.find(({ self }) => self)
  const invited = own && before?.organizer?.self !== true
  if (form.guests.length === 0) return invited ? [own] : null
  const guests = form.guests.map((address) => known.find((guest) => guest.email === address) ?? { email: address })
  const isPrimary = form.calendarId === email || form.calendarId === 'primary'
  if (own) return [own, ...guests]
  return isPrimary ? [{ email, responseStatus: 'accepted' }, ...guests] : guests
}

/** The form's rule, with the RDATE and EXDATE lines that the series already had. */
export function recurrenceOf(form: EventForm, before: string[] = []): string[] {
  if (form.repeat === 'none') return []
  const start = Temporal.PlainDate.from(form.startDate)
  const rule = form.repeat === 'custom' ? form.rule.trim().replace(/^RRULE:/i, '') : ruleOf(form.repeat, start)
  return [`RRULE:${rule}`, ...before.filter((line) => !line.startsWith('RRULE:'))]
}
