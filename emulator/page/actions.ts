import { Temporal } from 'temporal-polyfill'
import { temporalZone } from '../calendar/recurrence/zone.ts'
import type { AccessRole, Account, EventDraft, EventResource, EventTime } from '../model.ts'
import type { EventRef, Person, Scope } from '../person/person.ts'
import { wallTime } from './dates.ts'
import { draftOf, formOf, recurrenceOf } from './form.ts'
import type { Action, ActionResult, EventDetails, EventForm } from './types.ts'

/** Performs an action of the page; errors become the result's `reason`. */
export function performAction(person: Person, { account, action }: { account: Account; action: Action }): ActionResult {
  try {
    return perform(person, { account, action })
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) }
  }
}

function perform(person: Person, { account, action }: { account: Account; action: Action }): ActionResult {
  const { email } = account
  if (action.do === 'show') {
    person.updateCalendar({ email, calendarId: action.calendarId, changes: { selected: action.shown } })
    return { ok: true }
  }
  if (action.do === 'create') {
    checkWritable(person, { email, calendarId: action.form.calendarId })
    return create(person, email, action.form)
  }
  checkWritable(person, { email, calendarId: action.calendarId })
  const ref = { email, calendarId: action.calendarId, eventId: action.eventId }
  switch (action.do) {
    case 'save':
      return save(person, { ref, account, form: action.form, scope: action.scope })
    case 'move':
      return move(person, { ref, account, action })
    case 'delete':
      return remove(person, ref, action.scope)
    case 'undelete':
      return undelete(person, ref, action.recurrence)
    case 'duplicate':
      return { ok: true, eventId: person.duplicate(ref).id }
    case 'respond':
      return {
        ok: true,
        eventId: person.respond({ ...ref, responseStatus: action.answer, scope: action.scope }).id,
      }
  }
}

function checkWritable(person: Person, { email, calendarId }: { email: string; calendarId: string }): void {
  if (!canWrite(roleOf(person, { email, calendarId }))) throw new Error('You can view this calendar but not change it.')
}

function roleOf(person: Person, { email, calendarId }: { email: string; calendarId: string }): AccessRole | undefined {
  const calendars = person.calendars(email)
  return calendars.find(({ id, primary }) => id === calendarId || (primary && calendarId === 'primary'))?.accessRole
}

function canWrite(role: AccessRole | undefined): boolean {
  return role === 'owner' || role === 'writer'
}

export function details(
  person: Person,
  { account, calendarId, eventId }: { account: Account; calendarId: string; eventId: string },
): EventDetails {
  const event = requireEvent(person, { email: account.email, calendarId, eventId })
  const recurrence = seriesOf(person, { email: account.email, calendarId, eventId })?.recurrence
  const role = roleOf(person, { email: account.email, calendarId })
  const kind = event.eventType ?? 'default'
  const attendees = event.attendees ?? []
  const self = attendees.find((guest) => guest.self)
  const invited = self && !event.organizer?.self
  return {
    form: formOf(event, { calendarId, zone: account.timeZone, recurrence }),
    repeats: Boolean(event.recurringEventId ?? event.recurrence),
    editable: canWrite(role) && kind !== 'birthday' && kind !== 'fromGmail',
    role,
    kind,
    ...(invited
      ? {
          invitation: {
            from: event.organizer?.displayName ?? event.organizer?.email ?? '',
            answer: self.responseStatus ?? 'needsAction',
          },
        }
      : {}),
    answers: attendees.map((guest) => ({
      email: guest.email,
      ...(guest.displayName ? { name: guest.displayName } : {}),
      answer: guest.responseStatus ?? 'needsAction',
      self: guest.self === true,
    })),
  }
}

function requireEvent(person: Person, ref: EventRef): EventResource {
  const event = person.event(ref)
  if (!event || event.status === 'cancelled') throw new Error('This event no longer exists.')
  return event
}

/** The series itself, if the event is one or an instance of one. */
function seriesOf(person: Person, ref: EventRef): EventResource | undefined {
  const event = person.event(ref)
  if (!event?.recurringEventId) return event?.recurrence ? event : undefined
  return person.event({ ...ref, eventId: event.recurringEventId })
}

function create(person: Person, email: string, form: EventForm): ActionResult {
  const recurrence = recurrenceOf(form)
  const event = { ...draftOf(form, { email }), ...(recurrence.length > 0 ? { recurrence } : {}) }
  return { ok: true, eventId: person.create({ email, calendarId: form.calendarId, event }).id }
}

type Save = { ref: EventRef; account: Account; form: EventForm; scope: Scope }

function save(person: Person, { ref, account, form, scope }: Save): ActionResult {
  const event = requireEvent(person, ref)
  const series = seriesOf(person, ref)
  const changes = draftOf(form, { email: account.email, before: event })
  const recurrence = recurrenceOf(form, series?.recurrence)
  const saved = change(person, {
    ref,
    event,
    series,
    scope,
    changes: withRule(changes, { scope, series, recurrence }),
  })
  if (form.calendarId !== ref.calendarId) {
    const whole = { ...ref, eventId: scope === 'this' ? saved.id : (saved.recurringEventId ?? saved.id) }
    person.moveToCalendar({ ...whole, destination: form.calendarId })
  }
  return { ok: true, eventId: saved.id }
}

