import { type MappingRow, readPendingRemovalOf } from '#db/queries/mappings.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { spend } from '../budget.ts'
import { type Additions, additionsOf } from '../core/additions.ts'
import { patientAttempts } from '../core/backoff.ts'
import type { RemoteSnapshot } from '../core/content.ts'
import { markerKeys } from '../core/event-id.ts'
import { readSnapshot } from '../core/read-event.ts'
import { baseOf, withFence } from '../fence.ts'
import { applyRemoteChanges } from '../pull/apply-remote.ts'
import { resolveEvent } from '../resolve-event.ts'
import type { Item, Outcome, PushContext } from './item.ts'

/**
 * "Change calendar": before an appointment is put into the new calendar, its copy in the old one is read. What people
 * added to it comes along, and what they changed there and nobody has heard of yet is followed first.
 */

type Carried = { additions: Additions | null } | { outcome: Outcome }

const nothing: Carried = { additions: null }

export const carryOver = async (context: PushContext, item: Item): Promise<Carried> => {
  const left = await readPendingRemovalOf(context.db, context.place, item.row.id)
  if (!left) return nothing
  const get = (id: string) => spend(context, 1, () => context.api.getEvent(left.calendarId, id))
  const resolved = await resolveEvent(get, { eventId: left.eventId, calendarZone: context.calendarZone })
  if (resolved.state !== 'found') {
    const waits = mustWait(resolved.failure, item)
    return waits ? { outcome: resolved.failure } : fromMemory(item, left)
  }
  const { eventId, raw } = resolved
  const remoteSnapshot = raw.status === 'cancelled' ? null : readSnapshot(raw, context.rules.timeZone)
  if (!remoteSnapshot || !isOurs(raw, left)) return fromMemory(item, left)
  if (raw.etag !== left.etag) return followFirst(context, { ...left, eventId }, { raw, remoteSnapshot })
  return {
    additions: additionsOf({
      remoteSnapshot,
      base: baseOf(left, { remoteSnapshot, local: item.content }),
      raw,
    }),
  }
}

/** The old calendar may be out of reach for ever: that must not keep the appointment out of the new one. */
const mustWait = ({ kind }: GoogleFailure, { mapping }: Item): boolean => {
  if (['gone', 'calendar-lost', 'rejected'].includes(kind)) return false
  return kind !== 'transient' || mapping.attempts < patientAttempts
}

/** What was last seen of it: guests and text. */
const fromMemory = (item: Item, left: MappingRow): Carried => {
  const remoteSnapshot = left.remoteSnapshot as RemoteSnapshot | null
  if (!remoteSnapshot) return nothing
  return {
    additions: additionsOf({
      remoteSnapshot,
      base: baseOf(left, { remoteSnapshot, local: item.content }),
      raw: null,
    }),
  }
}

const isOurs = (raw: RawEvent, left: MappingRow) =>
  raw.extendedProperties?.private?.[markerKeys.appointment] === left.appointmentId

const followFirst = async (
  context: PushContext,
  mapping: MappingRow,
  { raw, remoteSnapshot }: { raw: RawEvent; remoteSnapshot: RemoteSnapshot },
): Promise<Carried> => {
  const remote = {
    state: 'present' as const,
    remoteSnapshot,
    etag: raw.etag ?? '',
    htmlLink: raw.htmlLink ?? '',
  }
  const held = await withFence(context, async (tx) => {
    await applyRemoteChanges(tx, context, [{ mapping, remote }], { generation: mapping.generation })
  })
  return { outcome: held ? 'retry' : 'done' }
}
