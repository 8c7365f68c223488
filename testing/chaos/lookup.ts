import { Temporal } from 'temporal-polyfill'
import { originalStartOf } from '#lib/recurrence/instance-id.ts'
import type { EventResource, StoredEvent } from '../../emulator/model.ts'
import type { SharedField } from './commands.ts'
import { accountOf, type Model, pick, storeOf } from './model.ts'
import { iso, zone } from './times.ts'

/** Finds events in the emulator's calendars. */

export const isOurs = (event: StoredEvent) => event.createdByClient !== null

export type At = { email: string; calendarId: string; eventId: string }

export const sharedValue = (event: EventResource, field: SharedField): string => {
  if (field === 'title') return event.summary ?? ''
  if (field === 'location') return event.location ?? ''
  return `${instantOf(event.start)}/${instantOf(event.end)}`
}

/** Of an event that people keep private, only the times are followed. */
export const isFollowed = ({ visibility }: EventResource, field: SharedField): boolean =>
  field === 'times' || (visibility !== 'private' && visibility !== 'confidential')

export const instantOf = (time: { date?: string | null; dateTime?: string | null }): string =>
  time.date
    ? Temporal.PlainDate.from(time.date).toZonedDateTime(zone).toInstant().toString()
    : iso(Date.parse(time.dateTime ?? ''))

export const moveAway = (model: Model, at: At) => {
  const others = accountOf(model, at.calendarId)?.calendarIds.filter((id) => id !== at.calendarId) ?? []
  const destination = others.find((id) => storeOf(model, id)?.deleted === false)
  if (!destination || storeOf(model, destination)?.events.has(at.eventId)) return
  model.google.person.moveToCalendar({ ...at, destination })
  model.ownedByPeople.add(at.eventId)
}

const wide = { timeMin: '2026-12-01T00:00:00Z', timeMax: '2028-01-01T00:00:00Z' }

export const instanceOf = (model: Model, { at, nth }: { at: At; nth: number }): EventResource | undefined => {
  const { email, calendarId, eventId } = at
  const all = model.google.person.instances({ email, calendarId, ...wide })
  return pick(
    all.filter((instance) => instance.recurringEventId === eventId),
    nth,
  )
}

/**
 * The event of an appointment: a single one, or the first instance of a series that a person made
 * of it.
 */
export const resolvedEvent = (model: Model, calendarId: string, eventId: string): EventResource | undefined => {
  const store = storeOf(model, calendarId)
  const stored = store?.events.get(eventId)
  if (!stored || store?.deleted || stored.status === 'cancelled') return
  const at = { email: accountOf(model, calendarId)?.email ?? '', calendarId }
  const id = stored.content.recurrence ? `${eventId}_${stampOf(stored)}` : eventId
  const event = model.google.person.event({ ...at, eventId: id })
  return event?.status === 'cancelled' ? undefined : event
}

const stampOf = ({ start }: StoredEvent) =>
  originalStartOf(start.date === undefined ? { dateTime: iso(start.ms) } : { date: start.date }, zone)
