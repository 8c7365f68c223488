import { saveMapping } from '#db/queries/mappings/mappings.ts'
import { deleteEvents, readUpdatedAt } from '#db/queries/mirror.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import type { EventBody, RawEvent } from '#lib/google/wire.ts'
import { publishChange } from '#lib/live/publish.ts'
import { seriesIdOf } from '#lib/recurrence/instance-id.ts'
import { applyRemoteChanges } from '../apply-remote.ts'
import { spend } from '../budget.ts'
import type { SyncContext } from '../context.ts'
import { readLagAttempts, readLagMs } from '../core/backoff.ts'
import { addMs, msBetween } from '../core/instant.ts'
import { bodyForPatch } from '../core/project.ts'
import { readSnapshot } from '../core/read-event.ts'
import type { Step } from '../core/reconcile.ts'
import { type Decision, fetchedEvent } from '../decide.ts'
import { withFence } from '../fence.ts'
import {
  agreedUpTo,
  baseIn,
  goneUpTo,
  isOlderVersion,
  type Mapping,
  recordDeletion,
  recordUnacknowledged,
} from '../mapping.ts'
import { isOurs, isStranger, mappingForEvent, notInFull, type ResolvedEvent, resolveEvent } from '../resolve-event.ts'
import { type ItemOutcome, type PushContext, readItem, saveAcknowledged, saveItem } from './item.ts'

/**
 * Patches or deletes an event. `If-Match` decides which side was first; a conflict refetches the
 * event.
 */

type Converge = Step & { do: 'converge' }

export const patch = async (context: PushContext, item: Decision, step: Converge): Promise<ItemOutcome> => {
  const { mapping } = item
  const change = patchOf(mapping, step)
  if (!change) return refetchEvent(context, item, null)
  if (!(await recordUnacknowledged(context, mapping, step.base))) return 'done'
  const { calendarId } = context.calendarKey
  const answer = await spend(context, 3, () => context.api.patchEvent(calendarId, mapping.eventId, change))
  if (answer.ok) return saveAcknowledged(context, item, { raw: answer.data, base: step.base })
  if (isExplainedByEvent(answer.failure)) return refetchEvent(context, item, answer.failure)
  return mayBeOddGuest(answer.failure, item, change.body) ? readAgain(context, item, answer.failure) : answer.failure
}

/** Guests are written back as they were read: the refused one may be from an odd answer. */
const mayBeOddGuest = ({ kind }: GoogleFailure, { mapping }: Decision, body: EventBody): boolean =>
  kind === 'rejected' && body.attendees !== undefined && mapping.attempts < readLagAttempts

const readAgain = async (context: PushContext, item: Decision, refusal: GoogleFailure): Promise<ItemOutcome> => {
  await saveItem(context, item, { needsRefetch: true })
  return { ...refusal, kind: 'transient' }
}

/** Null while the event has not been read. */
export const patchOf = (mapping: Mapping, { write, base }: Converge): { etag: string; body: EventBody } | null => {
  const { remoteSnapshot, etag } = mapping
  if (!remoteSnapshot) return null
  const known = baseIn(mapping, { remoteSnapshot, local: base })
  return { etag: etag ?? '*', body: bodyForPatch({ write, content: base, base: known, remoteSnapshot }) }
}

export const remove = async (context: PushContext, item: Decision): Promise<ItemOutcome> => {
  const { mapping, row } = item
  const { etag } = mapping
  if (etag === null) return findUnacknowledged(context, item)
  if (!(await recordDeletion(context, mapping))) return 'done'
  const answer = await spend(context, 1, () =>
    context.api.deleteEvent(context.calendarKey.calendarId, mapping.eventId, etag),
  )
  context.state.hasWritten ||= answer.ok
  if (answer.ok) return saveItem(context, item, goneUpTo(row.revision))
  return isExplainedByEvent(answer.failure) ? refetchEvent(context, item, answer.failure) : answer.failure
}

/**
 * The event of an insert that was never acknowledged: only its marker tells it from another under
 * the same id. After some attempts it is believed to be absent; a list may still bring it.
 */
