import { Temporal } from 'temporal-polyfill'
import type { Account, Attendee, CalendarListEntry, EventResource } from '../model.ts'
import type { Person } from '../person/person.ts'
import { dayName, mondayOf, spanText, wallTime, weekTitle } from './dates.ts'
import type { CalendarView, DayView, EventView, WeekView } from './types.ts'

/** The week of one account, in its time zone. `week` is any date in it; defaults to today. */
export function weekView(
  person: Person,
  { account, week, now }: { account: Account; week?: string; now: Temporal.Instant },
): WeekView {
  const { email, name, timeZone } = account
  const localNow = now.toZonedDateTimeISO(timeZone)
  const today = localNow.toPlainDate()
  const monday = mondayOf(week ? Temporal.PlainDate.from(week) : today)
  const calendars = calendarViews(person.calendars(email), name)
  const day = monday.until(today).days
  return {
    account: { email, name, timeZone },
    title: weekTitle(monday),
    week: monday.toString(),
    previous: monday.subtract({ weeks: 1 }).toString(),
    next: monday.add({ weeks: 1 }).toString(),
    today: today.toString(),
    days: daysOf(monday, today),
    ...(day >= 0 && day < 7 ? { now: { day, minute: localNow.hour * 60 + localNow.minute } } : {}),
    calendars,
    events: calendars
      .filter(({ shown }) => shown)
      .flatMap((calendar) => eventsOf(person, { account, calendar, monday })),
  }
}

/**
 * The primary calendar under the account's name, as at Google, then writable calendars, then
 * others.
 */
function calendarViews(entries: CalendarListEntry[], owner: string): CalendarView[] {
  const views = entries
    .filter(({ deleted, hidden, selected }) => !deleted && (!hidden || selected))
    .map((entry) => ({
      id: entry.id,
      name: entry.summaryOverride ?? (entry.primary ? owner : (entry.summary ?? entry.id)),
      colour: entry.backgroundColor ?? '#1a73e8',
      shown: entry.selected === true,
      writable: entry.accessRole === 'owner' || entry.accessRole === 'writer',
      primary: entry.primary === true,
    }))
  const rank = ({ primary, writable }: CalendarView) => (primary ? 0 : writable ? 1 : 2)
  return views.sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name))
}

function daysOf(monday: Temporal.PlainDate, today: Temporal.PlainDate): DayView[] {
  return Array.from({ length: 7 }, (_, days) => {
    const date = monday.add({ days })
    return {
      date: date.toString(),
      weekday: date.toLocaleString('en-AU', { weekday: 'short' }),
      number: String(date.day),
      name: dayName(date),
      today: date.equals(today),
    }
  })
}

type Shown = { account: Account; calendar: CalendarView; monday: Temporal.PlainDate }

function eventsOf(person: Person, { account, calendar, monday }: Shown): EventView[] {
  const edge = (days: number) => monday.add({ days }).toZonedDateTime(account.timeZone).toInstant().toString()
  // One more day on both sides, because all-day events are in the calendar's time zone.
  const range = { email: account.email, calendarId: calendar.id, timeMin: edge(-1), timeMax: edge(8) }
  return person
    .instances(range)
    .map((event) => eventView(event, { account, calendar, monday }))
    .filter(({ firstDay, lastDay }) => lastDay >= 0 && firstDay <= 6)
}

function eventView(event: EventResource, { account, calendar, monday }: Shown): EventView {
  const allDay = Boolean(event.start.date)
  const start = wallTime(event.start, account.timeZone)
  const end = wallTime(event.end, account.timeZone)
  const beforeEnd = end.subtract(allDay ? { days: 1 } : { minutes: 1 })
  const last = Temporal.PlainDateTime.compare(beforeEnd, start) < 0 ? start : beforeEnd
  const dayIndex = (time: Temporal.PlainDateTime) => monday.until(time.toPlainDate()).days
  const title = titleOf(event)
  const time = allDay ? 'All day' : spanText(start.toPlainTime(), end.toPlainTime())
  const self = event.attendees?.find((guest) => guest.self)
  const view = {
    title,
    time,
    allDay,
    firstDay: dayIndex(start),
    lastDay: dayIndex(last),
    start: allDay ? start.toPlainDate().toString() : minuteText(start),
    end: allDay ? end.toPlainDate().toString() : minuteText(end),
    free: event.transparency === 'transparent',
    tentative: event.status === 'tentative' || self?.responseStatus === 'tentative',
    repeats: Boolean(event.recurringEventId),
  }
  return {
    ...view,
    id: event.id,
    calendarId: calendar.id,
    label: [title, time, dayName(start.toPlainDate()), ...statusWords(view, self)].join(', '),
    colour: calendar.colour,
    pieces: allDay ? [] : piecesOf({ start, end, monday }),
    ...(self && !self.organizer ? { answer: self.responseStatus ?? 'needsAction' } : {}),
    kind: event.eventType ?? 'default',
    editable: calendar.writable && event.eventType !== 'birthday' && event.eventType !== 'fromGmail',
  }
}

function titleOf(event: EventResource): string {
  if (event.summary) return event.summary
  if (event.eventType === 'outOfOffice') return 'Out of office'
  if (event.eventType === 'focusTime') return 'Focus time'
  return event.visibility === 'private' && !event.description ? 'Busy' : '(No title)'
}

function statusWords(
  view: { free: boolean; tentative: boolean; repeats: boolean },
  self: Attendee | undefined,
): string[] {
  return [
    ...(view.free ? ['free'] : []),
    ...(self?.responseStatus === 'declined' ? ['declined'] : []),
    ...(self?.responseStatus === 'needsAction' ? ['not answered'] : []),
    ...(view.tentative ? ['tentative'] : []),
    ...(view.repeats ? ['repeats'] : []),
  ]
}

function minuteText(time: Temporal.PlainDateTime): string {
  return time.toString({ smallestUnit: 'minute' })
}

/**
 * Splits at midnight and the edges of the week; 15 minutes at least, also across a clock change.
 */
function piecesOf({
  start,
  end,
  monday,
}: {
  start: Temporal.PlainDateTime
  end: Temporal.PlainDateTime
  monday: Temporal.PlainDate
}) {
  const minutes = (time: Temporal.PlainDateTime) => monday.toPlainDateTime().until(time).total({ unit: 'minutes' })
  const [from, to] = [minutes(start), Math.max(minutes(end), minutes(start) + 15)]
  return Array.from({ length: 7 }, (_, day) => ({
    day,
    from: Math.max(0, from - day * 1440),
    to: Math.min(1440, to - day * 1440),
  })).filter((piece) => piece.to > piece.from)
}
