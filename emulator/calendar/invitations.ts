import type { Attendee, CalendarStore, ResponseStatus, StoredEvent } from '../model.ts'
import type { World } from '../world.ts'
import { calendarOf, isOwnAddress, ownAttendee, sameEmail } from './addresses.ts'
import { updateExceptions } from './exceptions.ts'
import { isDeepEqual } from './restrictions.ts'
import { putEvent } from './store.ts'
import { findTarget } from './target.ts'

// Each guest has a copy of the event. Shared fields are copied from the organizer's event to the
// guests; only the response status is copied back.

/** Fields that each copy has of its own. */
const OWN_FIELDS = ['reminders', 'colorId', 'transparency'] as const

export function syncGuestCopies(world: World, calendar: CalendarStore, event: StoredEvent): void {
  if (!world.state.switches.deliverInvitations) return
  if (isOwnAddress(world, calendar, event.organizer.email)) updateCopies(world, calendar, event)
  else copyResponseToOrganizer(world, calendar, event)
}

function updateCopies(world: World, calendar: CalendarStore, event: StoredEvent): void {
  for (const account of world.state.accounts.values()) {
    const theirs = world.state.calendars.get(account.email)
    if (!theirs || theirs === calendar) continue
    const invited = ownAttendee(world, theirs, event) !== undefined
    const copy = theirs.events.get(event.id)
    if (invited && event.status !== 'cancelled') updateCopy(world, theirs, { event, copy })
    else if (!copy && event.masterId && theirs.events.has(event.masterId)) withdrawInstance(world, theirs, event)
    else if (copy && isOwnAddress(world, calendar, copy.organizer.email)) withdrawCopy(world, theirs, { event, copy })
  }
}

function updateCopy(
  world: World,
  theirs: CalendarStore,
  { event, copy }: { event: StoredEvent; copy: StoredEvent | undefined },
): void {
  const content: StoredEvent['content'] = {
    ...event.content,
    extendedProperties: sharedProperties(event, copy),
  }
  for (const name of OWN_FIELDS) setField(content, name, copy?.content[name])
  if (!content.extendedProperties) delete content.extendedProperties
  const fresh = !copy || copy.stub
  const unchanged =
    copy &&
    !fresh &&
    isDeepEqual(copy.content, content) &&
    isDeepEqual(copy.start, event.start) &&
    isDeepEqual(copy.end, event.end)
  if (unchanged) return
  const removedByGuest = copy?.status === 'cancelled' && !copy.stub
  const { stub: _, ...kept } = event
  const sent = putEvent(world, theirs, {
    ...kept,
    content,
    status: removedByGuest ? 'cancelled' : event.status,
    // An event that an app created, moved away by a person and back as an invitation, is still the
    // app's.
    createdByClient: copy?.createdByClient ?? null,
    updated: event.updated,
  })
  if (copy?.content.recurrence) updateExceptions(world, theirs, { before: copy, event: sent })
}

/** Cancels one instance in the guest's copy of the series. */
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

function copyResponseToOrganizer(world: World, calendar: CalendarStore, event: StoredEvent): void {
  const home = calendarOf(world, event.organizer.email)
  const original = home && findTarget(home, event.id)?.event
  if (!home || !original || original.status === 'cancelled') return
  const response = event.status === 'cancelled' ? 'declined' : ownAttendee(world, calendar, event)?.responseStatus
  const known = ownAttendee(world, calendar, original)
  if (!response || !known || known.responseStatus === response) return
  const attendees = withResponse(original.content.attendees ?? [], { email: known.email, response })
  putEvent(world, home, { ...original, content: { ...original.content, attendees } })
}

export function withResponse(
  attendees: Attendee[],
  { email, response }: { email: string; response: ResponseStatus },
): Attendee[] {
  return attendees.map((guest) => (sameEmail(guest.email, email) ? { ...guest, responseStatus: response } : guest))
}
