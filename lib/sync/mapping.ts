import type { Tx } from '#db/client.ts'
import { type MappingRow, saveMapping } from '#db/queries/mappings/mappings.ts'
import { commitWithoutFlush } from '#db/queries/transaction.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import type { SyncContext } from './context.ts'
import type { Content, RemoteSnapshot } from './core/content.ts'
import { contentFromJson, snapshotFromJson, writesFromJson } from './core/stored.ts'
import { baseWithUnacknowledged, type UnacknowledgedWrites, withUnacknowledged } from './core/unacknowledged.ts'
import { withFence } from './fence.ts'

/** A row of `event_mappings` with its JSON parsed: the one place where it is read. */
export type Mapping = Omit<MappingRow, 'base' | 'unacknowledgedWrites' | 'remoteSnapshot'> & {
  base: Content | null
  unacknowledgedWrites: UnacknowledgedWrites
  remoteSnapshot: RemoteSnapshot | null
}

export type MappingChanges = Parameters<typeof saveMapping>[2]

/**
 * JSON that cannot be read counts as absent; an event without a readable snapshot is fetched again.
 */
export const mappingOf = (row: MappingRow): Mapping => {
  const base = contentFromJson(row.base)
  const remoteSnapshot = snapshotFromJson(row.remoteSnapshot)
  const isReadable = (base || row.base === null) && remoteSnapshot
  return {
    ...row,
    base,
    remoteSnapshot,
    unacknowledgedWrites: writesFromJson(row.unacknowledgedWrites),
    ...(!isReadable && row.state === 'live' && { etag: null, needsRefetch: true }),
  }
}

export const newMapping = (
  context: SyncContext,
  event: { appointmentId: string; eventId: string; idSuffix: number },
): Mapping => ({
  ...context.calendarKey,
  ...event,
  memberId: context.calendar.memberId,
  etag: null,
  base: null,
  unacknowledgedWrites: [],
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
  missingSince: null,
  pushedAt: null,
})

/**
 * Google's reads may lag behind its writes: a version from before the stored one is out of date,
 * and after a deletion the stored one is as well. A malformed `updated` compares as not older.
 */
export const isOlderVersion = ({ updated }: RawEvent, { state, remoteSnapshot }: Mapping): boolean => {
  const known = remoteSnapshot?.updated
  if (state === 'pending' || !known || !updated) return false
  return state === 'live' ? Date.parse(updated) < Date.parse(known) : Date.parse(updated) <= Date.parse(known)
}

/**
 * Whether its event is known to exist: not while a deletion of it is unanswered. `has_successors`
 * in SQL counts the same way.
 */
export const hasEvent = ({ state, pendingRemoval }: Mapping): boolean => state === 'live' && !pendingRemoval

/** The columns of a mapping whose two sides agree up to `revision`. */
export const agreedUpTo = (revision: number) =>
  ({
    revisionPushed: revision,
    attempts: 0,
    nextAttemptAt: null,
    waitingSince: null,
    lastErrorKind: null,
    lastErrorDetail: null,
    rejectedRevision: null,
  }) as const

/** The same where the appointment and its event have ended. */
export const goneUpTo = (revision: number) =>
  ({ state: 'gone', pendingRemoval: false, ...agreedUpTo(revision) }) as const

/** What is agreed in an event; before the first agreement, the part of it that is ours. */
export const baseIn = (
  mapping: Mapping,
  { remoteSnapshot, local }: { remoteSnapshot: RemoteSnapshot; local: Content },
): Content =>
  mapping.base
    ? baseWithUnacknowledged(remoteSnapshot, mapping.base, mapping.unacknowledgedWrites)
    : baseWithUnacknowledged(remoteSnapshot, local, [...mapping.unacknowledgedWrites, local])

/**
 * Records the content of a request before it is sent, so that it is known as ours even if the
 * answer never arrives. False when the fence was lost.
 */
export const recordUnacknowledged = async (
  context: SyncContext,
  mapping: Mapping,
  content: Content,
): Promise<boolean> => {
  const unacknowledgedWrites = withUnacknowledged(mapping.unacknowledgedWrites, content)
  if (unacknowledgedWrites === mapping.unacknowledgedWrites) return true
  return recordBeforeSending(context, mapping, { unacknowledgedWrites })
}

/**
 * Records a deletion before it is sent: should its answer never arrive and the appointment be
 * reinstated, the event counts as deleted by us. False when the fence was lost.
 */
export const recordDeletion = async (context: SyncContext, mapping: Mapping): Promise<boolean> =>
  mapping.pendingRemoval || recordBeforeSending(context, mapping, { pendingRemoval: true })

const recordBeforeSending = (context: SyncContext, mapping: Mapping, changes: MappingChanges): Promise<boolean> =>
  withFence(context, async (tx: Tx) => {
    // Without a flush: this guards against the death of this process, not of Postgres.
    await commitWithoutFlush(tx)
    await saveMapping(tx, mapping, changes)
  })
