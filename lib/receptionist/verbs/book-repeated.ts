import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { Tx } from '#db/client.ts'
import { lockMembers, readAppointments } from '#db/queries/appointments.ts'
import { insertSeries, type SeriesRow } from '#db/queries/series/series.ts'
import { readVisitOfAppointment, readVisits } from '#db/queries/series/visits.ts'
import { takeLock } from '#db/queries/transaction.ts'
import { orTooMany } from '#lib/appointments/read-budget.ts'
import { textOf } from '#lib/appointments/schema.ts'
import { inTurns, lockTurn, type Mode } from '#lib/appointments/write/in-turns.ts'
import { instantOf } from '#lib/availability/overlap.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { type NewSchedule, newSchedule } from '#lib/series/new-series.ts'
import { finish, insertDecided } from '#lib/series/write-visits.ts'
import { type Answer, type Refused, refuse } from '../answer.ts'
import { ask, dbOf } from '../booking/asking.ts'
import { type DateDecision, decideDates } from '../booking/decide-dates.ts'
import { type Desk, readDesk } from '../booking/offer.ts'
import { type Asking, isUnchecked, readWorldOf } from '../booking/place.ts'
import { recordsOf, type Stored } from '../booking/records.ts'
import { lengthMs, type Wanted } from '../booking/wanted.ts'
import type { Caller } from '../caller.ts'
import { referenceOf } from '../reference.ts'
import { dayWithout, noSuchTime, refusalOf, switchedOff } from '../say/refusals.ts'
import { instantIn, isoDateOf, sayDate, sayList } from '../say/when.ts'
import type { BookedAnswer, BookingRequest, RepeatRequest, UnavailableDate } from '../schema.ts'
import { bookAppointment, booked, newAppointment, resolveBooking } from './book.ts'

/** Books one appointment, or with `repeat` a series. */
export const bookOneOrMore = (
  caller: Caller,
  request: BookingRequest,
  now = Temporal.Now.instant().toString(),
): Promise<Answer<BookedAnswer>> =>
  request.repeat
    ? bookRepeated(caller, { ...request, repeat: request.repeat }, now)
    : bookAppointment(caller, request, now)

type Request = BookingRequest & { repeat: RepeatRequest }
type Done = { desk: Desk; stored: Stored[]; unavailable: UnavailableDate[]; already: boolean }

/** Every date, or none; a date that cannot be booked is left out only if the request says so. */
const bookRepeated = async (caller: Caller, request: Request, now: string): Promise<Answer<BookedAnswer>> => {
  const asking = await ask(caller, now, (tx) => isDecided(tx, caller, { request, now }))
  const answer = await inTurns<Answer<Done>>(dbOf(caller), caller.businessId, {
    decide: (tx, mode) => decide(tx, asking, { request, mode }),
    isWritten: (done) => done.ok && !done.already,
    onOverlap: async () => refusalOf('full'),
    wants: null,
  })
  if (!answer.ok) return answer
  const { desk, stored, unavailable, already } = answer
  const [first] = stored
  if (!first) return refusalOf('full')
  if (!already && !caller.test) drainAfterResponse()
  const shown = booked({ asking, desk, stored: first, already })
  return {
    ok: true,
    ...shown,
    say: sentence(answer, shown.say),
    repeat: { booked: stored.map((each) => briefOf(desk, each)), unavailable },
  }
}

/** Refused, or booked before, whatever Google knows. */
const isDecided = async (tx: Tx, caller: Caller, asked: { request: Request; now: string }): Promise<boolean> => {
  const desk = await readDesk(tx, caller)
  if (!desk.mayBook) return true
  const found = await plan(tx, caller, { ...asked, desk })
  return !found.ok || found.before !== null
}

type Planned = { ok: true; before: Stored } | { ok: true; before: null; wanted: Wanted; planned: NewSchedule } | Refused

