import { deleteMapping, saveMapping } from '#db/queries/mappings/mappings.ts'
import { mostRemovalAttempts, readPendingRemovals } from '#db/queries/mappings/pending-removals.ts'
import { recordActivity } from '#lib/activity/record.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { scopeOfFailure } from '#lib/google/failure-kind.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { log } from '#lib/observe/log.ts'
import { overruledInOldCalendarEntry } from '../activity-entries.ts'
import { ceilings, spend } from '../budget.ts'
import { mapInBatches } from '../concurrency.ts'
import { isPastDeadline, type SyncContext } from '../context.ts'
import { backoffMs, readLagAttempts } from '../core/backoff.ts'
import { contentOf, type RemoteSnapshot, sameField, sharedFields } from '../core/content.ts'
import { addMs } from '../core/instant.ts'
import { readSnapshot } from '../core/read-event.ts'
import { withFence } from '../fence.ts'
import { type Mapping, mappingOf } from '../mapping.ts'
import { isOurs, notInFull, resolveEvent } from '../resolve-event.ts'
import { keepsChanging } from './appointment.ts'
import { isBelieved } from './change.ts'

/**
 * After "Change calendar": deletes events in the old calendar whose appointment is in the new one.
 */
export const removeSuperseded = async (context: SyncContext): Promise<{ failure: GoogleFailure | null }> => {
  while (!isPastDeadline(context)) {
    const options = { now: context.now(), limit: batchSize }
    const rows = await readPendingRemovals(context.db, context.calendarKey, options)
    if (rows.length === 0) break
    const stop = await mapInBatches(context, rows, (within, row) => removeOne(within, mappingOf(row)))
    if (stop) return { failure: stop === 'fenced' ? null : stop }
  }
  return { failure: null }
}

const batchSize = 200
const maxAttempts = 3

/**
 * `fenced`: the fence was lost, so nothing can be recorded and the same batch would be read for
 * ever.
 */
type Stop = 'fenced' | GoogleFailure
/** `mapping`: the event exists, in the version to delete. `isOver`: nothing is left to delete. */
type OldEvent = { mapping: Mapping } | { isOver: true } | { isFenced: true } | { failure: GoogleFailure }

/** Null = deleted, or the failure is the item's own and saved with it. */
const removeOne = async (context: SyncContext, known: Mapping): Promise<Stop | null> => {
  let event: OldEvent = known.etag ? { mapping: known } : await refetch(context, known)
  for (let attempt = 0; attempt < maxAttempts && 'mapping' in event; attempt++) {
    const { mapping } = event
    const answer = await asBackfill(context, () =>
      context.api.deleteEvent(mapping.calendarId, mapping.eventId, mapping.etag ?? ''),
    )
    if (answer.ok) event = { isOver: true }
    else if (mustRefetch(answer.failure)) event = await refetch(context, mapping)
    else event = { failure: answer.failure }
  }
  if ('isFenced' in event) return 'fenced'
  if ('isOver' in event) return orFenced(await withFence(context, (tx) => deleteMapping(tx, known)))
  return saveFailure(context, known, 'failure' in event ? event.failure : keepsChanging)
}

const asBackfill = <T>(context: SyncContext, call: Parameters<typeof spend<T>>[2]) =>
  spend({ ...context, ceiling: ceilings.backfill }, 1, call)

const mustRefetch = (failure: GoogleFailure) => failure.kind === 'conflict' || failure.kind === 'gone'

/**
 * Changes made in the old calendar are saved before the event is deleted, since the process may die
 * in between. An event whose insert was never acknowledged must first have our marker.
 */
