import type { Attendee, CalendarStore, ResponseStatus, StoredEvent } from '../model.ts'
import type { World } from '../world.ts'
import { updateExceptions } from './exceptions.ts'
import { isDeepEqual } from './restrictions.ts'
import { putEvent } from './store.ts'
import { findTarget } from './target.ts'

// An event with guests lives once per guest: shared fields belong to the organizer's copy and are sent to the others,
// from a guest's copy only the answer flows back.

/** Fields that each copy keeps for itself. */
const OWN = ['reminders', 'colorId', 'transparency'] as const

export function syncGuestCopies(world: World, calendar: CalendarStore, event: StoredEvent): void {
  if (!world.state.switches.deliverInvitations) return
  if (sameEmail(event.organizer.email, calendar.id)) sendCopies(world, calendar, event)
  else returnResponse(world, calendar, event)
}

function sendCopies(world: World, calendar: CalendarStore, event: StoredEvent): void {
  for (const account of world.state.accounts.values()) {
    const theirs = world.state.calendars.get(account.email)
    if (!theirs || theirs === calendar) continue
    const invited = event.content.attendees?.some((guest) => sameEmail(guest.email, account.email)) ?? false
    const copy = theirs.events.get(event.id)
    if (invited && event.status !== 'cancelled') sendCopy(world, theirs, { event, copy })
    else if (!copy && event.masterId && theirs.events.has(event.masterId))
      withdrawInstance(world, theirs, event)
    else if (copy && sameEmail(copy.organizer.email, calendar.id))
      withdrawCopy(world, theirs, { event, copy })
  }
}

function sendCopy(
  world: World,
  theirs: CalendarStore,
  { event, copy }: { event: StoredEvent; copy: StoredEvent | undefined },
): void {
  const content: StoredEvent['content'] = {
    ...event.content,
    extendedProperties: sharedProperties(event, copy),
  }
  for (const name of OWN) setField(content, name, copy?.content[name])
  if (!content.extendedProperties) delete content.extendedProperties
  const fresh = !copy || copy.stub
  const unchanged =
    copy &&
    !fresh &&
    isDeepEqual(copy.content, content) &&
    isDeepEqual(copy.start, event.start) &&
    isDeepEqual(copy.end, event.end)
  if (unchanged) return
  const declinedByRemoval = copy?.status === 'cancelled' && !copy.stub
  const { stub: _, ...kept } = event
  const sent = putEvent(world, theirs, {
    ...kept,
    content,
    status: declinedByRemoval ? 'cancelled' : event.status,
    // An app's own event, moved away by a person and back as an invitation, still is the one that the app made.
    createdByClient: copy?.createdByClient ?? null,
    updated: event.updated,
  })
  if (copy?.content.recurrence) updateExceptions(world, theirs, { before: copy, event: sent })
}

/** The guest has the series; of this instance nothing is left for them. */
function withdrawInstance(world: World, theirs: CalendarStore, event: StoredEvent): void {
  putEvent(world, theirs, { ...event, status: 'cancelled', createdByClient: null })
}

function setField<Name extends keyof StoredEvent['content']>(
  content: StoredEvent['content'],
  name: Name,
  value: StoredEvent['content'][Name],
): void {
  if (value === undefined) delete content[name]
  else content[name] = value
}

function sharedProperties(event: StoredEvent, copy: StoredEvent | undefined) {
  const shared = event.content.extendedProperties?.shared
  const own = copy?.content.extendedProperties?.private
  if (!shared && !own) return
  return { ...(own && { private: own }), ...(shared && { shared }) }
}

function withdrawCopy(
  world: World,
  theirs: CalendarStore,
  { event, copy }: { event: StoredEvent; copy: StoredEvent },
): void {
  if (copy.status === 'cancelled') return
  putEvent(world, theirs, {
    ...copy,
    status: 'cancelled',
    updated: event.updated,
    ...(!copy.masterId && { stub: true }),
  })
}

function returnResponse(world: World, calendar: CalendarStore, event: StoredEvent): void {
  const home = world.state.calendars.get(event.organizer.email)
  const original = home && findTarget(home, event.id)?.event
  if (!home || !original || original.status === 'cancelled') return
  const answer = event.status === 'cancelled' ? 'declined' : ownAttendee(event, calendar.id)?.responseStatus
  const known = ownAttendee(original, calendar.id)
  if (!answer || !known || known.responseStatus === answer) return
  const attendees = withResponse(original.content.attendees ?? [], { email: calendar.id, answer })
  putEvent(world, home, { ...original, content: { ...original.content, attendees } })
}

export function withResponse(
  attendees: Attendee[],
  { email, answer }: { email: string; answer: ResponseStatus },
): Attendee[] {
  return attendees.map((guest) =>
    sameEmail(guest.email, email) ? { ...guest, responseStatus: answer } : guest,
  )
}

function ownAttendee(event: StoredEvent, email: string): Attendee | undefined {
  return event.content.attendees?.find((guest) => sameEmail(guest.email, email))
}

export function sameEmail(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
