import { type CopyRow, deleteCopy, readLeaving, saveCopy } from '#db/queries/copies.ts'
import type { GoogleAnswer, GoogleFailure } from '#lib/google/failure.ts'
import type { SyncContext } from './context.ts'
import { backoffMs } from './core/backoff.ts'
import { scopeOfFailure } from './core/failure-kind.ts'
import { markerKeys } from './core/identity.ts'
import { recordUnderEpoch } from './pull.ts'

/** After "Change calendar": once the new copy lives, the old one is taken out of the calendar that was given up. */
export const removeLeaving = async (context: SyncContext): Promise<{ failure: GoogleFailure | null }> => {
  for (;;) {
    const copies = await readLeaving(context.database.db, context.place, { now: context.now(), limit: 50 })
    if (copies.length === 0) return { failure: null }
    for (const copy of copies) {
      const failure = await removeOne(context, copy)
      if (failure) return { failure }
    }
  }
}

const removeOne = async (context: SyncContext, copy: CopyRow): Promise<GoogleFailure | null> => {
  const answer = await remove(context, copy)
  // The old calendar may be gone or out of reach: then nothing of ours is left to remove there.
  if (answer.ok || ['gone', 'calendar-lost', 'rejected'].includes(answer.failure.kind)) {
    await recordUnderEpoch(context, (tx) => deleteCopy(tx, copy))
    return null
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
  await recordUnderEpoch(context, (tx) => saveCopy(tx, copy, { attempts, nextAttemptAt }))
  return null
}

/** As it was last seen, or as it is now; an event whose making was never confirmed must first prove to be ours. */
const remove = async (context: SyncContext, copy: CopyRow): Promise<GoogleAnswer<unknown>> => {
  if (copy.etag) {
    const answer = await context.api.deleteEvent(copy.calendarId, copy.eventId, copy.etag)
    if (answer.ok || answer.failure.kind !== 'conflict') return answer
  }
  const fresh = await context.api.getEvent(copy.calendarId, copy.eventId)
  if (!fresh.ok) return fresh
  const ours = fresh.data.extendedProperties?.private?.[markerKeys.appointment] === copy.appointmentId
  if (!ours || fresh.data.status === 'cancelled') return fresh
  return context.api.deleteEvent(copy.calendarId, copy.eventId, fresh.data.etag ?? '')
}
