import { Temporal } from 'temporal-polyfill'
import type { Tx } from '#db/client.ts'
import { orTooMany } from '#lib/appointments/read-budget.ts'
import { availability } from '#lib/availability/availability.ts'
import type { Availability } from '#lib/availability/world.ts'
import { weekdayName } from '#lib/dates/format.ts'
import { type Answer, refuse } from '../answer.ts'
import { ask, askInside, dbOf } from '../booking/asking.ts'
import { narrowed, neededOf } from '../booking/decide-time.ts'
import { type Desk, readDesk } from '../booking/offer.ts'
import { type Asking, readWorldOf } from '../booking/place.ts'
import { toGoogle, toSlot } from '../booking/present.ts'
import { resolveWanted } from '../booking/wanted.ts'
import type { Caller } from '../caller.ts'
import { dayWithout } from '../say/refusals.ts'
import { isoDateOf, sayClock, sayDate, sayList } from '../say/when.ts'
import type { SlotAnswer, SlotsAnswer, SlotsQuery } from '../schema.ts'

const mostDays = 62
const defaultDays = 7

/** The times that can be booked, and why a day has none. */
export const findSlots = async (
  caller: Caller,
  query: SlotsQuery,
  now = Temporal.Now.instant().toString(),
): Promise<Answer<SlotsAnswer>> => {
  const found = await orTooMany(async () => {
    const current = await dbOf(caller).transaction((tx) => findIfFresh(tx, { caller, now, query }))
    if (current) return current
    const asking = await ask(caller, now)
    return await dbOf(caller).transaction(async (tx) => find(asking, query, { tx, desk: await readDesk(tx, caller) }))
  })
  return found.ok ? found.value : refuse('unavailable', 'There is too much in the calendar then. Ask for fewer days.')
}

type Finding = { caller: Caller; now: string; query: SlotsQuery }

/** Null if Google has to be read first; what is refused anyway does not wait for it. */
const findIfFresh = async (tx: Tx, { caller, now, query }: Finding): Promise<Answer<SlotsAnswer> | null> => {
  const [asking, desk] = await Promise.all([askInside(tx, caller, now), readDesk(tx, caller)])
  const wanted = resolveWanted(query, desk, caller)
  if (!wanted.ok) return wanted
  return asking && (await find(asking, query, { tx, desk }))
}

const find = async (
  asking: Asking,
  query: SlotsQuery,
  { tx, desk }: { tx: Tx; desk: Desk },
): Promise<Answer<SlotsAnswer>> => {
  const wanted = resolveWanted(query, desk, asking.caller)
  if (!wanted.ok) return wanted
  const dates = datesOf(query, { now: asking.now, zone: desk.zone })
  if (dates === null)
    return refuse('invalid', `Ask for at most ${mostDays} days, the first before the last.`, wrongDates)
  const range = { from: startOf(dates.from, desk.zone), until: startOf(dates.to.add({ days: 1 }), desk.zone) }
  const world = await readWorldOf(tx, asking, { ...range, reading: desk.reading })
  const { service, minutes, memberIds } = wanted
  const asked = { ...range, service, minutes, memberIds, part: query.part, limit: query.limit }
  const found = availability(narrowed(world, wanted), asked)
  const slots = found.slots.map((slot) => toSlot(desk, slot, neededOf(wanted)))
  const days = daysOf(found, { slots, desk })
  return { ok: true, slots, days, google: toGoogle(asking.google, desk), say: sentence({ slots, days, found, desk }) }
}

const wrongDates = { fields: { to: `At most ${mostDays} days after \`from\`, and not before it.` } }

type Dates = { from: Temporal.PlainDate; to: Temporal.PlainDate }

const datesOf = ({ from, to }: SlotsQuery, { now, zone }: { now: string; zone: string }): Dates | null => {
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(zone).toPlainDate()
  const first = from === undefined ? today : Temporal.PlainDate.from(from)
  const last = to === undefined ? first.add({ days: defaultDays - 1 }) : Temporal.PlainDate.from(to)
  const days = first.until(last).days + 1
  return days < 1 || days > mostDays ? null : { from: first, to: last }
}

const startOf = (date: Temporal.PlainDate, zone: string) => date.toZonedDateTime(zone).epochMilliseconds

type Answered = { slots: readonly SlotAnswer[]; desk: Desk }

/** Every day that was searched, by date. */
const daysOf = ({ slots, days }: Availability, { desk }: Answered) => {
  const open = [...new Set(slots.map(({ start }) => isoDateOf(start, desk.zone)))]
  return [
    ...open.map((date) => ({ date, weekday: weekdayName(date), open: true, reason: null, say: sayDate(date) })),
    ...days.map(({ date, reason }) => ({
      ...{ date, weekday: weekdayName(date), open: false, reason },
      say: `${sayDate(date)}: ${dayWithout[reason]}`,
    })),
  ].toSorted((a, b) => a.date.localeCompare(b.date))
}

type Sentence = Answered & { days: ReturnType<typeof daysOf>; found: Availability }

/** The times of the first day, or why there are none. */
const sentence = ({ slots, days, found, desk }: Sentence): string => {
  const [first] = found.slots
  if (!first || slots.length === 0) {
    const [day] = days
    if (!day) return 'I have no time on those days.'
    return days.length === 1 ? `I have no time on ${day.say}.` : `I have no time on those days. ${days[0]?.say}.`
  }
  const date = isoDateOf(first.start, desk.zone)
  const times = found.slots.filter(({ start }) => isoDateOf(start, desk.zone) === date).map(({ start }) => start)
  const shown = times.slice(0, 3).map((start) => sayClock(start, desk.zone))
  return `On ${sayDate(date)} I have ${sayList(shown)}${times.length > shown.length ? ', and more' : ''}.`
}
