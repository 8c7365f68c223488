import { ownAttendee, sameEmail } from '../calendar/addresses.ts'
import { asBody, mergePatch, type ReadDraft } from '../calendar/draft.ts'
import { cancelEvent, createEvent, moveEvent, sameTime, writeEvent } from '../calendar/edit.ts'
import { hasInstance } from '../calendar/exceptions.ts'
import { withResponse } from '../calendar/invitations.ts'
import { expandMaster } from '../calendar/lists/instances.ts'
import { instantToWall, wallToInstant } from '../calendar/recurrence/zone.ts'
import { renderEvent } from '../calendar/resource.ts'
import { findTarget, isMaster, type Target } from '../calendar/target.ts'
import type { CalendarStore, EventDraft, EventResource, StoredEvent, StoredTime } from '../model.ts'
import { base32hex, type World } from '../world.ts'
import { requireCalendar } from './calendars.ts'
import { readPersonDraft } from './draft.ts'
import type { EventRef, Person, Scope } from './person.ts'
import { splitSeries, truncateSeries } from './split.ts'

type Found = { calendar: CalendarStore; target: Target }

export function findEvent(world: World, ref: EventRef): Found {
  const calendar = requireCalendar(world, ref)
  const target = findTarget(calendar, ref.eventId)
  if (!target) throw new Error(`There is no event ${ref.eventId} in ${calendar.id}.`)
  return { calendar, target }
}

export function resourceOf(
  world: World,
  { calendar, event }: { calendar: CalendarStore; event: StoredEvent },
): EventResource {
  return renderEvent(event, { world, calendar, role: 'owner', deletedDetails: true })
}

export function instances(world: World, range: Parameters<Person['instances']>[0]): EventResource[] {
  const calendar = requireCalendar(world, range)
  const window = { from: Date.parse(range.timeMin), to: Date.parse(range.timeMax) }
  const role = calendar.acl.get(range.email) ?? 'reader'
  return [...calendar.events.values()]
    .flatMap((event) =>
      isMaster(event)
        ? expandMaster(calendar, event, { ...window, showDeleted: false, generatedOnly: true })
        : [findTarget(calendar, event.id)?.event ?? event],
    )
    .filter((event) => event.status !== 'cancelled' && event.startMs < window.to && event.endMs > window.from)
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
    .map((event) => renderEvent(event, { world, calendar, role }))
}

export function create(
  world: World,
  { email, calendarId, event: body }: Parameters<Person['create']>[0],
): EventResource {
  const calendar = requireCalendar(world, { email, calendarId })
  const draft = readPersonDraft(body)
  const foreign = body.organizer && !sameEmail(body.organizer.email, calendar.id) ? body.organizer : undefined
  const uid = body.iCalUID ?? undefined
  const id = body.id ?? (uid && !uid.endsWith('@google.com') ? `_${base32hex(uid)}` : undefined)
  if (id && calendar.events.has(id)) throw new Error(`The id ${id} is taken in ${calendar.id}.`)
  const event = createEvent(world, calendar, {
    draft,
    actor: { email, clientId: null },
    id,
    iCalUID: uid,
    organizer: foreign,
    creator: body.creator ?? foreign,
    sequence: body.sequence ?? 0,
  })
  return resourceOf(world, { calendar, event })
}

export function change(world: World, edit: Parameters<Person['change']>[0]): EventResource {
  const { calendar, target } = findEvent(world, edit)
  const event = changeTarget(world, { calendar, target, changes: edit.changes, scope: edit.scope ?? 'this' })
  return resourceOf(world, { calendar, event })
}

type ChangeRequest = Found & { changes: EventDraft; scope: Scope }

function changeTarget(world: World, { calendar, target, changes, scope }: ChangeRequest): StoredEvent {
  const { master } = target
  if (!master || scope === 'this') return rewrite(world, { calendar, target, changes })
  const isFirst = target.event.originalStart !== undefined && sameTime(target.event.originalStart, master.start)
  if (scope === 'following' && !isFirst) return splitSeries(world, calendar, { target, changes })
  const whole = { event: master, virtual: false }
  return rewrite(world, {
    calendar,
    target: whole,
    changes: shiftedToMaster(calendar, { target, master, changes }),
  })
}

/** Replaces `start` and `end` as a whole, like a form; merges the other fields. */
export function rewrite(world: World, { calendar, target, changes }: Found & { changes: EventDraft }): StoredEvent {
  const { start, end, ...rest } = changes
  const merged = mergePatch(asBody(target.event), rest)
  const body = { ...merged, ...(start && { start }), ...(end && { end }) }
  return writeEvent(world, calendar, { target, draft: readPersonDraft(body), byPerson: true })
}