const findUnacknowledged = async (context: PushContext, item: Decision): Promise<ItemOutcome> => {
  const { mapping, row } = item
  const resolved = await fetchEventOf(context, mapping)
  if (resolved.state === 'failed' && resolved.failure.kind !== 'gone') return resolved.failure
  const isDeleted = resolved.state === 'found' && resolved.raw.status === 'cancelled'
  if (resolved.state === 'found' && !isDeleted && isOurs(resolved.raw, mapping))
    return applyFetched(context, item, resolved)
  if (isDeleted || mapping.attempts >= readLagAttempts)
    return saveItem(context, item, { needsRefetch: false, ...goneUpTo(row.revision) })
  return resolved.state === 'found' ? notInFull : { ...resolved.failure, kind: 'transient' }
}

/**
 * Google may answer 403 to the change of a deleted event, and "not found" for one that was made a
 * moment ago: the event has to be fetched to find out.
 */
export const isExplainedByEvent = ({ kind }: GoogleFailure) => ['conflict', 'gone', 'calendar-lost'].includes(kind)

/**
 * Fetches the appointment's event and applies it, so that the item is decided again. `cause`: the
 * refusal that led here, if any.
 */
export const refetchEvent = async (
  context: PushContext,
  item: Decision,
  cause: GoogleFailure | null,
): Promise<ItemOutcome> => {
  const { mapping } = item
  const resolved = await fetchEventOf(context, mapping)
  if (resolved.state === 'failed')
    return resolved.failure.kind === 'gone' ? notFound(context, item, resolved.failure) : resolved.failure
  if (resolved.state === 'no-first')
    return isBelieved(context, mapping)
      ? applyFetched(context, item, { eventId: resolved.eventId, raw: null })
      : { ...resolved.failure, kind: 'transient' }
  const { eventId, raw, root } = resolved
  if (isStranger(root, mapping)) return leaveStranger(context, item)
  if (mapping.needsRefetch && (await isBehindList(context, mapping, root))) return lagging
  const isOlder = isOlderVersion(raw, mapping) || contradictsList(context, raw, mapping)
  if (isOlder && !isBelieved(context, mapping)) return lagging
  if (raw.status === 'cancelled') return applyFetched(context, item, { eventId, raw: null })
  const isSame = eventId === mapping.eventId && !mapping.needsRefetch
  if (isSame && cause?.kind === 'gone') return { ...cause, kind: 'transient' }
  if (isSame && cause?.kind === 'calendar-lost') return cause
  return applyFetched(context, item, { eventId, raw })
}

/** One answer may have lost the marker of ours; several in a row are believed. */
const leaveStranger = async (context: PushContext, item: Decision): Promise<ItemOutcome> => {
  if (item.mapping.attempts < readLagAttempts) return notInFull
  await saveItem(context, item, { needsRefetch: false })
  return 'retry'
}

export const fetchEventOf = (context: PushContext, mapping: Mapping): Promise<ResolvedEvent> => {
  const { api, calendarKey, state } = context
  const get = (id: string) => spend(context, 1, () => api.getEvent(calendarKey.calendarId, id))
  return resolveEvent(get, mapping, state.calendarZone)
}

/**
 * A list had the event as a series, of which the mirror keeps the version: an older one by its id
 * is from before the change that people made to the series.
 */
const isBehindList = async (context: PushContext, mapping: Mapping, root: RawEvent): Promise<boolean> => {
  if (!root.id || !root.updated || isBelieved(context, mapping)) return false
  const listed = await readUpdatedAt(context.db, context.calendar.id, root.id)
  return listed !== null && Date.parse(root.updated) < listed
}

/**
 * A deleted instance says nothing of when it was deleted: it may be from before a list that had the
 * instance. The attempts after the first tell later runs of that list.
 */
const contradictsList = ({ state }: SyncContext, raw: RawEvent, mapping: Mapping): boolean =>
  raw.status === 'cancelled' &&
  !raw.updated &&
  mapping.state === 'live' &&
  isInstance(mapping.eventId) &&
  (state.listedInstances.has(mapping.eventId) || mapping.attempts > 0)

/** The event as it was before a write of ours, or of people. */
const lagging: GoogleFailure = { kind: 'transient', detail: 'read-lag', status: null, retryAfterSeconds: null }

/** The answer has been the same for longer than reads may lag behind a write. */
export const isBelieved = ({ now }: SyncContext, mapping: Mapping): boolean => {
  const { attempts, waitingSince, pushedAt } = mapping
  const isOver = (since: string | null) => since === null || msBetween(since, now()) >= readLagMs
  return attempts >= readLagAttempts && waitingSince !== null && isOver(waitingSince) && isOver(pushedAt)
}

