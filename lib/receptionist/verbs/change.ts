import { Temporal } from 'temporal-polyfill'
import type { Tx } from '#db/client.ts'
import { instantOf } from '#lib/availability/overlap.ts'
import { minuteMs } from '#lib/availability/world.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { type Answer, type Refused, refuse } from '../answer.ts'
import { ask, dbOf } from '../booking/asking.ts'
import type { Desk } from '../booking/offer.ts'
import { type Asking, isUnchecked, type Place } from '../booking/place.ts'
import { recordsOf, type Stored } from '../booking/records.ts'
import { type Found, minuteOf, takeTime } from '../booking/take-time.ts'
import { lengthMs, resolveWanted, type Wanted } from '../booking/wanted.ts'
import type { Caller } from '../caller.ts'
import { parsePhone } from '../phone.ts'
import { badPhone, noSuchTime, notFound } from '../say/refusals.ts'
import type { BookedAnswer, ChangeRequest } from '../schema.ts'
import { isVisibleTo } from './appointments.ts'
import { booked } from './book.ts'

export type Target = {
  id: string
  /** As the agent knows it. */
  revision: number
}

type Done = { stored: Stored; changed: boolean }

/**
 * Moves, reassigns or edits one appointment: the old time is given up only when the new one is
 * taken. A repeated change that is already done is no error.
 */
export const changeAppointment = async (
  caller: Caller,
  target: Target,
  request: ChangeRequest,
  now = Temporal.Now.instant().toString(),
): Promise<Answer<BookedAnswer>> => {
  const asking = await ask(caller, now)
  const { businessId } = caller
  let before: Stored | null = null
  const answer = await takeTime<Done>(dbOf(caller), asking, {
    start: minuteOf(request.start ?? ''),
    place: async (tx, desk, mode) => {
      const records = recordsOf(caller)
      before = await (mode === 'look' ? records.read : records.lock)(tx, { businessId, id: target.id })
      return await place(tx, asking, { desk, request, target, before })
    },
    write: async (tx, desk, { at, decision }) => {
      if (!before) throw new Error('A time was taken for an appointment that was not read.')
      const moved = movedTo(before, { at, memberIds: decision.memberIds, pending: decision.pending })
      const unchecked = isUnchecked(asking, decision.memberIds)
      return await write(tx, caller, { before, after: edited(moved, { request, desk }), effect: 'moved', unchecked })
    },
  })
  if (!answer.ok) return answer
  const { stored, changed } = answer.value
  if (changed && !caller.test) drainAfterResponse()
  return { ok: true, ...booked({ asking, desk: answer.desk, stored, already: false }) }
}

type Asked = { desk: Desk; request: ChangeRequest; target: Target; before: Stored | null }

const place = async (
  tx: Tx,
  { caller, now }: Asking,
  { desk, request, target, before }: Asked,
): Promise<Found<Done>> => {
  if (!before || !isVisibleTo(caller, before)) return notFound
  if (request.customer?.phone !== undefined && !parsePhone(request.customer.phone, desk.country)) return badPhone
  const wanted = wantedOf(before, { request, desk, caller })
  if (!wanted.ok) return wanted
  const start = request.start === undefined ? Date.parse(before.startsAt) : minuteOf(request.start)
  if (start === null) return noSuchTime
  const at = { wanted, start, exceptId: before.id }
  const takesTime = isMoved(before, at)
  const after = edited(before, { request, desk })
  if (!takesTime && isSame(before, after)) return { ok: true, done: { stored: before, changed: false } }
  if (before.revision !== target.revision)
    return refuse('revision-mismatch', 'That appointment has just been changed. Let me look again.')
  if (before.status === 'cancelled') return refuse('already-cancelled', 'That appointment is cancelled.')
  if (Date.parse(before.endsAt) <= Date.parse(now)) return refuse('too-soon', 'That appointment is already over.')
  if (takesTime) return { ok: true, at }
  return { ok: true, write: () => write(tx, caller, { before, after, effect: 'edited' }) }
}

type Resolving = { request: ChangeRequest; desk: Desk; caller: Caller }

/**
 * Without a member the same people, or someone if it has none; without a length the same length,
 * also one that its service does not offer any more.
 */
const wantedOf = (before: Stored, { request, desk, caller }: Resolving): ({ ok: true } & Wanted) | Refused => {
  const service = desk.services.find(({ id }) => id === before.serviceId)
  const minutes = (Date.parse(before.endsAt) - Date.parse(before.startsAt)) / minuteMs
  const { duration = minutes, member } = request
  const durations = [...(service?.durations ?? []), ...(request.duration === undefined ? [minutes] : [])]
  const offer = { ...desk, services: service ? [{ ...service, durations, active: true }] : [] }
  const wanted = resolveWanted({ service: service?.id, duration, member }, offer, { ...caller, serviceIds: null })
  const { assigneeIds } = before
  if (!wanted.ok || member !== undefined || assigneeIds.length === 0) return wanted
  return { ...wanted, memberIds: assigneeIds, candidateIds: assigneeIds }
}

const isMoved = (before: Stored, { wanted, start }: Place) =>
  start !== Date.parse(before.startsAt) ||
  start + lengthMs(wanted) !== Date.parse(before.endsAt) ||
  (wanted.memberIds.length > 0 && wanted.memberIds.join() !== before.assigneeIds.join())

type Moved = { at: Place; memberIds: string[]; pending: boolean }

const movedTo = (before: Stored, { at: { wanted, start }, memberIds, pending }: Moved): Stored => ({
  ...before,
  startsAt: instantOf(start),
  endsAt: instantOf(start + lengthMs(wanted)),
  assigneeIds: memberIds,
  pending: before.pending || pending,
})

const edited = (before: Stored, { request, desk }: { request: ChangeRequest; desk: Desk }): Stored => {
  const { title, notes, location, customer } = request
  const phone = customer?.phone === undefined ? null : parsePhone(customer.phone, desk.country)
  return {
    ...before,
    title: title || before.title,
    notes: notes ?? before.notes,
    location: location ?? before.location,
    customerName: customer?.name ?? before.customerName,
    customerPhone: phone ?? before.customerPhone,
    customerEmail: customer?.email ?? before.customerEmail,
  }
}

const texts = ['title', 'notes', 'location', 'customerName', 'customerPhone', 'customerEmail'] as const

const isSame = (a: Stored, b: Stored) => texts.every((name) => a[name] === b[name])

type Writing = { before: Stored; after: Stored; effect: 'moved' | 'edited'; unchecked?: boolean }

const write = async (tx: Tx, caller: Caller, { after, ...writing }: Writing): Promise<Done> => {
  const stored = { ...after, revision: after.revision + 1 }
  await recordsOf(caller).write(tx, caller, { ...writing, after: stored })
  return { stored, changed: true }
}
