import type { Tx } from '#db/client.ts'
import { lockMembers } from '#db/queries/appointments.ts'
import { type Lock, readCalendarFacts, tryLockedFacts } from '#db/queries/occurrences.ts'
import { readWorld } from '#lib/appointments/world.ts'
import type { World } from '#lib/availability/world.ts'
import type { Checked } from '#lib/jobs/freshness.ts'
import type { Caller } from '../caller.ts'
import { type Decision, decideTime, neededOf } from './decide-time.ts'
import type { Wanted } from './wanted.ts'

/** Who asks, when, and how fresh Google is. `now` is an instant. */
export type Asking = { caller: Caller; now: string; google: Checked }

/**
 * A time for someone. `exceptId`: the appointment being moved, `exceptHold`: the hold being
 * booked.
 */
export type Place = { wanted: Wanted; start: number; exceptId?: string; exceptHold?: string }

/** Takes the turn of the business; null if another booking has it and `lock` does not wait. */
export const takeTurn = (tx: Tx, { businessId }: Caller, lock: Lock) =>
  lock === 'try' ? tryLockedFacts(tx, businessId) : readCalendarFacts(tx, businessId, { lock })

/** The decision under the locks of all who may take it. */
export const decideUnderLock = async (tx: Tx, asking: Asking, { place, lock }: { place: Place; lock: Lock }) => {
  const { wanted, start } = place
  const memberIds = neededOf(wanted) === wanted.memberIds.length ? wanted.memberIds : wanted.candidateIds
  const { businessId } = asking.caller
  const [, world] = await Promise.all([
    lockMembers(tx, { businessId, memberIds: memberIds.toSorted(), ...(lock === 'share' && { lock }) }),
    readWorldOf(tx, asking, { from: start, until: start + wanted.minutes * 60_000, exceptHold: place.exceptHold }),
  ])
  return decide(world, place)
}

const decide = (world: World, { wanted, start, exceptId }: Place): Decision =>
  decideTime(world, { ...wanted, start, exceptId })

type Range = { from: number; until: number; exceptHold?: string }

export const readWorldOf = (tx: Tx, { caller, now, google }: Asking, { from, until, exceptHold }: Range) =>
  readWorld(tx, {
    businessId: caller.businessId,
    span: { start: new Date(from).toISOString(), end: new Date(until).toISOString() },
    now,
    google: google.state === 'unknown' ? 'unknown' : 'fresh',
    exceptHold,
    test: caller.test,
  })