/**
 * "Not found" may also mean that the calendar is lost or that reads lag. It is believed where the
 * event was to be removed anyway, after some attempts; elsewhere only if a complete full read did
 * not contain the event either, and not before reads can no longer lag.
 */
const notFound = async (context: PushContext, item: Decision, failure: GoogleFailure): Promise<ItemOutcome> => {
  const { mapping, row } = item
  const isExpected = mapping.state === 'live' && row.status === 'booked'
  if (isExpected && mapping.missingSince !== null && isBelieved(context, mapping))
    return applyFetched(context, item, { eventId: mapping.eventId, raw: null })
  if (isExpected || mapping.attempts < readLagAttempts) return { ...failure, kind: 'transient' }
  if (mapping.state === 'live') return saveItem(context, item, { needsRefetch: false, ...goneUpTo(row.revision) })
  await saveItem(context, item, { needsRefetch: false })
  return 'retry'
}

/** `raw` null: the event is deleted. */
export const applyFetched = async (
  context: PushContext,
  item: Decision,
  found: { eventId: string; raw: RawEvent | null },
): Promise<ItemOutcome> => {
  const { eventId, raw } = found
  const remoteSnapshot = raw && readSnapshot(raw, context.rules.timeZone)
  if (raw && !remoteSnapshot) return unreadable(context, item)
  const event = raw && remoteSnapshot ? fetchedEvent(raw, remoteSnapshot) : { state: 'gone' as const }
  const mapping = mappingForEvent(item.mapping, { eventId, remoteSnapshot, members: context.members })
  const isIgnored = isLaterInstance(item.mapping, eventId)
  const isApplied = await withFence(context, async (tx) => {
    if (item.mapping.needsRefetch)
      await saveMapping(tx, isIgnored ? item.mapping : mapping, {
        needsRefetch: false,
        ...(remoteSnapshot && { pendingRemoval: false }),
      })
    if (isIgnored) return
    // Without its marker, a list may have had it as an event of people.
    if (mapping.state === 'pending' && !isInstance(eventId))
      await deleteEvents(tx, { businessId: context.businessId, syncedCalendarId: context.calendar.id }, [eventId])
    await applyRemoteChanges(tx, context, [{ mapping, event }], { generation: mapping.generation })
    await publishChange(tx, context.businessId, 'rows')
  })
  if (!isApplied) return 'done'
  return remoteSnapshot && item.mapping.missingSince ? askAgainLater(context, item.mapping) : 'retry'
}

/**
 * A full read lacks the event and its id finds it: one of both answers may lag behind a write. It
 * is fetched once more when no answer can, unless there is something to write now, which `If-Match`
 * decides.
 */
const askAgainLater = async (context: PushContext, { appointmentId, missingSince }: Mapping): Promise<ItemOutcome> => {
  const item = await readItem(context, appointmentId)
  if (!item || !missingSince || msBetween(missingSince, context.now()) >= readLagMs) return 'retry'
  const { step } = item
  const isAgreed = step.do === 'nothing' || (step.do === 'converge' && step.apply.length + step.write.length === 0)
  if (!isAgreed) return 'retry'
  const nextAttemptAt = addMs(missingSince, readLagMs)
  return saveItem(context, item, { ...agreedUpTo(item.row.revision), needsRefetch: true, missingSince, nextAttemptAt })
}

/**
 * After its instance was deleted, the appointment does not move on to what the series begins with
 * now.
 */
const isLaterInstance = (mapping: Mapping, eventId: string) =>
  ['removed', 'gone'].includes(mapping.state) &&
  eventId !== mapping.eventId &&
  isInstance(mapping.eventId) &&
  isInstance(eventId)

const isInstance = (eventId: string) => seriesIdOf(eventId) !== eventId

/** One odd answer is asked for again; several in a row need a person. */
const unreadable = async (context: PushContext, item: Decision): Promise<ItemOutcome> => {
  const failure = { detail: 'unreadable', status: 200, retryAfterSeconds: null }
  if (item.mapping.attempts < readLagAttempts) return { ...failure, kind: 'transient' }
  await saveItem(context, item, { needsRefetch: false })
  return { ...failure, kind: 'rejected' }
}
