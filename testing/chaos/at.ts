import { Temporal } from 'temporal-polyfill'
import { originalStartOf } from '#lib/recurrence/instance-id.ts'
import type { EventResource, StoredEvent } from '../../emulator/model.ts'
import type { Shared } from './commands.ts'
import { accountOf, type ChaosWorld, pick, storeOf } from './model.ts'
import { iso, zone } from './times.ts'

/** Places in Google's calendars, as a person finds them. */

export const isOurs = (event: StoredEvent) => event.createdByClient !== null

export type At = { email: string; calendarId: string; eventId: string }

export const sharedValue = (event: EventResource, field: Shared): string => {
  if (field === 'title') return event.summary ?? ''
  if (field === 'location') return event.location ?? ''
  return `${instantOf(event.start)}/${instantOf(event.end)}`
}

export const instantOf = (time: { date?: string | null; dateTime?: string | null }): string =>
  time.date
    ? Temporal.PlainDate.from(time.date).toZonedDateTime(zone).toInstant().toString()
    : iso(Date.parse(time.dateTime ?? ''))

export const moveAway = (world: ChaosWorld, at: At) => {
  const others = accountOf(world, at.calendarId)?.calendarIds.filter((id) => id !== at.calendarId) ?? []
  const destination = others.find((id) => storeOf(world, id)?.deleted === false)
  if (!destination || storeOf(world, destination)?.events.has(at.eventId)) return
  world.google.person.moveToCalendar({ ...at, destination })
  world.byPersons.add(at.eventId)
}

const wide = { timeMin: '2026-12-01T00:00:00Z', timeMax: '2028-01-01T00:00:00Z' }

export const instanceOf = (
  world: ChaosWorld,
  { at, nth }: { at: At; nth: number },
): EventResource | undefined => {
  const { email, calendarId, eventId } = at
  const all = world.google.person.instances({ email, calendarId, ...wide })
  return pick(
    all.filter((instance) => instance.recurringEventId === eventId),
    nth,
  )
}

/** The event that stands for an appointment: a single one, or the first instance of what people made of it. */
export const standingOf = (
  world: ChaosWorld,
  calendarId: string,
  eventId: string,
): EventResource | undefined => {
  const store = storeOf(world, calendarId)
  const stored = store?.events.get(eventId)
  if (!stored || store?.deleted || stored.status === 'cancelled') return
  const at = { email: accountOf(world, calendarId)?.email ?? '', calendarId }
  const id = stored.content.recurrence ? `${eventId}_${stampOf(stored)}` : eventId
  const event = world.google.person.event({ ...at, eventId: id })
  return event?.status === 'cancelled' ? undefined : event
}

const stampOf = ({ start }: StoredEvent) =>
  originalStartOf(start.date === undefined ? { dateTime: iso(start.ms) } : { date: start.date }, zone)
