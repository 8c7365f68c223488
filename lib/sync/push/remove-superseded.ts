import { type CopyRow, deleteCopy, readLeaving, saveCopy } from '#db/queries/mappings.ts'
import { type ActivityEntry, recordActivity } from '#lib/activity/record.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { scopeOfFailure } from '#lib/google/failure-kind.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { ceilings, spend } from '../budget.ts'
import { inLanes, isOver } from '../concurrency.ts'
import type { SyncContext } from '../context.ts'
import { backoffMs, patientAttempts } from '../core/backoff.ts'
import { type Content, contentOf, type Seen, sameField, sharedFields } from '../core/content.ts'
import { markerKeys } from '../core/event-id.ts'
import { readSeen } from '../core/read-event.ts'
import { keepsChanging, recordUnderEpoch, saidBy } from '../fence.ts'
import { readStanding } from '../resolve-event.ts'

/** After "Change calendar": once the new copy lives, the old one is taken out of the calendar that was given up. */
export const removeLeaving = async (context: SyncContext): Promise<{ failure: GoogleFailure | null }> => {
  while (!isOver(context)) {
    const copies = await readLeaving(context.db, context.place, { now: context.now(), limit: batch })
    if (copies.length === 0) break
    const stop = await inLanes(context, copies, (copy) => removeOne(context, copy))
    if (stop) return { failure: stop === 'fenced' ? null : stop }
  }
  return { failure: null }
}

const batch = 200
const looks = 3

/** `fenced`: unlinked, reconnected or moved on meanwhile; nothing can be recorded, so asking on would never end. */
type Stop = 'fenced' | GoogleFailure
/** The copy as it is now, to be asked for again; or that it is no longer there. */
type Seeing = { copy: CopyRow } | { over: true } | { fenced: true } | { failure: GoogleFailure }

/** Null = gone from there, or its trouble is its own and recorded on it. */
const removeOne = async (context: SyncContext, known: CopyRow): Promise<Stop | null> => {
  let seeing: Seeing = known.etag ? { copy: known } : await seeAgain(context, known)
  for (let look = 0; look < looks && 'copy' in seeing; look++) {
    const { copy } = seeing
    const answer = await asBackfill(context, () =>
      context.api.deleteEvent(copy.calendarId, copy.eventId, copy.etag ?? ''),
    )
    if (answer.ok) seeing = { over: true }
    else if (isNews(answer.failure)) seeing = await seeAgain(context, copy)
    else seeing = outcomeOf(answer.failure)
  }
  if ('fenced' in seeing) return 'fenced'
  if ('over' in seeing) return heldOr(await recordUnderEpoch(context, (tx) => deleteCopy(tx, known)))
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
const seeAgain = async (context: SyncContext, copy: CopyRow): Promise<Seeing> => {
  const get = (id: string) => asBackfill(context, () => context.api.getEvent(copy.calendarId, id))
  const standing = await readStanding(get, { eventId: copy.eventId, calendarZone: context.calendarZone })
  if (standing.state !== 'found') {
    const { failure } = standing
    if (failure.kind !== 'gone') return outcomeOf(failure)
    return copy.attempts < patientAttempts ? { failure: { ...failure, kind: 'transient' } } : { over: true }
  }
  const { eventId, raw } = standing
  const ours = raw.extendedProperties?.private?.[markerKeys.appointment] === copy.appointmentId
  if (!ours || raw.status === 'cancelled') return { over: true }
  return keepWords(context, { ...copy, eventId }, raw)
}

/** What nobody may record any more, nobody may remove either: the calendar may have been chosen again. */
const keepWords = async (context: SyncContext, copy: CopyRow, raw: RawEvent): Promise<Seeing> => {
  const etag = raw.etag ?? null
  const seen = readSeen(raw, context.rules.timeZone)
  const held = await recordUnderEpoch(context, async (tx) => {
    await saveCopy(tx, copy, { etag, ...(seen && { seen }) })
    if (seen && says(seen, copy)) await recordActivity(tx, [overruled(copy, seen)])
  })
  return held ? { copy: { ...copy, etag, seen: seen ?? copy.seen } } : { fenced: true }
}

const trouble = async (context: SyncContext, copy: CopyRow, failure: GoogleFailure): Promise<Stop | null> => {
  if (scopeOfFailure[failure.kind] === 'connection') return failure
  const attempts = copy.attempts + 1
  const waitMs = backoffMs({
    kind: 'transient',
    attempt: attempts,
    chance: context.chance(),
    retryAfterSeconds: null,
  })
  const nextAttemptAt = new Date(Date.parse(context.now()) + (waitMs ?? 0)).toISOString()
  return heldOr(await recordUnderEpoch(context, (tx) => saveCopy(tx, copy, { attempts, nextAttemptAt })))
}

const heldOr = (held: boolean): 'fenced' | null => (held ? null : 'fenced')

/** Whether somebody said something there that nobody has read yet, and that no write of ours was to say. */
const says = (seen: Seen, copy: CopyRow): boolean => {
  const base = (copy.base as Content | null) ?? { ...emptyContent, times: seen.times }
  const known = copy.seen ? [contentOf(copy.seen as Seen, base)] : []
  const ours = [...known, ...saidBy(copy)]
  const now = contentOf(seen, ours[0] ?? base)
  return (
    ours.length > 0 && sharedFields.some((field) => !ours.some((content) => sameField(field, content, now)))
  )
}

const emptyContent = { title: '', location: '', description: '', guests: [] }

const overruled = (copy: CopyRow, last: Seen): ActivityEntry => ({
  businessId: copy.businessId,
  actor: { kind: 'google' },
  what: 'appointment.google-change-overruled',
  detail: 'Changed in the calendar that was given up, before its copy was removed there.',
  appointmentId: copy.appointmentId,
  before: { title: last.title, times: last.times, location: last.location },
})
