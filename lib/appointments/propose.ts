import { Temporal } from 'temporal-polyfill'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { readOverlapping } from '#db/queries/appointments.ts'
import { readBusiness } from '#db/queries/businesses.ts'
import { readCalendarFacts } from '#db/queries/occurrences.ts'
import { findATime, nearestTimes } from '#lib/availability/find-a-time.ts'
import { blockerOfAppointment, type Span } from '#lib/availability/overlap.ts'
import type { Role } from '#lib/business/schema.ts'
import { readOccurrences } from './occurrences.ts'
import { blockersOf } from './range.ts'
import { stateOf } from './state.ts'

type Search = {
  businessId: BusinessId
  role: Role
  minutes: number
  assigneeIds: string[]
  /** The appointment that is being moved does not stand in its own way. */
  exceptId: string
  /** Free times before it are of no use. */
  now: string
}

/** The next `count` free times from an instant on, within six weeks. */
export const proposeTimes = async (
  db: Db | Tx,
  { from, count, ...search }: Search & { from: string; count: number },
): Promise<Span[]> => {
  const start = later(from, search.now)
  const within = { start, end: daysAfter(start, 42) }
  return findATime({ ...(await readSearch(db, search, within)), limit: count })
}

/** The three free times closest to a refused one, a week around it. */
export const proposeNear = async (
  db: Db | Tx,
  { start, ...search }: Search & { start: string },
): Promise<Span[]> => {
  const within = {
    start: later(daysAfter(start, -7), search.now),
    end: daysAfter(later(start, search.now), 7),
  }
  return nearestTimes({ ...(await readSearch(db, search, within)), start, count: 3 })
}

const readSearch = async (db: Db | Tx, search: Search, within: Span) => {
  const { businessId, role, minutes, assigneeIds, exceptId } = search
  const facts = await readCalendarFacts(db, businessId)
  const business = await readBusiness(db, businessId)
  const [others, occurrences] = await Promise.all([
    readOverlapping(db, { businessId, ...within, memberIds: assigneeIds, exceptId }),
    readOccurrences(db, { businessId, connection: facts.connection, span: within, blocking: true }),
  ])
  const held = others.flatMap((other) => blockerOfAppointment(stateOf(other)) ?? [])
  const blockers = [...held, ...blockersOf(occurrences, facts, { role, staffSee: facts.staffSee })]
  const openingHours = business?.openingHours ?? {}
  return { minutes, assigneeIds, within, openingHours, zone: facts.timeZone, blockers }
}

const later = (a: string, b: string) => (Temporal.Instant.compare(a, b) < 0 ? b : a)
const daysAfter = (instant: string, days: number) =>
  Temporal.Instant.from(instant)
    .add({ hours: 24 * days })
    .toString()
