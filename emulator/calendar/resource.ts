import type {
  AccessRole,
  CalendarStore,
  EventResource,
  EventTime,
  Identity,
  StoredEvent,
  StoredTime,
} from '../model.ts'
import type { World } from '../world.ts'
import { isHidden } from './access.ts'
import { isOwnAddress } from './addresses.ts'
import { renderInstant } from './recurrence/zone.ts'

export type View = {
  world: World
  calendar: CalendarStore
  role: AccessRole
  /** Time zone of the rendered times; defaults to the calendar's. */
  zone?: string
  maxAttendees?: number
  /** Whether deleted events have their details: for `get` and `showDeleted=true`. */
  deletedDetails?: boolean
}

/** The event as Google sends it to a caller with this role. */
export function renderEvent(event: StoredEvent, view: View): EventResource {
  if (event.status === 'cancelled') return renderCancelled(event, view)
  if (view.role === 'freeBusyReader') return renderTimesOnly(event, view)
  if (isHidden(event, view.role)) return { ...renderTimesOnly(event, view), visibility: 'private' }
  return renderFull(event, view)
}

function renderFull(event: StoredEvent, view: View): EventResource {
  const { calendar, world } = view
  const { attendees, reminders, summary, description, location, colorId, recurrence, ...rest } = event.content
  return {
    kind: 'calendar#event',
    etag: event.etag,
    id: event.id,
    status: event.status,
    htmlLink: htmlLink(world, calendar, event.id),
    created: new Date(event.created).toISOString(),
    updated: new Date(event.updated).toISOString(),
    ...(summary && { summary }),
    ...(description && { description }),
    ...(location && { location }),
    ...(colorId && { colorId }),
    creator: renderIdentity(event.creator, view),
    organizer: renderIdentity(event.organizer, view),
    start: renderTime(event.start, view),
    end: renderTime(event.end, view),
    ...(recurrence && { recurrence }),
    ...renderOrigin(event, view),
    iCalUID: event.iCalUID,
    sequence: event.sequence,
    ...(attendees && renderAttendees(event, view)),
    ...rest,
    reminders: reminders ?? { useDefault: event.eventType === 'default' || event.eventType === 'fromGmail' },
    eventType: event.eventType,
  }
}

function renderTimesOnly(event: StoredEvent, view: View): EventResource {
  return {
    kind: 'calendar#event',
    etag: event.etag,
    id: event.id,
    status: event.status,
    htmlLink: htmlLink(view.world, view.calendar, event.id),
    created: new Date(event.created).toISOString(),
    updated: new Date(event.updated).toISOString(),
    start: renderTime(event.start, view),
    end: renderTime(event.end, view),
    ...(event.content.recurrence && { recurrence: event.content.recurrence }),
    ...renderOrigin(event, view),
    ...(event.content.transparency && { transparency: event.content.transparency }),
    iCalUID: event.iCalUID,
    sequence: event.sequence,
    eventType: event.eventType,
  }
}

function renderCancelled(event: StoredEvent, view: View): EventResource {
  const bare = {
    kind: 'calendar#event',
    etag: event.etag,
    id: event.id,
    status: 'cancelled',
  } as EventResource
  if (event.stub) return bare
  const master = event.masterId ? view.calendar.events.get(event.masterId) : undefined
  if (master && master.status !== 'cancelled') {
    const { etag: _, ...barest } = bare
    return view.world.state.switches.bareCancelledInstances
      ? (barest as EventResource)
      : { ...bare, ...renderOrigin(event, view) }
  }
  if (view.deletedDetails && view.role !== 'freeBusyReader') return renderFull(event, view)
  return { ...bare, ...(event.masterId && renderOrigin(event, view)) }
}

function renderOrigin(event: StoredEvent, view: View): Partial<EventResource> {
  if (!event.masterId || !event.originalStart) return {}
  return { recurringEventId: event.masterId, originalStartTime: renderTime(event.originalStart, view) }
}

export function renderTime(time: StoredTime, view: Pick<View, 'calendar' | 'zone'>): EventTime {
  if (time.date !== undefined) return { date: time.date }
  const zone = view.zone ?? view.calendar.timeZone
  return { dateTime: renderInstant(zone, time.ms), timeZone: time.timeZone ?? view.calendar.timeZone }
}

function renderIdentity(identity: Identity, { world, calendar }: View): Identity {
  const self = isOwnAddress(world, calendar, identity.email)
  return {
    email: identity.email,
    ...(identity.displayName && { displayName: identity.displayName }),
    ...(self && { self: true }),
  }
}

function renderAttendees(event: StoredEvent, view: View): Partial<EventResource> {
  const organizer = event.organizer.email.toLowerCase()
  const all = (event.content.attendees ?? []).map((guest) => ({
    ...guest,
    ...(guest.email.toLowerCase() === organizer && { organizer: true as const }),
    ...(isOwnAddress(view.world, view.calendar, guest.email) && { self: true as const }),
  }))
  const most = view.maxAttendees
  if (most === undefined || all.length <= most) return { attendees: all }
  return { attendees: all.filter((guest) => guest.self), attendeesOmitted: true }
}

/** Links to the emulator's page, where a person can view and edit the event. */
function htmlLink(world: World, calendar: CalendarStore, id: string): string {
  const eid = Buffer.from(`${id} ${calendar.id}`).toString('base64url')
  return `${world.origin}/calendar/event?eid=${eid}`
}
