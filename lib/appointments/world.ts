import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import { type CalendarFacts, readCalendarFacts } from '#db/queries/occurrences.ts'
import { readOpenHolds } from '#db/queries/receptionist/holds.ts'
import { readTestBooked } from '#db/queries/receptionist/test-appointments.ts'
import { readBooked, readTimeOff, readWorkingHours } from '#db/queries/schedules.ts'
import { epochMs, type Span } from '#lib/availability/overlap.ts'
import { toTimeOff } from '#lib/availability/wall.ts'
import type { World } from '#lib/availability/world.ts'
import { type CalendarRows, membersBlockedBy } from './calendars/meetings.ts'
import { readCalendars } from './calendars/read-calendars.ts'
import { newReadBudget, spend } from './read-budget.ts'

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
  const [business, facts, hours, timeOff] = await Promise.all([
    readBusiness(tx, businessId),
    readCalendarFacts(tx, businessId),
    readWorkingHours(tx, businessId),
    readTimeOff(tx, businessId),
  ])
  if (!business) throw new Error('The business of a signed-in member is gone.')
  return { budget: newReadBudget(businessId), business, facts, hours, timeOff }
}

export type Reading = Awaited<ReturnType<typeof startReading>>

/**
 * Everything that decides what can be booked within `span`. Appointments of the days around it are
 * read as well: they are counted by day, and have gaps. Throws if that is too much to read: call it
 * in `orTooMany`.
 */
export const readWorld = async (tx: Tx, query: WorldQuery): Promise<World> =>
  (await readWorldAndEvents(tx, query)).world

/** The same, with the Google events that are in it. */
export const readWorldAndEvents = async (
  tx: Tx,
  query: WorldQuery,
): Promise<{ world: World; events: CalendarRows; facts: CalendarFacts }> => {
  const { businessId, span, now, memberIds, google = 'fresh', unknownMembers = [], test = false } = query
  const wide = { start: shifted(span.start, -margin), end: shifted(span.end, margin) }
  const { budget, business, facts, hours, timeOff } = query.reading ?? (await startReading(tx, businessId))
  const spans = (query.windows ?? [span]).map(({ start, end }) => ({
    from: shifted(start, -margin),
    to: shifted(end, margin),
  }))
  const range = { businessId, spans, memberIds, limit: budget.occurrences + 1 }
  const { calendar, busyCalendars, guestlessBlocks } = facts
  const [booked, holds, tested, rows] = await Promise.all([
    readBooked(tx, range),
    readOpenHolds(tx, { businessId, from: wide.start, to: wide.end, test, exceptId: query.exceptHold }),
    test ? readTestBooked(tx, { businessId, from: wide.start, to: wide.end }) : [],
    readCalendars(tx, { businessId, facts, span, blocking: true, budget }),
  ])
  spend(budget, { occurrences: booked.length })
  const rule = { guestlessBlocks, linkedBy: calendar?.linkedBy ?? null }
  const googleOf = (memberId: string) => {
    if (unknownMembers.includes(memberId)) return 'unknown'
    if (calendar) return google
    return busyCalendars.some((each) => each.memberId === memberId) ? 'fresh' : 'unlinked'
  }
  const world: World = {
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
    occurrences: [
      ...rows.own.flatMap((row) => {
        const blocked = membersBlockedBy(row, rule)
        return blocked ? { ...intervalOf(row), id: row.instanceId, memberIds: blocked } : []
      }),
      ...rows.busy.map((row) => ({ ...intervalOf(row), id: row.id, memberIds: [row.memberId] })),
    ],
  }
  return { world, events: rows, facts }
}

const intervalOf = ({ start, end }: Span) => ({ from: epochMs(start), until: epochMs(end) })

const rulesOf = (business: World['rules']): World['rules'] => {
  const { noticeMinutes, horizonDays, stepMinutes, mostPerDay, sameDayCutOff, whenGoogleUnknown } = business
  return { noticeMinutes, horizonDays, stepMinutes, mostPerDay, sameDayCutOff, whenGoogleUnknown }
}

/** A day, and the longest gap. */
const margin = 28 * 60 * 60 * 1000

const shifted = (instant: string, by: number) => new Date(epochMs(instant) + by).toISOString()
