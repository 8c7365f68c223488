import { Temporal } from 'temporal-polyfill'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import type { Role } from '#lib/auth/schema.ts'
import { nearestTimes, nextTimes } from '#lib/availability/find-a-time.ts'
import type { Span } from '#lib/availability/overlap.ts'
import { readBusy } from './busy.ts'

type ProposalSearch = {
  businessId: BusinessId
  role: Role
  minutes: number
  assigneeIds: string[]
  /** The appointment being moved, which does not block itself. */
  exceptId: string
  /** Earlier times are not proposed. */
  now: string
  /** The gap to keep before and after. */
  bufferMinutes?: number
}

/** The next `count` free times after `from`, within `days`. */
export const proposeTimes = async (
  db: Db | Tx,
  { from, days, count, ...search }: ProposalSearch & { from: string; days: number; count: number },
): Promise<Span[]> => {
  const start = later(from, search.now)
  const within = { start, end: daysAfter(start, days) }
  return nextTimes({ ...(await readSearch(db, search, within)), count })
}

/** The three free times closest to a refused one, within a week of it. */
export const proposeNear = async (
  db: Db | Tx,
  { start, ...search }: ProposalSearch & { start: string },
): Promise<Span[]> => {
  const within = {
    start: later(daysAfter(start, -7), search.now),
    end: daysAfter(later(start, search.now), 7),
  }
  return nearestTimes({ ...(await readSearch(db, search, within)), start, count: 3 })
}

const readSearch = async (db: Db | Tx, search: ProposalSearch, within: Span) => {
  const { businessId, minutes, assigneeIds, bufferMinutes } = search
  const business = await readBusiness(db, businessId)
  const blockers = await readBusy(db, { ...search, memberIds: assigneeIds, span: within })
  const { openingHours = {}, openingExceptions = [], timeZone: zone = 'UTC' } = business ?? {}
  return { minutes, assigneeIds, bufferMinutes, within, openingHours, openingExceptions, zone, blockers }
}

const later = (a: string, b: string) => (Temporal.Instant.compare(a, b) < 0 ? b : a)
const daysAfter = (instant: string, days: number) =>
  Temporal.Instant.from(instant)
    .add({ hours: 24 * days })
    .toString()
