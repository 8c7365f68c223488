import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { Tx } from '#db/client.ts'
import { endHolds, type HoldRow, readHold } from '#db/queries/receptionist/holds.ts'
import { instantOf } from '#lib/availability/overlap.ts'
import { minuteMs } from '#lib/availability/world.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { type Answer, refuse } from '../answer.ts'
import { ask, dbOf } from '../booking/asking.ts'
import { type Desk, readDesk } from '../booking/offer.ts'
import { type Asking, isUnchecked, type Place } from '../booking/place.ts'
import { toAppointment, toGoogle } from '../booking/present.ts'
import { recordsOf, type Stored } from '../booking/records.ts'
import { type Found, minuteOf, takeTime } from '../booking/take-time.ts'
import { lengthMs, resolveWanted, type Wanted } from '../booking/wanted.ts'
import type { Caller } from '../caller.ts'
import { isSamePhone, parsePhone } from '../phone.ts'
import { badPhone, heldExpired, noHold, noSuchTime } from '../say/refusals.ts'
import { sayList, sayTime } from '../say/when.ts'
import type { BookedAnswer, BookingRequest } from '../schema.ts'

/** Books a time, or the time of a hold, for a customer. A repeated request books once. */
export const bookAppointment = async (
  caller: Caller,
  request: BookingRequest,
  now = Temporal.Now.instant().toString(),
): Promise<Answer<BookedAnswer>> => {
  const asking = await ask(caller, now, (tx) => isDecided(tx, caller, request))
  const { hold, start, service, customer, callId } = request
  const answer = await takeTime(dbOf(caller), asking, {
    replayKey: hold ? `hold ${hold}` : [caller.keyId, callId, customer.phone, service, start].join(' '),
    phone: customer.phone,
    start: minuteOf(start ?? ''),
    place: (tx, desk) => place(tx, caller, { desk, request }),
    write: async (tx, desk, { at, decision }) => {
      const stored = newAppointment({ asking, desk, request }, { at, ...decision })
      if (hold) await endHolds(tx, { businessId: caller.businessId, ids: [hold], ended: 'booked' }, stored.id)
      const unchecked = isUnchecked(asking, decision.memberIds)
      await recordsOf(caller).write(tx, caller, { before: null, after: stored, effect: 'booked', unchecked })
      return { stored, already: false }
    },
  })
  if (!answer.ok) return answer
  const { stored, already } = answer.value
  if (!already && !caller.test) drainAfterResponse()
  return { ok: true, ...booked({ asking, desk: answer.desk, stored, already }) }
}

/** Refused, or booked before. */
const isDecided = async (tx: Tx, caller: Caller, request: BookingRequest): Promise<boolean> => {
  const desk = await readDesk(tx, caller)
  if (!desk.mayBook) return true
  const found = await place(tx, caller, { desk, request })
  return !('at' in found)
}

type Asked = { desk: Desk; request: BookingRequest }
type Done = { stored: Stored; already: boolean }

const place = async (tx: Tx, caller: Caller, { desk, request }: Asked): Promise<Found<Done>> => {
  if (request.hold && parsePhone(request.customer.phone, desk.country))
    return await placeOfHold(tx, caller, { desk, hold: request.hold })
  const resolved = await resolveBooking(tx, caller, { desk, request })
  if (!resolved.ok) return resolved
  const { before, start, wanted } = resolved
  return before ? { ok: true, done: { stored: before, already: true } } : { ok: true, at: { wanted, start } }
}

/** What is asked for, and what the same call booked before. Refused if it cannot be booked. */
export const resolveBooking = async (
  tx: Tx,
  caller: Caller,
  { desk, request }: Asked,
): Promise<Answer<{ start: number; wanted: Wanted; before: Stored | null }>> => {
  if (!parsePhone(request.customer.phone, desk.country)) return badPhone
  const start = minuteOf(request.start ?? '')
  if (start === null) return noSuchTime
  const wanted = resolveWanted(request, desk, caller)
  if (!wanted.ok) return wanted
  if (wanted.service?.outcome === 'message') return takesMessage(wanted)
  return { ok: true, start, wanted, before: await earlier(tx, caller, { desk, request, start, wanted }) }
}

