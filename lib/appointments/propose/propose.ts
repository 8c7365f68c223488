import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { readBlockingTimes, readBookedTimes, readSearchFacts } from '#db/queries/busy.ts'
import { readOpenHolds } from '#db/queries/receptionist/holds.ts'
import { nearestTimes, type TimeSearch, windowsAround } from '#lib/availability/find-a-time.ts'
import type { Interval } from '#lib/availability/intervals.ts'
import { blockedMembers, epochMs, type GoogleRule, instantOf, type Span } from '#lib/availability/overlap.ts'
import { minuteMs } from '#lib/availability/world.ts'
import { type Running, shared } from '#lib/turns.ts'
import { expandBeyondHorizon } from '../occurrences.ts'
import { newReadBudget, spend } from '../read-budget.ts'

type ProposalSearch = {
  businessId: BusinessId
  minutes: number
  /** All of them must be free; with none, only what blocks everyone counts. */
  assigneeIds: readonly string[]
  /** The appointment being moved, which does not block itself; null for a new one. */
  exceptId: string | null
  /** Earlier times are not proposed. */
  now: string
  /** The gap to keep before and after. */
  bufferMinutes?: number
}

/** The three free times closest to a refused one. Throws like `proposeTimes`. */
export const proposeNear = (
  db: Db,
  { start: wanted, ...search }: ProposalSearch & { start: string },
): Promise<Span[]> => {
  const [start, count] = [epochMs(wanted), 3]
  const windows = windowsAround({ start, now: epochMs(search.now), minutes: search.minutes })
  return firstWithEnough(db, { search, windows, count }, (within) => nearestTimes({ ...within, start, count }))
}

const searches: Running<Span[]> = new Map()

/** The same for all who ask for it at once: the losers of a race share one search. */
export const proposeNearOnce = (db: Db, search: Parameters<typeof proposeNear>[1]): Promise<Span[]> => {
  const { now: _, ...wanted } = search
  return shared(searches, JSON.stringify(wanted), () => proposeNear(db, search))
}

type Growing = { search: ProposalSearch; windows: readonly Interval[]; count: number }

/** What `choose` finds in the first window that has `count` times, or else in the last. */
const firstWithEnough = (
  db: Db,
  { search, windows, count }: Growing,
  choose: (within: Omit<TimeSearch, 'count'>) => Interval[],
): Promise<Span[]> =>
  db.transaction(async (tx) => {
    const facts = await readSearchFacts(tx, search.businessId)
    if (!facts) return []
    const { minutes, bufferMinutes } = search
    const [opening, zone] = [facts, facts.timeZone]
    let found: Interval[] = []
    for (const within of windows) {
      const busy = await readBusyTimes(tx, { search, within, facts })
      found = choose({ minutes, bufferMinutes, within, opening, zone, busy })
      if (found.length >= count) break
    }
    return found.map(({ from, until }) => ({ start: instantOf(from), end: instantOf(until) }))
  })

type BusySearch = {
  search: ProposalSearch
  within: Interval
  facts: NonNullable<Awaited<ReturnType<typeof readSearchFacts>>>
}

/** What takes the time of the assignees in the window or within the gap around it. */
const readBusyTimes = async (tx: Tx, { search, within, facts }: BusySearch): Promise<Interval[]> => {
  const { businessId, assigneeIds: memberIds, exceptId, bufferMinutes = 0 } = search
  const budget = newReadBudget(businessId)
  const gap = bufferMinutes * minuteMs
  const span = { start: instantOf(within.from - gap), end: instantOf(within.until + gap) }
  const range = { businessId, from: span.start, to: span.end, limit: budget.occurrences + 1 }
  const { timeZone, guestlessBlocks } = facts
  const calendar = facts.calendar && {
    ...facts.calendar,
    calendarZone: facts.calendar.calendarZone ?? timeZone,
  }
  const [booked, holds, stored, expanded] = await Promise.all([
    readBookedTimes(tx, { ...range, memberIds, exceptId }),
    readOpenHolds(tx, range),
    calendar ? readBlockingTimes(tx, { ...range, syncedCalendarId: calendar.id }) : [],
    calendar ? expandBeyondHorizon(tx, { businessId, calendar, span, blocking: true, budget }) : [],
  ])
  spend(budget, { occurrences: booked.length + stored.length })
  const rule: GoogleRule = { guestlessBlocks, linkedBy: facts.linkedBy }
  const concerned = ({ guestMemberIds }: { guestMemberIds: readonly string[] }) => {
    const blocked = blockedMembers(guestMemberIds, rule)
    return blocked.length === 0 || blocked.some((id) => memberIds.includes(id))
  }
  return [
    ...booked,
    ...holds
      .filter((hold) => hold.memberIds.some((id) => memberIds.includes(id)))
      .map(({ startsAt, endsAt }) => ({ from: epochMs(startsAt), until: epochMs(endsAt) })),
    ...stored.filter(concerned),
    ...expanded.filter(concerned).map(({ start, end }) => ({ from: epochMs(start), until: epochMs(end) })),
  ]
}
