import type { Tx } from '#db/client.ts'
import { lockMembers } from '#db/queries/appointments.ts'
import type { Lock } from '#db/queries/occurrences.ts'
import { readWorld } from '#lib/appointments/world.ts'
import { instantOf } from '#lib/availability/overlap.ts'
import type { Checked } from '#lib/jobs/freshness.ts'
import type { Caller } from '../caller.ts'
import { decideTime, neededOf } from './decide-time.ts'
import { lengthMs, type Wanted } from './wanted.ts'

/** Who asks, when, and how fresh Google is. `now` is an instant. */
export type Asking = { caller: Caller; now: string; google: Checked }

/**
 * A time for someone. `exceptId`: the appointment being moved, `exceptHold`: the hold being
 * booked.
 */
export type Place = { wanted: Wanted; start: number; exceptId?: string; exceptHold?: string }

/** The decision under the locks of all who may take it. */
export const decideUnderLock = async (tx: Tx, asking: Asking, { place, lock }: { place: Place; lock: Lock }) => {
  const { wanted, start } = place
  const memberIds = neededOf(wanted) === wanted.memberIds.length ? wanted.memberIds : wanted.candidateIds
  const { businessId } = asking.caller
  const [, world] = await Promise.all([
    lockMembers(tx, { businessId, memberIds: memberIds.toSorted(), ...(lock === 'share' && { lock }) }),
    readWorldOf(tx, asking, { from: start, until: start + lengthMs(wanted), exceptHold: place.exceptHold }),
  ])
  return decideTime(world, { ...wanted, start, exceptId: place.exceptId })
}

/** Whether Google could not be checked for any of these members. */
export const isUnchecked = ({ google }: Asking, memberIds: readonly string[]): boolean =>
  google.state === 'unknown' || memberIds.some((id) => google.unknownMembers.includes(id))

type Range = { from: number; until: number; exceptHold?: string }

export const readWorldOf = (tx: Tx, { caller, now, google }: Asking, { from, until, exceptHold }: Range) =>
  readWorld(tx, {
    businessId: caller.businessId,
    span: { start: instantOf(from), end: instantOf(until) },
    now,
    google: google.state === 'unknown' ? 'unknown' : 'fresh',
    unknownMembers: google.unknownMembers,
    exceptHold,
    test: caller.test,
  })