const refetch = async (context: SyncContext, mapping: Mapping): Promise<OldEvent> => {
  const get = (id: string) => asBackfill(context, () => context.api.getEvent(mapping.calendarId, id))
  const { calendarZone } = context.state
  const resolved = await resolveEvent(get, mapping, calendarZone)
  if (resolved.state !== 'found') {
    const { failure } = resolved
    if (failure.kind !== 'gone') return { failure }
    const isGone = isBelieved(context, mapping) && (await isReachable(context, mapping.calendarId))
    return isGone ? { isOver: true } : { failure: { ...failure, kind: 'transient' } }
  }
  const { eventId, raw } = resolved
  if (raw.status === 'cancelled') return { isOver: true }
  // One answer may have lost the marker or the times; several in a row are believed.
  const isOdd = !isOurs(raw, mapping) || !readSnapshot(raw, context.rules.timeZone)
  if (isOdd && mapping.attempts < readLagAttempts) return { failure: notInFull }
  if (!isOurs(raw, mapping)) return { isOver: true }
  return saveVersion(context, { ...mapping, eventId }, raw)
}

/** Where this is later than any event, a list of the calendar is short. */
const farAhead = '2200-01-01T00:00:00Z'

/** "Not found" means the event only where its calendar answers; a lost one answers the same. */
const isReachable = async (context: SyncContext, calendarId: string): Promise<boolean> => {
  const { oldCalendars } = context.state
  const list = () => context.api.listEvents(calendarId, { timeMin: farAhead })
  const reachable = oldCalendars.get(calendarId) ?? asBackfill(context, list).then((answer) => answer.ok)
  oldCalendars.set(calendarId, reachable)
  return reachable
}

/** Without the fence the event must not be deleted: its calendar may have been chosen again. */
const saveVersion = async (context: SyncContext, mapping: Mapping, raw: RawEvent): Promise<OldEvent> => {
  const etag = raw.etag ?? null
  const remoteSnapshot = readSnapshot(raw, context.rules.timeZone)
  const isSaved = await withFence(context, async (tx) => {
    await saveMapping(tx, mapping, { etag, ...(remoteSnapshot && { remoteSnapshot }) })
    if (remoteSnapshot && hasUnreadChange(remoteSnapshot, mapping))
      await recordActivity(tx, [overruledInOldCalendarEntry(mapping, remoteSnapshot)])
  })
  return isSaved
    ? { mapping: { ...mapping, etag, remoteSnapshot: remoteSnapshot ?? mapping.remoteSnapshot } }
    : { isFenced: true }
}

const saveFailure = async (context: SyncContext, mapping: Mapping, failure: GoogleFailure): Promise<Stop | null> => {
  // Access to the old calendar is no matter of the calendar.
  if (scopeOfFailure[failure.kind] === 'calendar' && failure.kind !== 'calendar-lost') return failure
  const attempts = mapping.attempts + 1
  const random = context.random()
  // Longer waits after the first attempts: the old calendar may be out of reach for good.
  const kind = attempts > readLagAttempts ? 'quota' : 'transient'
  const waitMs = backoffMs({ kind, attempt: Math.max(1, attempts - readLagAttempts), random, retryAfterSeconds: null })
  const nextAttemptAt = attempts < mostRemovalAttempts ? addMs(context.now(), waitMs ?? 0) : null
  if (nextAttemptAt === null) log('warn', 'sync.removal-given-up', { syncedCalendarId: context.calendar.id, attempts })
  const waitingSince = mapping.waitingSince ?? context.now()
  const changes = { attempts, nextAttemptAt, waitingSince }
  return orFenced(await withFence(context, (tx) => saveMapping(tx, mapping, changes)))
}

const orFenced = (isSaved: boolean): 'fenced' | null => (isSaved ? null : 'fenced')

/** A change that no pull has applied and that no write of ours contained. */
const hasUnreadChange = (remoteSnapshot: RemoteSnapshot, mapping: Mapping): boolean => {
  const base = mapping.base ?? { ...emptyContent, times: remoteSnapshot.times }
  const known = mapping.remoteSnapshot ? [contentOf(mapping.remoteSnapshot, base)] : []
  const ours = [...known, ...mapping.unacknowledgedWrites]
  const now = contentOf(remoteSnapshot, ours[0] ?? base)
  return ours.length > 0 && sharedFields.some((field) => !ours.some((content) => sameField(field, content, now)))
}

const emptyContent = { title: '', location: '', description: '', guests: [] }