const takesMessage = ({ service }: Wanted) =>
  refuse('takes-a-message', `For ${service?.name ?? 'that'} I take a message, and we ring you back.`)

/** The row is locked after the members, as in every other booking. */
const placeOfHold = async (
  tx: Tx,
  caller: Caller,
  { desk, hold: id }: { desk: Desk; hold: string },
): Promise<Found<Done>> => {
  const { businessId } = caller
  const hold = await readHold(tx, { businessId, id })
  if (!hold || hold.apiKeyId !== caller.keyId) return noHold
  if (hold.appointmentId) {
    const stored = await recordsOf(caller).read(tx, { businessId, id: hold.appointmentId })
    return stored ? { ok: true, done: { stored, already: true } } : noHold
  }
  if (hold.ended || hold.expired) return heldExpired
  return { ok: true, at: { wanted: wantedOf(hold, desk), start: Date.parse(hold.startsAt), exceptHold: id } }
}

/** Its members, whoever would be chosen now. */
const wantedOf = (hold: HoldRow, desk: Desk): Wanted => ({
  service: desk.services.find(({ id }) => id === hold.serviceId) ?? null,
  minutes: (Date.parse(hold.endsAt) - Date.parse(hold.startsAt)) / minuteMs,
  ...{ memberIds: hold.memberIds, candidateIds: hold.memberIds },
})

type Repeated = Asked & { start: number; wanted: Wanted }

/** What the same call booked before, for the same phone, service and start. */
const earlier = async (tx: Tx, caller: Caller, { desk, request, start, wanted }: Repeated): Promise<Stored | null> => {
  const { phone } = request.customer
  const own = await recordsOf(caller).ofPhone(tx, { businessId: caller.businessId, phone })
  const found = own.find(
    (each) =>
      each.status === 'booked' &&
      each.apiKeyId === caller.keyId &&
      each.callId === (request.callId ?? null) &&
      each.serviceId === (wanted.service?.id ?? null) &&
      Date.parse(each.startsAt) === start &&
      isSamePhone(each.customerPhone, phone, desk.country),
  )
  return found ?? null
}

type Decided = { at: Place; memberIds: string[]; pending: boolean }

export const newAppointment = (
  { asking: { caller }, desk, request }: Asked & { asking: Asking },
  { at: { wanted, start }, memberIds, pending }: Decided,
): Stored => {
  const { customer, title, notes = '', location = '', callId = null } = request
  const { service } = wanted
  return {
    id: randomUUID(),
    title: title || service?.name || `Appointment for ${customer.name}`,
    startsAt: instantOf(start),
    endsAt: instantOf(start + lengthMs(wanted)),
    ...{ notes, location, callId, assigneeIds: memberIds, pending, status: 'booked', revision: 1 },
    customerName: customer.name,
    customerPhone: parsePhone(customer.phone, desk.country) ?? customer.phone,
    customerEmail: customer.email ?? '',
    serviceId: service?.id ?? null,
    gapBefore: service?.gapBefore ?? 0,
    gapAfter: service?.gapAfter ?? 0,
    apiKeyId: caller.keyId,
  }
}

type Shown = { asking: Asking; desk: Desk; stored: Stored; already: boolean }

export const booked = ({ asking, desk, stored, already }: Shown): BookedAnswer => {
  const appointment = toAppointment(desk, stored)
  return {
    ...appointment,
    google: toGoogle(asking.google, desk),
    ...(already && { alreadyBooked: true }),
    say: sentence(desk, { stored, already, members: appointment.members.map(({ name }) => name) }),
  }
}

type Said = { stored: Stored; already: boolean; members: string[] }

const sentence = ({ zone }: Desk, { stored, already, members }: Said): string => {
  const time = sayTime(Date.parse(stored.startsAt), zone)
  const who = members.length > 0 ? ` with ${sayList(members, 'and')}` : ''
  if (stored.status === 'cancelled') return `That appointment, ${time}, has been cancelled since.`
  if (already) return `You are already booked for ${time}${who}.`
  if (stored.pending) return `I have put you down for ${time}${who}. We will confirm it.`
  return `You are booked for ${time}${who}.`
}
