import { type CopyRow, readLeavingOf } from '#db/queries/mappings.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { spend } from '../budget.ts'
import { type Additions, additionsOf } from '../core/additions.ts'
import { patientAttempts } from '../core/backoff.ts'
import type { Seen } from '../core/content.ts'
import { markerKeys } from '../core/event-id.ts'
import { readSeen } from '../core/read-event.ts'
import { baseOf, recordUnderEpoch } from '../fence.ts'
import { applySightings } from '../pull/apply-remote.ts'
import { readStanding } from '../resolve-event.ts'
import type { Item, Outcome, PushContext } from './item.ts'

/**
 * "Change calendar": before an appointment is put into the new calendar, its copy in the old one is read. What people
 * added to it comes along, and what they changed there and nobody has heard of yet is followed first.
 */

type Carried = { additions: Additions | null } | { outcome: Outcome }

const nothing: Carried = { additions: null }

export const carryOver = async (context: PushContext, item: Item): Promise<Carried> => {
  const left = await readLeavingOf(context.db, context.place, item.row.id)
  if (!left) return nothing
  const get = (id: string) => spend(context, 1, () => context.api.getEvent(left.calendarId, id))
  const standing = await readStanding(get, { eventId: left.eventId, calendarZone: context.calendarZone })
  if (standing.state !== 'found') {
    const waits = mustWait(standing.failure, item)
    return waits ? { outcome: standing.failure } : fromMemory(item, left)
  }
  const { eventId, raw } = standing
  const seen = raw.status === 'cancelled' ? null : readSeen(raw, context.rules.timeZone)
  if (!seen || !isOurs(raw, left)) return fromMemory(item, left)
  if (raw.etag !== left.etag) return followFirst(context, { ...left, eventId }, { raw, seen })
  return { additions: additionsOf({ seen, base: baseOf(left, { seen, local: item.content }), raw }) }
}

/** The old calendar may be out of reach for ever: that must not keep the appointment out of the new one. */
const mustWait = ({ kind }: GoogleFailure, { copy }: Item): boolean => {
  if (['gone', 'calendar-lost', 'rejected'].includes(kind)) return false
  return kind !== 'transient' || copy.attempts < patientAttempts
}

/** What was last seen of it: guests and text. */
const fromMemory = (item: Item, left: CopyRow): Carried => {
  const seen = left.seen as Seen | null
  if (!seen) return nothing
  return { additions: additionsOf({ seen, base: baseOf(left, { seen, local: item.content }), raw: null }) }
}

const isOurs = (raw: RawEvent, left: CopyRow) =>
  raw.extendedProperties?.private?.[markerKeys.appointment] === left.appointmentId

const followFirst = async (
  context: PushContext,
  copy: CopyRow,
  { raw, seen }: { raw: RawEvent; seen: Seen },
): Promise<Carried> => {
  const remote = {
    state: 'present' as const,
    seen,
    etag: raw.etag ?? '',
    htmlLink: raw.htmlLink ?? '',
  }
  const held = await recordUnderEpoch(context, async (tx) => {
    await applySightings(tx, context, [{ copy, remote }], { generation: copy.generation })
  })
  return { outcome: held ? 'look-again' : 'done' }
}
