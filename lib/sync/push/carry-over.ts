import { readPendingRemovalOf } from '#db/queries/mappings/pending-removals.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { applyRemoteChanges } from '../apply-remote.ts'
import { spend } from '../budget.ts'
import { type Additions, additionsOf } from '../core/additions.ts'
import { readLagAttempts } from '../core/backoff.ts'
import type { RemoteSnapshot } from '../core/content.ts'
import { readSnapshot } from '../core/read-event.ts'
import { type Decision, fetchedEvent } from '../decide.ts'
import { withFence } from '../fence.ts'
import { baseIn, isOlderVersion, type Mapping, mappingOf } from '../mapping.ts'
import { isOurs, notInFull, resolveEvent } from '../resolve-event.ts'
import type { ItemOutcome, PushContext, PushItem } from './item.ts'

/**
 * "Change calendar": before an appointment is inserted into the new calendar, its event in the old
 * one is read. Changes made there since the last pull are applied first; additions are carried
 * over.
 */

type CarriedOver = { additions: Additions | null } | { outcome: ItemOutcome }

const nothing: CarriedOver = { additions: null }

export const carryOver = async (context: PushContext, item: PushItem): Promise<CarriedOver> => {
  if (item.isOnlyHere) return nothing
  const row = await readPendingRemovalOf(context.db, context.calendarKey, item.row.id)
  if (!row) return nothing
  const old = mappingOf(row)
  const get = (id: string) => spend(context, 1, () => context.api.getEvent(old.calendarId, id))
  const { calendarZone } = context.state
  const resolved = await resolveEvent(get, old, calendarZone)
  if (resolved.state !== 'found') {
    const waits = mustWait(resolved.failure, item)
    return waits ? { outcome: resolved.failure } : fromSnapshot(item, old)
  }
  const { eventId, raw } = resolved
  const remoteSnapshot = raw.status === 'cancelled' ? null : readSnapshot(raw, context.rules.timeZone)
  const mayBeOdd = raw.status !== 'cancelled' && item.mapping.attempts < readLagAttempts
  if (!remoteSnapshot || !isOurs(raw, old)) return mayBeOdd ? { outcome: notInFull } : fromSnapshot(item, old)
  // One of ours among them would count as removed by people.
  if (mayBeOdd && hasUnnamedGuest(raw)) return { outcome: notInFull }
  // Reads lag: guests and text are better known from the stored version.
  if (isOlderVersion(raw, old) && old.remoteSnapshot)
    return carried(item, old, { raw, remoteSnapshot: old.remoteSnapshot })
  if (raw.etag !== old.etag) return applyFirst(context, { ...old, eventId }, { raw, remoteSnapshot })
  return carried(item, old, { raw, remoteSnapshot })
}

/**
 * The old calendar may be unreachable for good: that must not keep the appointment out of the new
 * one.
 */
const mustWait = ({ kind }: GoogleFailure, { mapping }: Decision): boolean => {
  if (['gone', 'calendar-lost', 'rejected'].includes(kind)) return false
  return kind !== 'transient' || mapping.attempts < readLagAttempts
}

/** Guests and text as last read. */
const fromSnapshot = (item: Decision, old: Mapping): CarriedOver =>
  old.remoteSnapshot ? carried(item, old, { raw: null, remoteSnapshot: old.remoteSnapshot }) : nothing

const carried = (
  item: Decision,
  old: Mapping,
  { raw, remoteSnapshot }: { raw: RawEvent | null; remoteSnapshot: RemoteSnapshot },
): CarriedOver => {
  const base = baseIn(old, { remoteSnapshot, local: item.content })
  return { additions: additionsOf({ remoteSnapshot, base, raw }) }
}

/** Google may hide the address of a guest; an answer may also have lost it. */
const hasUnnamedGuest = ({ attendees }: RawEvent) => attendees?.some(({ email }) => typeof email !== 'string') ?? false

const applyFirst = async (
  context: PushContext,
  mapping: Mapping,
  { raw, remoteSnapshot }: { raw: RawEvent; remoteSnapshot: RemoteSnapshot },
): Promise<CarriedOver> => {
  const change = { mapping, event: fetchedEvent(raw, remoteSnapshot) }
  const isApplied = await withFence(context, (tx) =>
    applyRemoteChanges(tx, context, [change], { generation: mapping.generation }),
  )
  return { outcome: isApplied ? 'retry' : 'done' }
}
