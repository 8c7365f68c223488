import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import { type CalendarFacts, readCalendarFacts } from '#db/queries/occurrences.ts'
import { readOpenHolds } from '#db/queries/receptionist/holds.ts'
import { readTestBooked } from '#db/queries/receptionist/test-appointments.ts'
import { readBooked, readTimeOff, readWorkingHours } from '#db/queries/schedules.ts'
import { blockedMembers, epochMs, type Span } from '#lib/availability/overlap.ts'
import { toTimeOff } from '#lib/availability/wall.ts'
import type { World } from '#lib/availability/world.ts'
import { readBlockingTimes } from './occurrences.ts'
import { newReadBudget, type ReadBudget, spend } from './read-budget.ts'

type WorldQuery = {
  businessId: BusinessId
  span: Span
  now: string
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
  const { businessId, span, now, memberIds, google = 'fresh', unknownMembers = [], test = false } = query
  const wide = { start: shifted(span.start, -margin), end: shifted(span.end, margin) }
  const { budget, business, facts, hours, timeOff } = query.reading ?? (await startReading(tx, businessId))
  const range = { businessId, from: wide.start, to: wide.end, memberIds, limit: budget.occurrences + 1 }
  const { calendar, busyCalendars } = facts
  const [booked, holds, tested, occurrences] = await Promise.all([
    readBooked(tx, range),
    readOpenHolds(tx, { businessId, from: wide.start, to: wide.end, test, exceptId: query.exceptHold }),
    test ? readTestBooked(tx, { businessId, from: wide.start, to: wide.end }) : [],
    readOccurrencesOf(tx, { businessId, facts, span, budget }),
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
    occurrences,
  }
}

type OccurrencesQuery = { businessId: BusinessId; facts: CalendarFacts; span: Span; budget: ReadBudget }

/** A meeting in several calendars blocks by each of them, so that none has to be recognised. */
const readOccurrencesOf = async (tx: Tx, { facts, ...query }: OccurrencesQuery): Promise<World['occurrences']> => {
  const { calendar, busyCalendars, guestlessBlocks } = facts
  const rule = { guestlessBlocks, linkedBy: calendar?.linkedBy ?? null }
  const all = await Promise.all([
    readBlockingTimes(tx, { ...query, calendar }).then((times) =>
      times.map(({ guestMemberIds, ...time }) => ({ ...time, memberIds: blockedMembers(guestMemberIds, rule) })),
    ),
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

/** A day, and the longest gap. */
const margin = 28 * 60 * 60 * 1000

const shifted = (instant: string, by: number) => new Date(epochMs(instant) + by).toISOString()
