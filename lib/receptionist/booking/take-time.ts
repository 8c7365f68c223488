import type { Db, Tx } from '#db/client.ts'
import { takeLock } from '#db/queries/transaction.ts'
import { orTooMany } from '#lib/appointments/read-budget.ts'
import { inTurns, lockTurn, type Mode } from '#lib/appointments/write/in-turns.ts'
import type { WantedTime } from '#lib/appointments/write/race.ts'
import { instantOf } from '#lib/availability/overlap.ts'
import { minuteMs } from '#lib/availability/world.ts'
import { isSupportedYear } from '#lib/dates/supported-years.ts'
import { type Running, shared } from '#lib/turns.ts'
import { type Answer, type Refused, refuse } from '../answer.ts'
import { isSamePhone } from '../phone.ts'
import { refusalOf, switchedOff } from '../say/refusals.ts'
import type { SlotAnswer } from '../schema.ts'
import { nearestSlots } from './alternatives.ts'
import type { Decision } from './decide-time.ts'
import { type Desk, readDesk } from './offer.ts'
import { type Asking, decidePlace, type Place } from './place.ts'
import { recordsOf } from './records.ts'
import { lengthMs } from './wanted.ts'

/** What is to be done with a time once it is decided. */
export type Taking<T> = {
  /** Repeats of one request take turns by this, before any other lock. */
  replayKey?: string
  /** When it would begin; null if that is not known yet. */
  start: number | null
  /** Perhaps without locks, so that it writes nothing. */
  place: (tx: Tx, desk: Desk, mode: Mode) => Promise<Found<T>>
  write: (tx: Tx, desk: Desk, taken: { at: Place; decision: Extract<Decision, { ok: true }> }) => Promise<T>
  /** Whose own appointments make a time "already yours". */
  phone?: string
}

/** A time to take, what was done before, or something to write that takes no time. */
export type Found<T> = { ok: true; at: Place } | { ok: true; done: T } | { ok: true; write: () => Promise<T> } | Refused

type Outcome<T> = { written: boolean; answer: Answer<{ value: T; desk: Desk }>; at?: Place; desk?: Desk }

/**
 * One time for one caller, in one transaction under the locks of the business and its members. What
 * is refused comes with the nearest times that can be booked.
 */
export const takeTime = async <T>(db: Db, asking: Asking, taking: Taking<T>) => {
  const outcome = await inTurns<Outcome<T>>(db, asking.caller.businessId, {
    decide: (tx, mode) => decide(tx, asking, { taking, mode }),
    isWritten: ({ written }) => written,
    onOverlap: async () => ({ written: false, answer: refusalOf('full') }),
    wants: taking.start === null ? null : wantedFrom(taking.start),
  })
  const { answer, at, desk } = outcome
  if (answer.ok || !at || !desk) return answer
  return await withAlternatives(db, asking, { refused: answer, at, desk, phone: taking.phone })
}

/** How long, and who can do it, is known once it is decided. */
const wantedFrom = (start: number): WantedTime => ({ start: instantOf(start), end: instantOf(start + minuteMs) })

type InTurn<T> = { taking: Taking<T>; mode: Mode }

const decide = async <T>(tx: Tx, asking: Asking, { taking, mode }: InTurn<T>): Promise<Outcome<T> | null> => {
  const { caller } = asking
  const isTaking = mode !== 'look'
  const [, isLocked, desk] = await Promise.all([
    isTaking && taking.replayKey && takeLock(tx, taking.replayKey),
    lockTurn(tx, caller.businessId, mode),
    readDesk(tx, caller),
  ])
  if (!isLocked) return null
  if (!desk.mayBook) return { written: false, answer: switchedOff }
  const found = await taking.place(tx, desk, mode)
  if (!found.ok) return { written: false, answer: found }
  if ('done' in found) return { written: false, answer: { ok: true, value: found.done, desk } }
  if ('write' in found) {
    if (!isTaking) return null
    return { written: true, answer: { ok: true, value: await found.write(), desk } }
  }
  const { at } = found
  const { reading } = desk
  const decision = await orTooMany(() => decidePlace(tx, asking, { place: at, mode, reading }))
  if ('code' in decision) return { written: false, answer: refuse('unavailable', tooMuch) }
  const { value } = decision
  if (!value.ok) {
    const isPast = at.start < Date.parse(asking.now)
    return { written: false, answer: refusalOf(value.reason, { isPast }), at, desk }
  }
  if (!isTaking) return null
  return { written: true, answer: { ok: true, value: await taking.write(tx, desk, { at, decision: value }), desk } }
}

const tooMuch = 'There is too much in the calendar around that time. I can take a message.'

type Turned = { refused: Refused; at: Place; desk: Desk; phone?: string }

const withAlternatives = async (db: Db, asking: Asking, { refused, at, desk, phone }: Turned): Promise<Refused> => {
  const { caller } = asking
  const search = { place: at, desk }
  const [alternatives, own] = await Promise.all([
    // The losers of a race share one search.
    shared(searches, JSON.stringify([caller.businessId, caller.test, at]), () => nearest(db, asking, search)),
    refused.code === 'taken' && phone ? db.transaction((tx) => isOwnTime(tx, asking, { at, desk, phone })) : false,
  ])
  return { ...refused, ...(own && { say: 'You already have that time.' }), alternatives }
}

const nearest = async (db: Db, asking: Asking, search: { place: Place; desk: Desk }): Promise<SlotAnswer[]> => {
  const found = await orTooMany(() => db.transaction((tx) => nearestSlots(tx, asking, search)))
  return found.ok ? found.value : []
}

const searches: Running<SlotAnswer[]> = new Map()

type Own = { at: Place; desk: Desk; phone: string }

const isOwnTime = async (tx: Tx, { caller }: Asking, { at: { start, wanted, exceptId }, desk, phone }: Own) => {
  const until = start + lengthMs(wanted)
  const own = await recordsOf(caller).ofPhone(tx, { businessId: caller.businessId, phone })
  return own.some(
    (each) =>
      each.id !== exceptId &&
      each.status === 'booked' &&
      Date.parse(each.startsAt) < until &&
      Date.parse(each.endsAt) > start &&
      isSamePhone(each.customerPhone, phone, desk.country),
  )
}

/** A whole minute of a supported year as epoch milliseconds; null for others. */
export const minuteOf = (instant: string): number | null => {
  const ms = Date.parse(instant)
  return Number.isFinite(ms) && ms % minuteMs === 0 && isSupportedYear(instant) ? ms : null
}
