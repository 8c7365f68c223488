import type { Tx } from '#db/client.ts'
import { holdsEpoch } from '#db/queries/connections.ts'
import type { CopyRow } from '#db/queries/copies.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import type { SyncContext } from './context.ts'
import { type Content, type Seen, saidAlso, type Words, wordsIn } from './core/content.ts'

/** What every part of a look shares when it writes down what it found. */

/** False when the connection was unlinked, reconnected or moved to another calendar meanwhile: nothing is recorded. */
export const recordUnderEpoch = (context: SyncContext, work: (tx: Tx) => Promise<void>): Promise<boolean> =>
  context.db.transaction(async (tx) => {
    if (!(await holdsEpoch(tx, context.connection))) return false
    await work(tx)
    return true
  })

export const emptyCopy = (context: SyncContext, appointmentId: string): CopyRow => ({
  ...context.place,
  appointmentId,
  eventId: '',
  idEpoch: 0,
  etag: null,
  base: null,
  said: null,
  seen: null,
  htmlLink: '',
  state: 'pending',
  generation: 0,
  revisionPushed: 0,
  attempts: 0,
  nextAttemptAt: null,
  lastErrorKind: null,
  lastErrorDetail: null,
  waitingSince: null,
  rejectedRevision: null,
  leaving: false,
  unread: false,
  pushedAt: null,
})

/** What of ours is in an event; before the first agreement, whatever of ours may be. */
export const wordsOf = (copy: CopyRow, { seen, local }: { seen: Seen; local: Content }): Words =>
  (copy.base as Content | null) ?? wordsIn(seen, saidAlso(copy.said as Words | null, local))

/** Somebody was faster at every look: tried again later. */
export const keepsChanging: GoogleFailure = {
  kind: 'transient',
  detail: 'changing',
  status: null,
  retryAfterSeconds: null,
}
