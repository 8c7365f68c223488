import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { Tx } from '#db/client.ts'
import { lockMembers } from '#db/queries/appointments.ts'
import {
  countOpenHolds,
  endHolds,
  extendHold,
  type HoldRow,
  insertHold,
  readHold,
  readOpenHolds,
} from '#db/queries/receptionist/holds.ts'
import { instantOf } from '#lib/availability/overlap.ts'
import { publishChange } from '#lib/live/publish.ts'
import { type Answer, refuse } from '../answer.ts'
import { ask, dbOf } from '../booking/asking.ts'
import { type Desk, readDesk } from '../booking/offer.ts'
import type { Place } from '../booking/place.ts'
import { namesOf } from '../booking/present.ts'
import { type Found, minuteOf, takeTime } from '../booking/take-time.ts'
import { lengthMs, resolveWanted, type Wanted } from '../booking/wanted.ts'
import type { Caller } from '../caller.ts'
import { heldExpired, noHold, noSuchTime } from '../say/refusals.ts'
import { instantIn, sayClock, sayTime } from '../say/when.ts'
import type { HoldAnswer, HoldChange, HoldRequest } from '../schema.ts'

const defaultSeconds = 300
const capped = (seconds: number) => Math.min(600, Math.max(30, seconds))

/** More would let one key block a business's whole calendar. */
const mostOpen = 50

/** Keeps a time for a caller. The same call's repeated request gets the hold it already has. */
export const holdTime = async (
  caller: Caller,
  request: HoldRequest,
  now = Temporal.Now.instant().toString(),
): Promise<Answer<HoldAnswer>> => {
  const { callId, service, start, seconds = defaultSeconds } = request
  const asking = await ask(caller, now, async (tx) => {
    const desk = await readDesk(tx, caller)
    return !desk.mayBook || !('at' in (await place(tx, caller, { desk, request })))
  })
  const answer = await takeTime(dbOf(caller), asking, {
    replayKey: ['hold', caller.keyId, callId, service, start].join(' '),
    start: minuteOf(start),
    place: (tx, desk) => place(tx, caller, { desk, request }),
    write: async (tx, _, { at, decision: { memberIds } }) => {
      const hold = await insertHold(tx, newHold({ caller, callId, seconds: capped(seconds) }, { at, memberIds }))
      if (!caller.test) await publishChange(tx, caller.businessId, 'rows')
      return hold
    },
  })
  return answer.ok ? { ok: true, ...toHold(answer.desk, answer.value) } : answer
}

type Asked = { desk: Desk; request: HoldRequest }

const place = async (tx: Tx, caller: Caller, { desk, request }: Asked): Promise<Found<HoldRow>> => {
  const start = minuteOf(request.start)
  if (start === null) return noSuchTime
  const wanted = resolveWanted(request, desk, caller)
  if (!wanted.ok) return wanted
  const [before, open] = await Promise.all([
    request.callId ? earlier(tx, caller, { callId: request.callId, start, wanted }) : null,
    countOpenHolds(tx, { businessId: caller.businessId, apiKeyId: caller.keyId }),
  ])
  if (before) return { ok: true, done: before }
  if (open >= mostOpen)
    return refuse('rate-limited', 'Too many times are held. Book or release some first.', { retryAfterSeconds: 60 })
  return { ok: true, at: { wanted, start } }
}

type Repeated = { callId: string; start: number; wanted: Wanted }

const earlier = async (tx: Tx, { businessId, keyId }: Caller, { callId, start, wanted }: Repeated) => {
  const [from, to] = [instantOf(start), instantOf(start + lengthMs(wanted))]
  const open = await readOpenHolds(tx, { businessId, from, to, test: true })
  const found = open.find(
    (hold) =>
      hold.apiKeyId === keyId &&
      hold.callId === callId &&
      hold.serviceId === (wanted.service?.id ?? null) &&
      Date.parse(hold.startsAt) === start &&
      Date.parse(hold.endsAt) === start + lengthMs(wanted),
  )
  return found ?? null
}

type By = { caller: Caller; callId?: string; seconds: number }

const newHold = (
  { caller, callId, seconds }: By,
  { at: { wanted, start }, memberIds }: { at: Place; memberIds: string[] },
) => ({
  ...{ id: randomUUID(), businessId: caller.businessId, apiKeyId: caller.keyId, callId, memberIds, seconds },
  startsAt: instantOf(start),
  endsAt: instantOf(start + lengthMs(wanted)),
  serviceId: wanted.service?.id ?? null,
  gapBefore: wanted.service?.gapBefore ?? 0,
  gapAfter: wanted.service?.gapAfter ?? 0,
  test: caller.test,
})

const toHold = (desk: Desk, { id, startsAt, endsAt, memberIds, expiresAt }: HoldRow): HoldAnswer => {
  const [start, until] = [Date.parse(startsAt), Date.parse(expiresAt)]
  return {
    id,
    start: instantIn(start, desk.zone),
    end: instantIn(Date.parse(endsAt), desk.zone),
    members: namesOf(desk, memberIds),
    expiresAt: instantIn(until, desk.zone),
    say: `I am keeping ${sayTime(start, desk.zone)} for you until ${sayClock(until, desk.zone)}.`,
  }
}

/** Another key's hold is not found. */
const own = async (tx: Tx, { businessId, keyId }: Caller, id: string): Promise<HoldRow | null> => {
  const seen = await readHold(tx, { businessId, id })
  if (seen?.apiKeyId !== keyId) return null
  // Members before holds, as in every booking.
  await lockMembers(tx, { businessId, memberIds: seen.memberIds })
  return await readHold(tx, { businessId, id }, { lock: true })
}

/** Sets how long from now an open hold lasts. */
export const changeHold = (caller: Caller, id: string, { seconds }: HoldChange): Promise<Answer<HoldAnswer>> =>
  dbOf(caller).transaction(async (tx): Promise<Answer<HoldAnswer>> => {
    const hold = await own(tx, caller, id)
    if (!hold) return noHold
    const extended = await extendHold(tx, { businessId: caller.businessId, id }, capped(seconds))
    if (!extended) return heldExpired
    if (!caller.test) await publishChange(tx, caller.businessId, 'rows')
    return { ok: true, ...toHold(await readDesk(tx, caller), { ...hold, ...extended }) }
  })

/** Releasing one that has ended is no error. */
export const releaseHold = (caller: Caller, id: string): Promise<Answer<{ say: string }>> =>
  dbOf(caller).transaction(async (tx): Promise<Answer<{ say: string }>> => {
    const { businessId } = caller
    const hold = await own(tx, caller, id)
    if (!hold) return noHold
    const ended = await endHolds(tx, { businessId, ids: [id], ended: 'released' })
    if (ended.length > 0 && !caller.test) await publishChange(tx, businessId, 'rows')
    return { ok: true, say: hold.appointmentId ? 'That time is booked.' : 'That time is free again.' }
  })
