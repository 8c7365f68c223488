import { deleteMapping, type MappingRow, readPendingRemovals, saveMapping } from '#db/queries/mappings.ts'
import { type ActivityEntry, recordActivity } from '#lib/activity/record.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { scopeOfFailure } from '#lib/google/failure-kind.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { ceilings, spend } from '../budget.ts'
import { isOver, mapConcurrent } from '../concurrency.ts'
import type { SyncContext } from '../context.ts'
import { backoffMs, patientAttempts } from '../core/backoff.ts'
import { type Content, contentOf, type RemoteSnapshot, sameField, sharedFields } from '../core/content.ts'
import { markerKeys } from '../core/event-id.ts'
import { readSnapshot } from '../core/read-event.ts'
import { keepsChanging, unacknowledgedOf, withFence } from '../fence.ts'
import { resolveEvent } from '../resolve-event.ts'

/** After "Change calendar": once the new copy lives, the old one is taken out of the calendar that was given up. */
export const removeSuperseded = async (context: SyncContext): Promise<{ failure: GoogleFailure | null }> => {
  while (!isOver(context)) {
    const mappings = await readPendingRemovals(context.db, context.place, {
      now: context.now(),
      limit: batch,
    })
    if (mappings.length === 0) break
    const stop = await mapConcurrent(context, mappings, (mapping) => removeOne(context, mapping))
    if (stop) return { failure: stop === 'fenced' ? null : stop }
  }
  return { failure: null }
}

const batch = 200
const maxAttempts = 3

/** `fenced`: unlinked, reconnected or moved on meanwhile; nothing can be recorded, so asking on would never end. */
type Stop = 'fenced' | GoogleFailure
/** The copy as it is now, to be asked for again; or that it is no longer there. */
type Seeing = { mapping: MappingRow } | { over: true } | { fenced: true } | { failure: GoogleFailure }

/** Null = gone from there, or its trouble is its own and recorded on it. */
const removeOne = async (context: SyncContext, known: MappingRow): Promise<Stop | null> => {
  let seeing: Seeing = known.etag ? { mapping: known } : await seeAgain(context, known)
  for (let look = 0; look < maxAttempts && 'mapping' in seeing; look++) {
    const { mapping } = seeing
    const answer = await asBackfill(context, () =>
      context.api.deleteEvent(mapping.calendarId, mapping.eventId, mapping.etag ?? ''),
    )
    if (answer.ok) seeing = { over: true }
    else if (isNews(answer.failure)) seeing = await seeAgain(context, mapping)
    else seeing = outcomeOf(answer.failure)
  }
  if ('fenced' in seeing) return 'fenced'
  if ('over' in seeing) return heldOr(await withFence(context, (tx) => deleteMapping(tx, known)))
  return trouble(context, known, 'failure' in seeing ? seeing.failure : keepsChanging)
}

const asBackfill = <T>(context: SyncContext, call: Parameters<typeof spend<T>>[2]) =>
  spend({ ...context, ceiling: ceilings.backfill }, 1, call)

const isNews = (failure: GoogleFailure) => failure.kind === 'conflict' || failure.kind === 'gone'

/** The old calendar may be out of reach: then nothing of ours can be removed there. */
const outcomeOf = (failure: GoogleFailure): Seeing =>
  ['calendar-lost', 'rejected'].includes(failure.kind) ? { over: true } : { failure }

/**
 * Reads it anew: what people changed there is kept before it is removed, for a process may die in between. An event whose
 * making was never confirmed must first prove to be ours.
 */
const seeAgain = async (context: SyncContext, mapping: MappingRow): Promise<Seeing> => {
  const get = (id: string) => asBackfill(context, () => context.api.getEvent(mapping.calendarId, id))
  const resolved = await resolveEvent(get, { eventId: mapping.eventId, calendarZone: context.calendarZone })
  if (resolved.state !== 'found') {
    const { failure } = resolved
    if (failure.kind !== 'gone') return outcomeOf(failure)
    return mapping.attempts < patientAttempts
      ? { failure: { ...failure, kind: 'transient' } }
      : { over: true }
  }
  const { eventId, raw } = resolved
  const ours = raw.extendedProperties?.private?.[markerKeys.appointment] === mapping.appointmentId
  if (!ours || raw.status === 'cancelled') return { over: true }
  return keepWords(context, { ...mapping, eventId }, raw)
}

/** What nobody may record any more, nobody may remove either: the calendar may have been chosen again. */
const keepWords = async (context: SyncContext, mapping: MappingRow, raw: RawEvent): Promise<Seeing> => {
  const etag = raw.etag ?? null
  const remoteSnapshot = readSnapshot(raw, context.rules.timeZone)
  const held = await withFence(context, async (tx) => {
    await saveMapping(tx, mapping, { etag, ...(remoteSnapshot && { remoteSnapshot }) })
    if (remoteSnapshot && says(remoteSnapshot, mapping))
      await recordActivity(tx, [overruled(mapping, remoteSnapshot)])
  })
  return held
    ? { mapping: { ...mapping, etag, remoteSnapshot: remoteSnapshot ?? mapping.remoteSnapshot } }
    : { fenced: true }
}

const trouble = async (
  context: SyncContext,
  mapping: MappingRow,
  failure: GoogleFailure,
): Promise<Stop | null> => {
  if (scopeOfFailure[failure.kind] === 'connection') return failure
  const attempts = mapping.attempts + 1
  const waitMs = backoffMs({
    kind: 'transient',
    attempt: attempts,
    random: context.random(),
    retryAfterSeconds: null,
  })
  const nextAttemptAt = new Date(Date.parse(context.now()) + (waitMs ?? 0)).toISOString()
  return heldOr(await withFence(context, (tx) => saveMapping(tx, mapping, { attempts, nextAttemptAt })))
}

const heldOr = (held: boolean): 'fenced' | null => (held ? null : 'fenced')

/** Whether somebody said something there that nobody has read yet, and that no write of ours was to say. */
const says = (remoteSnapshot: RemoteSnapshot, mapping: MappingRow): boolean => {
  const base = (mapping.base as Content | null) ?? { ...emptyContent, times: remoteSnapshot.times }
  const known = mapping.remoteSnapshot ? [contentOf(mapping.remoteSnapshot as RemoteSnapshot, base)] : []
  const ours = [...known, ...unacknowledgedOf(mapping)]
  const now = contentOf(remoteSnapshot, ours[0] ?? base)
  return (
    ours.length > 0 && sharedFields.some((field) => !ours.some((content) => sameField(field, content, now)))
  )
}

const emptyContent = { title: '', location: '', description: '', guests: [] }

const overruled = (mapping: MappingRow, last: RemoteSnapshot): ActivityEntry => ({
  businessId: mapping.businessId,
  actor: { kind: 'google' },
  what: 'appointment.google-change-overruled',
  detail: 'Changed in the calendar that was given up, before its copy was removed there.',
  appointmentId: mapping.appointmentId,
  before: { title: last.title, times: last.times, location: last.location },
})
