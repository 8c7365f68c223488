import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import { type CalendarFacts, readCalendarFacts } from '#db/queries/occurrences.ts'
import { readOpenHolds } from '#db/queries/receptionist/holds.ts'
import { readTestBooked } from '#db/queries/receptionist/test-appointments.ts'
import { readBooked, readTimeOff, readWorkingHours } from '#db/queries/schedules.ts'
import { blockedMembers, epochMs, type Span } from '#lib/availability/overlap.ts'
import { toTimeOff } from '#lib/availability/wall.ts'
import { aroundMs, type World } from '#lib/availability/world.ts'
import { type CalendarRows, googleRuleOf, membersBlockedBy } from './calendars/meetings.ts'
import { readCalendars } from './calendars/read-calendars.ts'
import { readBlockingTimes } from './occurrences.ts'
import { newReadBudget, type ReadBudget, spend } from './read-budget.ts'

export type WorldQuery = {
  businessId: BusinessId
  span: Span
  now: string
  /** Parts of `span` outside of which no appointments are read. */
  windows?: readonly Span[]
  /** Whose appointments are read; without it, everyone's. */
  memberIds?: readonly string[]
  /** Whether the mirror is up to date; it counts only for a linked calendar. */
  google?: 'fresh' | 'unknown'
  /** Whose busy calendars are not up to date. */
  unknownMembers?: readonly string[]
  /** The hold that is being booked does not block itself. */
  exceptHold?: string | null
  /** With what test keys booked and hold. */
  test?: boolean
  /** Of a search that reads several spans. */
  reading?: Reading
}

/** What is the same for every span, and one budget for all of them. */
export const startReading = async (tx: Tx, businessId: BusinessId) => {
  const [facts, business, hours, timeOff] = await Promise.all([
    readCalendarFacts(tx, businessId),
    readBusiness(tx, businessId),
    readWorkingHours(tx, businessId),
    readTimeOff(tx, businessId),
  ])
  if (!business) throw new Error('The business of a signed-in member is gone.')
  return { budget: newReadBudget(businessId), business, facts, hours, timeOff }
}

export type Reading = Awaited<ReturnType<typeof startReading>>

/** For a search of its own with the same settings. */
export const withNewBudget = (reading: Reading): Reading => ({ ...reading, budget: newReadBudget(reading.business.id) })

/**
 * Everything that decides what can be booked within `span`. Appointments of the days around it are
 * read as well: they are counted by day, and have gaps. Throws if that is too much to read: call it
 * in `orTooMany`.
 */
export const readWorld = async (tx: Tx, query: WorldQuery): Promise<World> => {
  const reading = query.reading ?? (await startReading(tx, query.businessId))
  const { facts, budget } = reading
  const of = { businessId: query.businessId, facts, span: query.span, budget }
  const [world, occurrences] = await Promise.all([readBookedWorld(tx, query, reading), readOccurrencesOf(tx, of)])
  return { ...world, occurrences }
}

/** The same, with the Google events that are in it. */
export const readWorldAndEvents = async (
  tx: Tx,
  query: WorldQuery,
): Promise<{ world: World; events: CalendarRows; facts: CalendarFacts }> => {
  const reading = query.reading ?? (await startReading(tx, query.businessId))
  const { facts, budget } = reading
  const of = { businessId: query.businessId, facts, span: query.span, budget }
  const [world, events] = await Promise.all([
    readBookedWorld(tx, query, reading),
    readCalendars(tx, { ...of, blocking: true }),
  ])
  const rule = googleRuleOf(facts)
  const occurrences = [
    ...events.own.flatMap((row) => {
      const blocked = membersBlockedBy(row, rule)
      return blocked ? { ...intervalOf(row), id: row.instanceId, memberIds: blocked } : []
    }),
    ...events.busy.map((row) => ({ ...intervalOf(row), id: row.id, memberIds: [row.memberId] })),
  ]
  return { world: { ...world, occurrences }, events, facts }
}

