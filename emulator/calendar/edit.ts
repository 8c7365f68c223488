import type { CalendarStore, EventDraft, EventType, Identity, StoredEvent, StoredTime } from '../model.ts'
import { randomId, type World } from '../world.ts'
import type { ReadDraft } from './draft.ts'
import { invalid } from './errors.ts'
import { updateExceptions } from './exceptions.ts'
import { syncGuestCopies } from './invitations.ts'
import { changedFields } from './restrictions.ts'
import { exceptionsOf, putEvent } from './store.ts'
import { isMaster, type Target } from './target.ts'

/** The author of a write; a person in Google's interface has no client. */
export type Actor = { email: string; clientId: string | null }

export type NewEvent = {
  draft: ReadDraft
  actor: Actor
  id?: string
  iCalUID?: string
  organizer?: Identity
  creator?: Identity
  sequence?: number
}

export function createEvent(world: World, calendar: CalendarStore, made: NewEvent): StoredEvent {
  const id = made.id ?? randomId()
  const { status, eventType, start, end, content } = made.draft
  const event = putEvent(world, calendar, {
    id,
    status,
    eventType,
    start,
    end,
    content,
    created: world.now(),
    sequence: made.sequence ?? 0,
    iCalUID: made.iCalUID ?? `${id}@google.com`,
    creator: made.creator ?? { email: made.actor.email },
    organizer: made.organizer ?? organizerOf(calendar, eventType),
    createdByClient: made.actor.clientId,
  })
  syncGuestCopies(world, calendar, event)
  return event
}

/**
 * On a primary calendar the organizer is the account, elsewhere the calendar. Out-of-office events
 * have had an unknown one since 2021.
 */
function organizerOf(calendar: CalendarStore, eventType: EventType): Identity {
  if (eventType === 'outOfOffice') return { email: 'unknownorganizer@calendar.google.com' }
  return calendar.kind === 'primary' ? { email: calendar.id } : { email: calendar.id, displayName: calendar.summary }
}

export type Edit = {
  target: Target
  draft: ReadDraft
  sequence?: number | null
  organizer?: Identity
  byPerson?: true
}

/** Writes a new version. An instance becomes an exception; a series updates its exceptions. */
export function writeEvent(world: World, calendar: CalendarStore, edit: Edit): StoredEvent {
  const before = edit.target.event
  const draft = edit.target.master ? withoutRecurrence(edit.draft) : edit.draft
  const changed = changedFields(before, draft)
  if (changed.length === 0 && !world.state.switches.idleWritesCount && !edit.target.virtual) return before
  const onlyReminders = changed.length > 0 && changed.every((field) => field === 'reminders' || field === 'colorId')
  const { stub: _, repeatedByPerson, ...kept } = before
  const repeats = draft.content.recurrence !== undefined
  const byPerson = before.content.recurrence === undefined ? edit.byPerson : repeatedByPerson
  const event = putEvent(world, calendar, {
    ...kept,
    status: draft.status,
    start: draft.start,
    end: draft.end,
    content: draft.content,
    organizer: edit.organizer ?? before.organizer,
    sequence: nextSequence(world, { before, changed, requested: edit.sequence }),
    updated: onlyReminders ? before.updated : world.now(),
    ...(repeats && byPerson && { repeatedByPerson: true }),
    ...(isFirst(edit.target) && { wasFirstInstance: true }),
  })
  if (isMaster(before) || isMaster(event)) updateExceptions(world, calendar, { before, event })
  syncGuestCopies(world, calendar, event)
  return event
}

function withoutRecurrence(draft: ReadDraft): ReadDraft {
  const { recurrence: _, ...content } = draft.content
  return { ...draft, content }
}

const SEQUENCED = new Set(['start', 'end', 'recurrence', 'attendees', 'status'])

function nextSequence(
  world: World,
  { before, changed, requested }: { before: StoredEvent; changed: string[]; requested?: number | null },
): number {
  if (typeof requested === 'number') {
    if (requested < before.sequence) throw invalid(SEQUENCE_MESSAGE)
    if (requested > before.sequence) return requested
  }
  const mode = world.state.switches.sequenceIncrements
  if (mode === 'never') return before.sequence
  const counts = mode === 'always' || changed.some((field) => SEQUENCED.has(field))
  return counts ? before.sequence + 1 : before.sequence
}

const SEQUENCE_MESSAGE =
  'Invalid sequence value. The specified sequence number is below the current sequence number of the resource. ' +
  'Re-fetch the resource and use its sequence number on the following request.'

/** Deletes an event, a series or one instance, which becomes a cancelled exception. */
export function cancelEvent(world: World, calendar: CalendarStore, target: Target): StoredEvent {
  const { stub: _, ...kept } = target.event
  const event = putEvent(world, calendar, {
    ...kept,
    status: 'cancelled',
    updated: world.now(),
    ...(isFirst(target) && { wasFirstInstance: true }),
  })
  if (isMaster(event) && world.state.switches.cancelledMasterEmitsExceptions) {
    // A new version with the same content: exceptions of a cancelled series are rendered as
    // cancelled, and restoring the series restores them.
    for (const exception of exceptionsOf(calendar, event.id)) putEvent(world, calendar, exception)
  }
  syncGuestCopies(world, calendar, event)
  return event
}

/** Moves an event and its exceptions, keeping their ids; leaves cancelled stubs. */
export function moveEvent(
  world: World,
  from: CalendarStore,
  { event, to }: { event: StoredEvent; to: CalendarStore },
): StoredEvent {
  const organizer = organizerOf(to, event.eventType)
  const moved = putEvent(world, to, { ...event, organizer, updated: world.now() })
  putEvent(world, from, { ...event, status: 'cancelled', stub: true, updated: world.now() })
  for (const exception of exceptionsOf(from, event.id)) {
    putEvent(world, to, { ...exception, organizer })
    putEvent(world, from, { ...exception, status: 'cancelled', stub: true })
  }
  return moved
}

/** Whether this is the first instance of its series. */
export function isFirst({ event, master }: Target): boolean {
  return master !== undefined && event.originalStart !== undefined && sameTime(event.originalStart, master.start)
}

export function sameTime(a: StoredTime, b: StoredTime): boolean {
  return a.date === b.date && a.ms === b.ms
}

/** Whether the body has fields that only the organizer may set. */
export function touchesSharedFlags(body: EventDraft): boolean {
  return ['guestsCanInviteOthers', 'guestsCanModify', 'guestsCanSeeOtherGuests', 'anyoneCanAddSelf'].some(
    (name) => name in body,
  )
}
