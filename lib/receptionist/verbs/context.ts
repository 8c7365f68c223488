import { Temporal } from 'temporal-polyfill'
import type { Tx } from '#db/client.ts'
import { hoursOn } from '#lib/availability/opening.ts'
import { weekdayName } from '#lib/dates/format.ts'
import type { Answer } from '../answer.ts'
import { ask, dbOf } from '../booking/asking.ts'
import { type Desk, readDesk } from '../booking/offer.ts'
import type { Asking } from '../booking/place.ts'
import { toAppointment, toGoogle } from '../booking/present.ts'
import { recordsOf } from '../booking/records.ts'
import type { Caller } from '../caller.ts'
import { parsePhone } from '../phone.ts'
import { badPhone } from '../say/refusals.ts'
import { instantIn, sayDate, sayWallTime, shortDay } from '../say/when.ts'
import type { ContextAnswer, ContextQuery } from '../schema.ts'
import { ofPhone, upcomingOf } from './appointments.ts'

/** What an agent needs to know at the beginning of a call. */
export const readContext = async (
  caller: Caller,
  query: ContextQuery,
  now = Temporal.Now.instant().toString(),
): Promise<Answer<ContextAnswer>> => {
  const asking = await ask(caller, now)
  return await dbOf(caller).transaction((tx) => read(tx, asking, query))
}

const read = async (tx: Tx, asking: Asking, { phone }: ContextQuery): Promise<Answer<ContextAnswer>> => {
  const { caller, now } = asking
  const { businessId } = caller
  const [desk, found] = await Promise.all([
    readDesk(tx, caller),
    phone === undefined ? [] : recordsOf(caller).ofPhone(tx, { businessId, phone }),
  ])
  if (phone !== undefined && !parsePhone(phone, desk.country)) return badPhone
  const own = phone === undefined ? [] : upcomingOf(ofPhone(caller, { found, phone, desk }), now).slice(0, 5)
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(desk.zone).toPlainDate()
  return {
    ok: true,
    business: desk.name,
    now: instantIn(Date.parse(now), desk.zone),
    today: today.toString(),
    weekday: weekdayName(today.toString()),
    zone: desk.zone,
    bookingAllowed: desk.mayBook,
    google: toGoogle(asking.google, desk),
    days: Array.from({ length: 21 }, (_, n) => dayOf(desk, today.add({ days: n }))),
    services: servicesFor(caller, desk),
    members: desk.members.filter(({ id }) => caller.memberIds?.includes(id) ?? true),
    appointments: own.map((each) => toAppointment(desk, each)),
    say: `${desk.name}. Today is ${sayDate(today.toString())}.`,
  }
}

/** "Thu 26 Nov, open 7 am to 3 pm" */
const dayOf = ({ opening }: Desk, day: Temporal.PlainDate) => {
  const hours = hoursOn(day, opening).map(({ from, to }) => `${sayWallTime(from)} to ${sayWallTime(to)}`)
  const open = hours.length > 0 ? `open ${hours.join(' and ')}` : 'closed'
  return { date: day.toString(), say: `${shortDay(day.toString())}, ${open}` }
}

const servicesFor = ({ serviceIds }: Caller, { services }: Desk) =>
  services
    .filter(({ id, active }) => active && (serviceIds?.includes(id) ?? true))
    .map(({ id, name, otherNames, durations, price, description, outcome }) => ({
      ...{ id, name, otherNames, durations, price, description, outcome },
    }))