/** Moves the series by as much as the instance was moved, in wall time. */
function shiftedToMaster(
  calendar: CalendarStore,
  { target, master, changes }: { target: Target; master: StoredEvent; changes: EventDraft },
): EventDraft {
  if (!changes.start && !changes.end) return changes
  const draft = readPersonDraft({ ...asBody(target.event), ...changes })
  if ([draft, target.event, master].some(({ start }) => start.date !== undefined)) {
    return shiftDates({ target, master, changes, draft })
  }
  const zone = zoneOf(draft.start) ?? zoneOf(master.start) ?? calendar.timeZone
  const wall = (time: StoredTime) => instantToWall(zone, time.ms ?? 0)
  const start = wallToInstant(zone, wall(master.start) + wall(draft.start) - wall(target.event.start))
  const end = start + (draft.end.ms ?? 0) - (draft.start.ms ?? 0)
  const asTime = (ms: number) => ({ dateTime: new Date(ms).toISOString(), timeZone: zone })
  return { ...changes, start: asTime(start), end: asTime(end) }
}

function zoneOf(time: StoredTime): string | undefined {
  return time.date === undefined ? time.timeZone : undefined
}

function shiftDates({
  target,
  master,
  changes,
  draft,
}: {
  target: Target
  master: StoredEvent
  changes: EventDraft
  draft: ReadDraft
}): EventDraft {
  const day = (time: StoredTime) => Date.parse(`${time.date}T00:00:00Z`)
  // Between timed and all-day there is no difference to move by; the series takes the new times.
  if ([draft, target.event, master].some(({ start }) => start.date === undefined)) return changes
  const start = day(master.start) + day(draft.start) - day(target.event.start)
  const end = start + day(draft.end) - day(draft.start)
  const asDate = (ms: number) => ({ date: new Date(ms).toISOString().slice(0, 10) })
  return { ...changes, start: asDate(start), end: asDate(end) }
}

export function remove(world: World, { scope = 'this', ...ref }: Parameters<Person['remove']>[0]): void {
  const { calendar, target } = findEvent(world, ref)
  if (target.event.status === 'cancelled') throw new Error(`${ref.eventId} was deleted already.`)
  const { master } = target
  const isFirst = master && target.event.originalStart && sameTime(target.event.originalStart, master.start)
  if (master && scope === 'following' && !isFirst) truncateSeries(world, calendar, target)
  else if (master && scope !== 'this') cancelEvent(world, calendar, { event: master, virtual: false })
  else cancelEvent(world, calendar, target)
}

export function restore(world: World, ref: EventRef): EventResource {
  const { calendar, target } = findEvent(world, ref)
  if (target.event.stub)
    throw new Error(`${ref.eventId} was moved away to another calendar and cannot be restored here.`)
  if (target.event.status !== 'cancelled') throw new Error(`${ref.eventId} is not deleted.`)
  if (target.master && !hasInstance(calendar, target.master, target.event))
    throw new Error(`${ref.eventId} is not in the bin: its series no longer has this instance.`)
  const event = rewrite(world, { calendar, target, changes: { status: 'confirmed' } })
  return resourceOf(world, { calendar, event })
}

/** A copy with a new id; a switch decides whether private properties are copied. */
export function duplicate(world: World, { changes = {}, ...ref }: Parameters<Person['duplicate']>[0]): EventResource {
  const { calendar, target } = findEvent(world, ref)
  const { iCalUID: _, ...body } = asBody(target.event)
  const properties = body.extendedProperties
  if (properties && !world.state.switches.duplicateCopiesPrivateProperties) {
    body.extendedProperties = properties.shared ? { shared: properties.shared } : null
  }
  const event = createEvent(world, calendar, {
    draft: readPersonDraft({ ...body, ...changes }),
    actor: { email: ref.email, clientId: null },
  })
  return resourceOf(world, { calendar, event })
}

export function moveToCalendar(
  world: World,
  { destination, ...ref }: Parameters<Person['moveToCalendar']>[0],
): EventResource {
  const { calendar, target } = findEvent(world, ref)
  const to = requireCalendar(world, { email: ref.email, calendarId: destination })
  if (to === calendar) throw new Error('The event is there already.')
  const event = moveEvent(world, calendar, { event: target.master ?? target.event, to })
  return resourceOf(world, { calendar: to, event })
}

export function respond(
  world: World,
  { responseStatus, scope = 'this', ...ref }: Parameters<Person['respond']>[0],
): EventResource {
  const { calendar, target } = findEvent(world, ref)
  const whole = scope === 'all' && target.master ? { event: target.master, virtual: false } : target
  const guests = whole.event.content.attendees ?? []
  const own = ownAttendee(world, calendar, whole.event) ?? { email: calendar.id }
  const attendees = withResponse(guests.includes(own) ? guests : [...guests, own], {
    email: own.email,
    response: responseStatus,
  })
  const event = rewrite(world, { calendar, target: whole, changes: { attendees } })
  return resourceOf(world, { calendar, event })
}

export function makeRecurring(
  world: World,
  { recurrence, ...ref }: Parameters<Person['makeRecurring']>[0],
): EventResource {
  const { calendar, target } = findEvent(world, ref)
  const body = asBody(target.event)
  const zone = calendar.timeZone
  const withZone = body.start?.dateTime
    ? { start: { timeZone: zone, ...body.start }, end: { timeZone: zone, ...body.end } }
    : {}
  const event = rewrite(world, { calendar, target, changes: { recurrence, ...withZone } })
  return resourceOf(world, { calendar, event })
}
