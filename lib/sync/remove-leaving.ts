import { type CopyRow, readLeaving, saveCopy } from '#db/queries/copies.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import type { SyncContext } from './context.ts'
import { backoffMs } from './core/backoff.ts'
import { scopeOfFailure } from './core/failure-kind.ts'
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
  const etag = copy.etag ?? '*'
  let answer = await context.api.deleteEvent(copy.calendarId, copy.eventId, etag)
  if (!answer.ok && answer.failure.kind === 'conflict') {
    const fresh = await context.api.getEvent(copy.calendarId, copy.eventId)
    if (fresh.ok && fresh.data.status !== 'cancelled')
      answer = await context.api.deleteEvent(copy.calendarId, copy.eventId, fresh.data.etag ?? '*')
    else if (fresh.ok) answer = { ok: true, data: undefined }
  }
  // The old calendar may be gone or out of reach: then nothing of ours is left to remove there.
  if (answer.ok || ['gone', 'calendar-lost', 'rejected'].includes(answer.failure.kind)) {
    await save(context, copy, { state: 'gone', leaving: false })
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
  await save(context, copy, { attempts, nextAttemptAt })
  return null
}

const save = async (context: SyncContext, copy: CopyRow, change: Parameters<typeof saveCopy>[2]) => {
  await recordUnderEpoch(context, (tx) => saveCopy(tx, copy, change))
}