/** Adds a changed rule, unless only one instance of a series is saved. */
function withRule(
  changes: EventDraft,
  given: { scope: Scope; series?: EventResource; recurrence: string[] },
): EventDraft {
  const { scope, series, recurrence } = given
  const same = JSON.stringify(series?.recurrence ?? []) === JSON.stringify(recurrence)
  if (same || (series && scope === 'this')) return changes
  return { ...changes, recurrence: recurrence.length > 0 ? recurrence : null }
}

type EventChange = {
  ref: EventRef
  event: EventResource
  series?: EventResource
  scope: Scope
  changes: EventDraft
}

/** With scope `all`, the series moves by as much as the given instance. */
function change(person: Person, { ref, event, series, scope, changes }: EventChange): EventResource {
  if (!series || scope !== 'all') return person.change({ ...ref, changes, scope: series ? scope : 'all' })
  const start = shift(series.start, { from: event.start, to: changes.start })
  const length = lengthOf(changes.start ?? event.start, changes.end ?? event.end)
  const whole = { ...changes, start, end: later(start, length) }
  return person.change({ ...ref, eventId: series.id, changes: whole, scope: 'all' })
}

/** Moves `time` by the difference between `from` and `to`, in wall time of the target's zone. */
function shift(time: EventTime, { from, to }: { from: EventTime; to?: EventTime | null }): EventTime {
  if (!to) return time
  const zone = to.timeZone ?? time.timeZone ?? 'UTC'
  const moved = wallTime(time, zone).add(wallTime(from, zone).until(wallTime(to, zone), { largestUnit: 'day' }))
  if (to.date) return { date: moved.toPlainDate().toString(), dateTime: null, timeZone: null }
  return { date: null, dateTime: moved.toString({ smallestUnit: 'second' }), timeZone: zone }
}

function lengthOf(start: EventTime, end: EventTime): Temporal.Duration {
  const zone = start.timeZone ?? 'UTC'
  return wallTime(start, zone).until(wallTime(end, zone))
}

function later(start: EventTime, length: Temporal.Duration): EventTime {
  if (start.date) return { ...start, date: Temporal.PlainDate.from(start.date).add(length).toString() }
  return {
    ...start,
    dateTime: Temporal.PlainDateTime.from(String(start.dateTime)).add(length).toString({ smallestUnit: 'second' }),
  }
}

function move(
  person: Person,
  given: { ref: EventRef; account: Account; action: Extract<Action, { do: 'move' }> },
): ActionResult {
  const { ref, account, action } = given
  const event = requireEvent(person, ref)
  const time = (text: string, old: EventTime) => movedTime(text, { old, zone: account.timeZone })
  const changes = { start: time(action.start, event.start), end: time(action.end, event.end) }
  const saved = change(person, { ref, event, series: seriesOf(person, ref), scope: action.scope, changes })
  const original = {
    start: wallText(event.start, account.timeZone),
    end: wallText(event.end, account.timeZone),
  }
  // Only a single event or instance can be undone by moving it back.
  const undo: Action | undefined =
    action.scope === 'this' || !event.recurringEventId ? { ...action, ...original, scope: 'this' } : undefined
  return { ok: true, eventId: saved.id, ...(undo ? { undo } : {}) }
}

/** `text` is in the account's time zone; the event keeps its own. */
function movedTime(text: string, { old, zone }: { old: EventTime; zone: string }): EventTime {
  if (old.date) return { date: text.slice(0, 10) }
  const kept = old.timeZone ?? zone
  const wall = Temporal.PlainDateTime.from(text)
    .toZonedDateTime(zone)
    .withTimeZone(temporalZone(kept))
    .toPlainDateTime()
  return { dateTime: wall.toString({ smallestUnit: 'second' }), timeZone: kept }
}

function wallText(time: EventTime, zone: string): string {
  return time.date ?? wallTime(time, zone).toString({ smallestUnit: 'minute' })
}

function remove(person: Person, ref: EventRef, scope: Scope): ActionResult {
  const series = seriesOf(person, ref)
  person.remove({ ...ref, scope: series ? scope : 'all' })
  const { calendarId } = ref
  const undo: Action =
    series && scope !== 'this'
      ? { do: 'undelete', calendarId, eventId: series.id, recurrence: series.recurrence }
      : { do: 'undelete', calendarId, eventId: ref.eventId }
  return { ok: true, undo }
}

/** Restores an event; instances cut off from a series return with its old rule. */
function undelete(person: Person, ref: EventRef, recurrence?: string[]): ActionResult {
  const event = person.event(ref)
  if (recurrence && event && event.status !== 'cancelled')
    person.change({ ...ref, changes: { recurrence }, scope: 'all' })
  else person.restore(ref)
  return { ok: true, eventId: ref.eventId }
}
