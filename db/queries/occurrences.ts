import { and, eq, inArray, or, sql } from 'drizzle-orm'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { businesses, googleConnections, googleEvents, googleOccurrences } from '#db/schema.ts'

/** What decides which Google events are shown, to whom, and whom they block. */
export type CalendarFacts = {
  timeZone: string
  staffSee: 'details' | 'busy'
  guestlessBlocks: 'everyone' | 'linked-member'
  /** Null when no calendar is selected. */
  connection: {
    id: string
    linkedBy: string
    calendarZone: string
    horizonStart: string | null
    horizonEnd: string | null
    failing: { since: string; kind: string } | null
  } | null
}

/**
 * With `lock`, bookings of a linked business take turns on its connection. It is the first lock of every
 * transaction that writes appointments, the sync engine's too: then none can wait in a circle.
 */
export const readCalendarFacts = async (
  db: Db | Tx,
  businessId: BusinessId,
  options: { lock?: boolean } = {},
): Promise<CalendarFacts> => {
  const query = db.select().from(googleConnections).where(eq(googleConnections.businessId, businessId))
  // Sent together, the lock first.
  const [[connection], [business]] = await Promise.all([
    options.lock ? query.for('no key update') : query,
    db
      .select({
        timeZone: businesses.timeZone,
        staffSee: businesses.staffSee,
        guestlessBlocks: businesses.guestlessBlocks,
      })
      .from(businesses)
      .where(eq(businesses.id, businessId)),
  ])
  if (!business) throw new Error('The business of a signed-in member is gone.')
  return { ...business, connection: connection?.calendarId ? connectionFacts(connection, business) : null }
}

const connectionFacts = (row: typeof googleConnections.$inferSelect, business: { timeZone: string }) => ({
  id: row.id,
  linkedBy: row.linkedBy,
  calendarZone: row.calendarZone ?? business.timeZone,
  horizonStart: row.horizonStart,
  horizonEnd: row.horizonEnd,
  failing:
    row.failingSince && row.lastFailureKind ? { since: row.failingSince, kind: row.lastFailureKind } : null,
})

export type OccurrenceRow = {
  instanceId: string
  /** UTC instants, the end exclusive; all-day ones from midnight to midnight in the calendar's zone. */
  start: string
  end: string
  startDate: string | null
  endDate: string | null
  blocks: boolean
  blocksWhy: string
  title: string
  location: string
  description: string
  isPrivate: boolean
  recurring: boolean
  guestMemberIds: string[]
  htmlLink: string
}

const details = {
  title: googleEvents.title,
  location: googleEvents.location,
  description: googleEvents.description,
  isPrivate: googleEvents.isPrivate,
  blocksWhy: googleEvents.blocksWhy,
  guestMemberIds: googleEvents.guestMemberIds,
  htmlLink: googleEvents.htmlLink,
}

/**
 * Occurrences that touch [from, to), by start. The function knows the indexes that short and long ones are in. Each one's event is
 * looked up by itself: Postgres cannot tell how few they are, and would read the events of all businesses to join them.
 */
export const readOccurrencesInRange = async (
  db: Db | Tx,
  range: { businessId: BusinessId; connectionId: string; from: string; to: string; blocking?: boolean },
): Promise<OccurrenceRow[]> => {
  const event = db
    .select({ ...details, kind: googleEvents.kind })
    .from(googleEvents)
    .where(
      and(
        eq(googleEvents.connectionId, googleOccurrences.connectionId),
        eq(googleEvents.eventId, googleOccurrences.eventId),
      ),
    )
    .limit(1)
    .as('event')
  return db
    .select({
      instanceId: sql<string>`${googleOccurrences.instanceId}`,
      start: sql`lower(${googleOccurrences.during})`.mapWith(instantOf),
      end: sql`upper(${googleOccurrences.during})`.mapWith(instantOf),
      startDate: sql<string | null>`${googleOccurrences.startDate}`,
      endDate: sql<string | null>`${googleOccurrences.endDate}`,
      blocks: sql<boolean>`${googleOccurrences.blocks}`,
      recurring: sql<boolean>`${event.kind} <> 'single'`,
      title: event.title,
      location: event.location,
      description: event.description,
      isPrivate: event.isPrivate,
      blocksWhy: event.blocksWhy,
      guestMemberIds: event.guestMemberIds,
      htmlLink: event.htmlLink,
    })
    .from(sql`occurrences_within(${range.businessId}, ${range.connectionId},
      tstzrange(${range.from}::timestamptz, ${range.to}::timestamptz)) as google_occurrences`)
    .innerJoinLateral(event, sql`true`)
    .where(range.blocking ? eq(googleOccurrences.blocks, true) : undefined)
    .orderBy(sql`lower(${googleOccurrences.during})`, googleOccurrences.instanceId)
}

/** Postgres writes `2026-11-23 09:00:00+00`. */
const instantOf = (value: string) => `${value.slice(0, 10)}T${value.slice(11).replace(/\+00$/, '')}Z`

export type EventRow = {
  eventId: string
  kind: 'single' | 'master' | 'exception'
  recurringEventId: string | null
  originalStart: string | null
  cancelled: boolean
  /** `EventTimes` of `lib/recurrence/times.ts`. */
  times: unknown
  recurrence: string[] | null
  blocks: boolean
} & typeof googleEvents.$inferSelect

/**
 * Events that may reach into [from, to) beyond the stored occurrences: every series with its exceptions, and the
 * single events around it. Dates and instants compare as text, so `from` and `to` carry a day's margin.
 */
export const readEventsToExpand = async (
  db: Db | Tx,
  range: { businessId: BusinessId; connectionId: string; from: string; to: string },
): Promise<EventRow[]> =>
  db
    .select()
    .from(googleEvents)
    .where(
      and(
        eq(googleEvents.businessId, range.businessId),
        eq(googleEvents.connectionId, range.connectionId),
        or(
          inArray(googleEvents.kind, ['master', 'exception']),
          sql`(${googleEvents.times}->>'start' < ${range.to} and ${googleEvents.times}->>'end' > ${range.from})`,
        ),
      ),
    )