/** The dates that are asked for, or what the same call booked before. */
const plan = async (
  tx: Tx,
  caller: Caller,
  { request, now, desk }: { request: Request; now: string; desk: Desk },
): Promise<Planned> => {
  const resolved = await resolveBooking(tx, caller, { desk, request })
  if (!resolved.ok) return resolved
  const { before, start, wanted } = resolved
  if (before) return { ok: true, before }
  const planned = scheduleOf({ start, wanted, repeat: request.repeat, zone: desk.zone, now })
  return 'code' in planned ? planned : { ok: true, before: null, wanted, planned }
}

const decide = async (
  tx: Tx,
  asking: Asking,
  { request, mode }: { request: Request; mode: Mode },
): Promise<Answer<Done> | null> => {
  const { caller, now } = asking
  const { customer } = request
  const key = [caller.keyId, request.callId, customer.phone, request.service, request.start].join(' ')
  const isTaking = mode !== 'look'
  const [, isLocked, desk] = await Promise.all([
    isTaking && takeLock(tx, `repeat ${key}`),
    lockTurn(tx, caller.businessId, mode),
    readDesk(tx, caller),
  ])
  if (!isLocked) return null
  if (!desk.mayBook) return switchedOff
  const found = await plan(tx, caller, { request, now, desk })
  if (!found.ok) return found
  if (found.before)
    return { ok: true, desk, already: true, unavailable: [], stored: await storedWith(tx, caller, found.before) }
  const { wanted, planned } = found
  const chosen = await orTooMany(() => decideAll(tx, asking, { wanted, planned, desk, isTaking }))
  if ('code' in chosen) return refuse('unavailable', 'There is too much in the calendar. I can take a message.')
  const { dates, memberIds } = chosen.value
  const unavailable = dates.flatMap((each) => unavailableOf(desk, each))
  const [first] = dates
  if (unavailable.length === dates.length && first && !first.ok) return refusalOf(first.reason)
  if (unavailable.length > 0 && !request.skipUnavailable) return someUnavailable(unavailable, dates.length)
  if (!isTaking) return null
  const stored = await write(tx, asking, { desk, request, wanted, planned, dates, memberIds })
  return { ok: true, desk, stored, unavailable, already: false }
}

type Scheduling = { start: number; wanted: Wanted; repeat: RepeatRequest; zone: string; now: string }

const scheduleOf = ({ start, wanted, repeat, zone, now }: Scheduling): NewSchedule | Refused => {
  const { every, unit, times } = repeat
  const fields = { start: instantOf(start), end: instantOf(start + lengthMs(wanted)) }
  const planned = newSchedule({ repeat: { every, unit, ends: { after: times } }, fields, zone, now })
  if (!planned.ok) return noSuchTime
  // What is not planned yet could not be promised.
  if (planned.schedule.plannedUntil !== null || planned.schedule.dates.length < times) return tooFar
  return planned.schedule
}

const tooFar = refuse('too-far', 'I can book that for up to 13 months. Shall I book fewer?', {
  fields: { times: 'All dates have to be within 13 months.' },
})

type Deciding = { wanted: Wanted; planned: NewSchedule; desk: Desk; isTaking: boolean }

const decideAll = async (tx: Tx, asking: Asking, { wanted, planned, desk, isTaking }: Deciding) => {
  const { businessId } = asking.caller
  const memberIds = [...new Set([...wanted.candidateIds, ...wanted.memberIds])].sort()
  const [from, until] = [planned.dates[0]?.start ?? '', planned.dates.at(-1)?.end ?? '']
  const [, world] = await Promise.all([
    isTaking && lockMembers(tx, { businessId, memberIds }),
    readWorldOf(tx, asking, { from: Date.parse(from), until: Date.parse(until), reading: desk.reading }),
  ])
  return decideDates(world, planned.dates, wanted)
}

/** What the call booked before; a booking of one time has no series. */
const storedWith = async (tx: Tx, { businessId, test }: Caller, first: Stored): Promise<Stored[]> => {
  const visit = test ? null : await readVisitOfAppointment(tx, { businessId, appointmentId: first.id })
  if (!visit) return [first]
  const visits = await readVisits(tx, { businessId, seriesId: visit.seriesId })
  const ids = visits.flatMap(({ appointmentId }) => appointmentId ?? [])
  const rows = await readAppointments(tx, { businessId, ids })
  return rows.filter(({ status }) => status === 'booked').sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1))
}

