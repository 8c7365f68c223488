import type { Tx } from '#db/client.ts'
import { holdsFence } from '#db/queries/connections.ts'
import { type MappingRow, saveMapping } from '#db/queries/mappings.ts'
import { commitWithoutFlush } from '#db/queries/transaction.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import type { SyncContext } from './context.ts'
import type { Content, RemoteSnapshot } from './core/content.ts'
import { baseIn, type UnacknowledgedWrites, withUnacknowledged } from './core/unacknowledged.ts'

/** What every part of a look shares when it writes down what it found. */

/** False when the connection was unlinked, reconnected or moved to another calendar meanwhile: nothing is recorded. */
export const withFence = (context: SyncContext, work: (tx: Tx) => Promise<void>): Promise<boolean> =>
  context.db.transaction(async (tx) => {
    if (!(await holdsFence(tx, context.connection))) return false
    await work(tx)
    return true
  })

export const newMapping = (context: SyncContext, appointmentId: string): MappingRow => ({
  ...context.place,
  appointmentId,
  eventId: '',
  idSuffix: 0,
  etag: null,
  base: null,
  unacknowledgedWrites: null,
  remoteSnapshot: null,
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
  pendingRemoval: false,
  needsRefetch: false,
  pushedAt: null,
})

export const unacknowledgedOf = (mapping: MappingRow): UnacknowledgedWrites =>
  (mapping.unacknowledgedWrites as Content[] | null) ?? []

/** What is agreed as it stands in the event; before the first agreement, whatever of ours is there. */
export const baseOf = (
  mapping: MappingRow,
  { remoteSnapshot, local }: { remoteSnapshot: RemoteSnapshot; local: Content },
): Content => {
  const unacknowledgedWrites = unacknowledgedOf(mapping)
  return mapping.base
    ? baseIn(remoteSnapshot, mapping.base as Content, unacknowledgedWrites)
    : baseIn(remoteSnapshot, local, [...unacknowledgedWrites, local])
}

/** What is about to be said, unless it was written down before: should nobody hear the answer, it is known for ours all the same. */
export const remember = async (
  context: SyncContext,
  mapping: MappingRow,
  content: Content,
): Promise<boolean> => {
  const known = unacknowledgedOf(mapping)
  const unacknowledgedWrites = withUnacknowledged(known, content)
  if (unacknowledgedWrites === known) return true
  return withFence(context, async (tx) => {
    // Not flushed: it outlives the process, which is what dies now and then.
    await commitWithoutFlush(tx)
    await saveMapping(tx, mapping, { unacknowledgedWrites })
  })
}

/** Somebody was faster at every look: tried again later. */
export const keepsChanging: GoogleFailure = {
  kind: 'transient',
  detail: 'changing',
  status: null,
  retryAfterSeconds: null,
}