/** Without Google events. */
const readBookedWorld = async (tx: Tx, query: WorldQuery, reading: Reading): Promise<Omit<World, 'occurrences'>> => {
  const { businessId, span, now, memberIds, google = 'fresh', unknownMembers = [], test = false } = query
  const wide = { start: shifted(span.start, -aroundMs), end: shifted(span.end, aroundMs) }
  const { budget, business, facts, hours, timeOff } = reading
  const spans = (query.windows ?? [span]).map(({ start, end }) => ({
    from: shifted(start, -aroundMs),
    to: shifted(end, aroundMs),
  }))
  const { calendar, busyCalendars } = facts
  const [booked, holds, tested] = await Promise.all([
    readBooked(tx, { businessId, spans, memberIds, limit: budget.occurrences + 1 }),
    readOpenHolds(tx, { businessId, from: wide.start, to: wide.end, test, exceptId: query.exceptHold }),
    test ? readTestBooked(tx, { businessId, from: wide.start, to: wide.end }) : [],
  ])
  spend(budget, { occurrences: booked.length })
  const googleOf = (memberId: string) => {
    if (unknownMembers.includes(memberId)) return 'unknown'
    if (calendar) return google
    return busyCalendars.some((each) => each.memberId === memberId) ? 'fresh' : 'unlinked'
  }
  return {
    now: epochMs(now),
    zone: business.timeZone,
    rules: rulesOf(business),
    week: business.openingHours,
    exceptions: business.openingExceptions,
    members: hours.map(({ memberId, workingHours }) => ({
      id: memberId,
      hours: workingHours,
      timeOff: timeOff.filter((each) => each.memberId === memberId).map(toTimeOff),
      google: googleOf(memberId),
    })),
    booked: [
      ...[...booked, ...tested].map((row) => ({ ...row, kind: 'appointment' as const })),
      ...holds.map(({ id, startsAt, endsAt, memberIds: held, gapBefore, gapAfter }) => ({
        ...{ id, gapBefore, gapAfter, memberIds: held, kind: 'hold' as const },
        ...{ from: epochMs(startsAt), until: epochMs(endsAt) },
      })),
    ],
  }
}

const intervalOf = ({ start, end }: Span) => ({ from: epochMs(start), until: epochMs(end) })

type OccurrencesQuery = { businessId: BusinessId; facts: CalendarFacts; span: Span; budget: ReadBudget }

/** A meeting in several calendars blocks by each of them, so that none has to be recognised. */
const readOccurrencesOf = async (tx: Tx, { facts, ...query }: OccurrencesQuery): Promise<World['occurrences']> => {
  const { calendar, busyCalendars, sharedCalendars } = facts
  const rule = googleRuleOf(facts)
  const all = await Promise.all([
    readBlockingTimes(tx, { ...query, calendar }).then((times) =>
      times.map(({ guestMemberIds, ...time }) => ({ ...time, memberIds: blockedMembers(guestMemberIds, rule) })),
    ),
    ...sharedCalendars.map(async (each) => {
      const times = await readBlockingTimes(tx, { ...query, calendar: each })
      return times.map(({ id, from, until }) => ({ id, from, until, memberIds: each.blockedIds }))
    }),
    ...busyCalendars.map(async (each) => {
      const times = await readBlockingTimes(tx, { ...query, calendar: each })
      return times.map(({ id, from, until }) => ({ id, from, until, memberIds: [each.memberId] }))
    }),
  ])
  return all.flat()
}

const rulesOf = (business: World['rules']): World['rules'] => {
  const { noticeMinutes, horizonDays, stepMinutes, mostPerDay, sameDayCutOff, whenGoogleUnknown } = business
  return { noticeMinutes, horizonDays, stepMinutes, mostPerDay, sameDayCutOff, whenGoogleUnknown }
}

const shifted = (instant: string, by: number) => new Date(epochMs(instant) + by).toISOString()
