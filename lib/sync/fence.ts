import type { Tx } from '#db/client.ts'
import { holdsEpoch } from '#db/queries/connections.ts'
import { type CopyRow, saveCopy } from '#db/queries/mappings.ts'
import { commitWithoutFlush } from '#db/queries/sync.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import type { SyncContext } from './context.ts'
import type { Content, Seen } from './core/content.ts'
import { baseIn, type Said, saidAlso } from './core/unacknowledged.ts'

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

export const saidBy = (copy: CopyRow): Said => (copy.said as Content[] | null) ?? []

/** What is agreed as it stands in the event; before the first agreement, whatever of ours is there. */
export const baseOf = (copy: CopyRow, { seen, local }: { seen: Seen; local: Content }): Content => {
  const said = saidBy(copy)
  return copy.base ? baseIn(seen, copy.base as Content, said) : baseIn(seen, local, [...said, local])
}

/** What is about to be said, unless it was written down before: should nobody hear the answer, it is known for ours all the same. */
export const remember = async (context: SyncContext, copy: CopyRow, content: Content): Promise<boolean> => {
  const known = saidBy(copy)
  const said = saidAlso(known, content)
  if (said === known) return true
  return recordUnderEpoch(context, async (tx) => {
    // Not flushed: it outlives the process, which is what dies now and then.
    await commitWithoutFlush(tx)
    await saveCopy(tx, copy, { said })
  })
}

/** Somebody was faster at every look: tried again later. */
export const keepsChanging: GoogleFailure = {
  kind: 'transient',
  detail: 'changing',
  status: null,
  retryAfterSeconds: null,
}
