import { type CopyRow, deleteCopy, readLeaving, saveCopy } from '#db/queries/copies.ts'
import { type ActivityEntry, recordActivity } from '#lib/activity/record.ts'
import type { GoogleAnswer, GoogleFailure } from '#lib/google/failure.ts'
import type { SyncContext } from './context.ts'
import { backoffMs } from './core/backoff.ts'
import { type Content, contentOf, type Seen, sameField, sharedFields } from './core/content.ts'
import { scopeOfFailure } from './core/failure-kind.ts'
import { markerKeys } from './core/identity.ts'
import { readSeen } from './core/read-event.ts'
import { recordUnderEpoch } from './record.ts'

/** After "Change calendar": once the new copy lives, the old one is taken out of the calendar that was given up. */
export const removeLeaving = async (context: SyncContext): Promise<{ failure: GoogleFailure | null }> => {
  for (;;) {
    const copies = await readLeaving(context.db, context.place, { now: context.now(), limit: 50 })
    if (copies.length === 0) return { failure: null }
    for (const copy of copies) {
      const outcome = await removeOne(context, copy)
      if (outcome === 'fenced') return { failure: null }
      if (outcome !== 'done') return { failure: outcome }
    }
  }
}

/** `fenced`: unlinked, reconnected or moved on meanwhile; nothing can be recorded, so asking on would never end. */
type Outcome = 'done' | 'fenced' | GoogleFailure

const removeOne = async (context: SyncContext, copy: CopyRow): Promise<Outcome> => {
  const { answer, last } = await remove(context, copy)
  // The old calendar may be gone or out of reach: then nothing of ours is left to remove there.
  if (answer.ok || ['gone', 'calendar-lost', 'rejected'].includes(answer.failure.kind)) {
    const held = await recordUnderEpoch(context, async (tx) => {
      await deleteCopy(tx, copy)
      if (last) await recordActivity(tx, [overruled(copy, last)])
    })
    return held ? 'done' : 'fenced'
  }
  if (scopeOfFailure[answer.failure.kind] === 'connection') return answer.failure
  const attempts = copy.attempts + 1
  const waitMs = backoffMs({
    kind: 'transient',
    attempt: attempts,
    chance: context.chance(),
    retryAfterSeconds: null,
  })
  const nextAttemptAt = new Date(Date.parse(context.now()) + (waitMs ?? 0)).toISOString()
  const held = await recordUnderEpoch(context, (tx) => saveCopy(tx, copy, { attempts, nextAttemptAt }))
  return held ? 'done' : 'fenced'
}

/** `last` is what people had changed there that nobody has read yet. */
type Removed = { answer: GoogleAnswer<unknown>; last: Seen | null }

/** As it was last seen, or as it is now; an event whose making was never confirmed must first prove to be ours. */
const remove = async (context: SyncContext, copy: CopyRow): Promise<Removed> => {
  if (copy.etag) {
    const answer = await context.api.deleteEvent(copy.calendarId, copy.eventId, copy.etag)
    if (answer.ok || answer.failure.kind !== 'conflict') return { answer, last: null }
  }
  const fresh = await context.api.getEvent(copy.calendarId, copy.eventId)
  if (!fresh.ok) return { answer: laterIfLagging(fresh, copy), last: null }
  const ours = fresh.data.extendedProperties?.private?.[markerKeys.appointment] === copy.appointmentId
  if (!ours || fresh.data.status === 'cancelled') return { answer: fresh, last: null }
  const answer = await context.api.deleteEvent(copy.calendarId, copy.eventId, fresh.data.etag ?? '')
  const seen = readSeen(fresh.data, context.rules.timeZone)
  return { answer, last: answer.ok && seen && isNews(seen, copy) ? seen : null }
}

/** Reads lag behind writes: an event that was just refused, or may just have been made, is not gone at the first 404. */
const laterIfLagging = <T>(answer: GoogleAnswer<T>, copy: CopyRow): GoogleAnswer<T> =>
  !answer.ok && answer.failure.status === 404 && copy.attempts < patientAttempts
    ? { ok: false, failure: { ...answer.failure, kind: 'transient' } }
    : answer

const patientAttempts = 3

const isNews = (seen: Seen, copy: CopyRow): boolean => {
  const known = copy.seen as Seen | null
  if (!known) return false
  const base = copy.base as Content | null
  const before = contentOf(known, base ?? { ...emptyContent, times: known.times })
  return sharedFields.some((field) => !sameField(field, contentOf(seen, before), before))
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
