import { Temporal } from 'temporal-polyfill'
import type { Answer } from '../answer.ts'
import { dbOf } from '../booking/asking.ts'
import { type Desk, readDesk } from '../booking/offer.ts'
import { toAppointment } from '../booking/present.ts'
import { recordsOf, type Stored } from '../booking/records.ts'
import type { Caller } from '../caller.ts'
import { isSamePhone, parsePhone } from '../phone.ts'
import { badPhone, notFound } from '../say/refusals.ts'
import { sayTime } from '../say/when.ts'
import type { AppointmentAnswer, SearchRequest } from '../schema.ts'

/** A key that is limited to members or services sees only their appointments. */
export const isVisibleTo = ({ memberIds, serviceIds }: Caller, { assigneeIds, serviceId }: Stored): boolean =>
  (memberIds === null || assigneeIds.some((id) => memberIds.includes(id))) &&
  (serviceIds === null || (serviceId !== null && serviceIds.includes(serviceId)))

export const readAppointment = (caller: Caller, id: string): Promise<Answer<AppointmentAnswer>> =>
  dbOf(caller).transaction(async (tx): Promise<Answer<AppointmentAnswer>> => {
    const { businessId } = caller
    const [stored, desk] = await Promise.all([recordsOf(caller).read(tx, { businessId, id }), readDesk(tx, caller)])
    return stored && isVisibleTo(caller, stored) ? { ok: true, ...toAppointment(desk, stored) } : notFound
  })

type Found = { appointments: AppointmentAnswer[]; say: string }

/** Appointments of a phone number: upcoming ones first, then past and cancelled ones. */
export const searchAppointments = (
  caller: Caller,
  { phone }: SearchRequest,
  now = Temporal.Now.instant().toString(),
): Promise<Answer<Found>> =>
  dbOf(caller).transaction(async (tx): Promise<Answer<Found>> => {
    const { businessId } = caller
    const [found, desk] = await Promise.all([
      recordsOf(caller).ofPhone(tx, { businessId, phone }),
      readDesk(tx, caller),
    ])
    if (!parsePhone(phone, desk.country)) return badPhone
    const own = ofPhone(caller, { found, phone, desk })
    const upcoming = upcomingOf(own, now)
    const rest = own.filter((each) => !upcoming.includes(each))
    const appointments = [...upcoming, ...rest].map((each) => toAppointment(desk, each))
    return { ok: true, appointments, say: sentence(upcoming, desk) }
  })

type OfPhone = { found: readonly Stored[]; phone: string; desk: Desk }

export const ofPhone = (caller: Caller, { found, phone, desk }: OfPhone): Stored[] =>
  found.filter((each) => isVisibleTo(caller, each) && isSamePhone(each.customerPhone, phone, desk.country))

/** Booked and not over, by start. */
export const upcomingOf = (found: readonly Stored[], now: string): Stored[] =>
  found
    .filter(({ status, endsAt }) => status === 'booked' && Date.parse(endsAt) > Date.parse(now))
    .toSorted((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt))

const sentence = (upcoming: readonly Stored[], { zone }: Desk): string => {
  const [next] = upcoming
  if (!next) return 'I can’t find an upcoming appointment for that number.'
  const more = upcoming.length > 1 ? ` and ${upcoming.length - 1} more` : ''
  return `I can see ${next.title}, ${sayTime(Date.parse(next.startsAt), zone)}${more}.`
}
