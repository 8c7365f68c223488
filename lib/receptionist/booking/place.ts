import type { Tx } from '#db/client.ts'
import { lockMembers } from '#db/queries/appointments.ts'
import { type Reading, readWorld } from '#lib/appointments/world.ts'
import type { Mode } from '#lib/appointments/write/in-turns.ts'
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

type Deciding = { place: Place; mode: Mode; reading: Reading }

/** The decision, under the locks of all who may take it if it is to be written. */
export const decidePlace = async (tx: Tx, asking: Asking, { place, mode, reading }: Deciding) => {
  const { wanted, start } = place
  const memberIds = neededOf(wanted) === wanted.memberIds.length ? wanted.memberIds : wanted.candidateIds
  const { businessId } = asking.caller
  const [, world] = await Promise.all([
    mode !== 'look' && lockMembers(tx, { businessId, memberIds: memberIds.toSorted() }),
    readWorldOf(tx, asking, { from: start, until: start + lengthMs(wanted), exceptHold: place.exceptHold, reading }),
  ])
  return decideTime(world, { ...wanted, start, exceptId: place.exceptId })
}

/** Whether Google could not be checked for any of these members. */
export const isUnchecked = ({ google }: Asking, memberIds: readonly string[]): boolean =>
  google.state === 'unknown' || memberIds.some((id) => google.unknownMembers.includes(id))

type Range = { from: number; until: number; exceptHold?: string; reading: Reading }

export const readWorldOf = (tx: Tx, { caller, now, google }: Asking, { from, until, ...range }: Range) =>
  readWorld(tx, {
    businessId: caller.businessId,
    span: { start: instantOf(from), end: instantOf(until) },
    now,
    google: google.state === 'unknown' ? 'unknown' : 'fresh',
    unknownMembers: google.unknownMembers,
    test: caller.test,
    ...range,
  })