type Writing = {
  desk: Desk
  request: Request
  wanted: Wanted
  planned: NewSchedule
  dates: readonly DateDecision[]
  memberIds: readonly string[]
}

const write = async (tx: Tx, asking: Asking, writing: Writing): Promise<Stored[]> => {
  const { caller } = asking
  const { businessId } = caller
  const { desk, request, wanted, planned, dates, memberIds } = writing
  const storedOf = (start: string, pending: boolean) =>
    newAppointment(
      { asking, desk, request },
      { at: { wanted, start: Date.parse(start) }, memberIds: [...memberIds], pending },
    )
  if (caller.test) {
    const stored = dates.flatMap((each) => (each.ok ? [storedOf(each.start, each.pending)] : []))
    for (const after of stored) await recordsOf(caller).write(tx, caller, { before: null, after, effect: 'booked' })
    return stored
  }
  const template = storedOf(planned.dates[0]?.start ?? '', false)
  const series: SeriesRow = {
    ...textOf(template),
    ...{ id: randomUUID(), rule: planned.rule, startsAt: planned.startsAt, timeZone: desk.zone },
    ...{ minutes: planned.minutes, plannedUntil: null, gapBefore: template.gapBefore, gapAfter: template.gapAfter },
    ...{ serviceId: template.serviceId, assigneeIds: [...memberIds], accepted: [], continues: null, ended: false },
    ...{ revision: 1, createdBy: null, apiKeyId: caller.keyId },
  }
  await insertSeries(tx, { ...series, businessId })
  const pending = new Map(dates.map((each) => [each.originalStart, each.ok && each.pending]))
  const { rows, entries } = await insertDecided(
    tx,
    {
      ...{ businessId, series, googleUnchecked: isUnchecked(asking, memberIds) },
      more: ({ originalStart }) => ({ pending: pending.get(originalStart) ?? false, callId: request.callId ?? null }),
    },
    dates.map(({ originalStart, start, end, ok }) => ({
      ...{ originalStart, start, end },
      ...(ok ? { kind: 'book', state: 'free', overlaps: false, takesOverHolds: false } : { kind: 'skip' }),
    })),
  )
  const detail = caller.callId ? `In call ${caller.callId}.` : ''
  const after = { title: series.title, repeats: planned.words }
  await finish(tx, { businessId, actor: { kind: 'sophiie' } }, [
    { businessId, what: 'series.created', detail, after },
    ...entries,
  ])
  return rows
}

const unavailableOf = ({ zone }: Desk, each: DateDecision): UnavailableDate[] => {
  if (each.ok) return []
  const start = Date.parse(each.start)
  return [
    {
      start: instantIn(start, zone),
      reason: each.reason,
      say: `${sayDate(isoDateOf(start, zone))}: ${dayWithout[each.reason]}`,
    },
  ]
}

const mostSaid = 3

const sayDates = (unavailable: readonly UnavailableDate[]) => {
  const days = unavailable.slice(0, mostSaid).map(({ start }) => sayDate(start.slice(0, 10)))
  return sayList(unavailable.length > mostSaid ? [...days, `${unavailable.length - mostSaid} more`] : days, 'and')
}

const someUnavailable = (unavailable: UnavailableDate[], number: number): Refused =>
  refuse(
    'dates-unavailable',
    `Of the ${number} dates, ${sayDates(unavailable)} ${unavailable.length === 1 ? 'does' : 'do'} not work. ` +
      'Nothing is booked yet. Shall I book the others?',
    { unavailable },
  )

const sentence = ({ stored, unavailable, already }: Done, first: string): string => {
  if (already && stored.length < 2) return first
  const all = `${stored.length} times in all`
  const left = unavailable.length > 0 ? ` I left out ${sayDates(unavailable)}.` : ''
  return `${first.replace(/\.$/, '')}, ${all}.${left}`
}

const briefOf = ({ zone }: Desk, { id, startsAt, endsAt }: Stored) => ({
  ...{ id, reference: referenceOf(id) },
  ...{ start: instantIn(Date.parse(startsAt), zone), end: instantIn(Date.parse(endsAt), zone) },
})
