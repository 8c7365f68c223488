import { and, eq, gt, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { businesses, members } from '#db/schema/business.ts'
import { googleAccounts, googleEvents, googleOccurrences, syncedCalendars } from '#db/schema/google.ts'
import { literal, rowsOf } from './rows.ts'
import { ofBusinessItself } from './sync/calendars.ts'

/** Where occurrences are stored, and from which times on they have to be expanded. */
export type Mirror = { id: string; calendarZone: string; horizonStart: string | null; horizonEnd: string | null }

/** A calendar of a member's own: whatever its purpose, it blocks their time. */
export type BusyCalendar = Mirror & { memberId: string; memberName: string; purpose: 'appointments' | 'busy' }

/** A further calendar of the business, and whom its events block; empty = everyone. */
export type SharedCalendar = Mirror & { blockedIds: string[] }

/** The settings that decide which Google events are shown, to whom, and whom they block. */
export type CalendarFacts = {
  timeZone: string
  staffSee: 'details' | 'busy'
  /** Appointments are, or were, in calendars of members. */
  hasMemberMappings: boolean
  guestlessBlocks: 'everyone' | 'linked-member'
  /** The business's own; null if none is synced. */
  calendar: (Mirror & { linkedBy: string; failing: { since: string; kind: string } | null }) | null
  /** Of active members. */
  busyCalendars: BusyCalendar[]
  sharedCalendars: SharedCalendar[]
}

/**
 * Bookings of a linked business take turns on its calendar. Every transaction that writes
 * appointments, the sync engine's included, takes this lock first, so that none can deadlock. False
 * if another transaction has it and `try` does not wait.
 */
export const lockCalendar = async (tx: Tx, businessId: BusinessId, lock: 'wait' | 'try'): Promise<boolean> => {
  const all = () => tx.select({ id: syncedCalendars.id }).from(syncedCalendars).where(ofBusinessItself(businessId))
  if (lock === 'wait') {
    await all().for('no key update')
    return true
  }
  const [locked, present] = await Promise.all([
    all().for('no key update', { skipLocked: true }).execute(),
    all().execute(),
  ])
  return locked.length === present.length
}

export const readCalendarFacts = async (db: Db | Tx, businessId: BusinessId): Promise<CalendarFacts> => {
  const [[business], calendars] = await Promise.all([
    db
      .select({
        timeZone: businesses.timeZone,
        staffSee: businesses.staffSee,
        guestlessBlocks: businesses.guestlessBlocks,
        hasMemberMappings: sql<boolean>`exists (select from event_mappings m
          where m.business_id = ${businessId} and m.member_id is not null)`,
      })
      .from(businesses)
      .where(eq(businesses.id, businessId)),
    readCalendarRows(db, businessId),
  ])
  if (!business) throw new Error('The business of a signed-in member is gone.')
  const mirrorOf = ({ id, calendarZone, horizonStart, horizonEnd }: CalendarRow): Mirror => ({
    ...{ id, horizonStart, horizonEnd },
    calendarZone: calendarZone ?? business.timeZone,
  })
  const ofBusiness = calendars.filter(({ memberId }) => memberId === null)
  const own = ofBusiness.find(({ purpose }) => purpose === 'appointments')
  return {
    ...business,
    calendar: own ? { ...mirrorOf(own), linkedBy: own.linkedBy, failing: failingOf(own) } : null,
    busyCalendars: calendars.flatMap((row) => {
      const { memberId, memberName, purpose } = row
      return memberId && memberName !== null ? { ...mirrorOf(row), memberId, memberName, purpose } : []
    }),
    sharedCalendars: ofBusiness
      .filter(({ purpose }) => purpose === 'busy')
      .map((row) => ({ ...mirrorOf(row), blockedIds: row.blockedIds })),
  }
}

/** The calendars of the business itself and of its active members. */
const readCalendarRows = (db: Db | Tx, businessId: BusinessId) =>
  db
    .select({
      id: syncedCalendars.id,
      purpose: syncedCalendars.purpose,
      memberId: syncedCalendars.memberId,
      memberName: members.name,
      linkedBy: googleAccounts.linkedBy,
      calendarZone: syncedCalendars.calendarZone,
      horizonStart: syncedCalendars.horizonStart,
      horizonEnd: syncedCalendars.horizonEnd,
      failingSince: syncedCalendars.failingSince,
      lastFailureKind: syncedCalendars.lastFailureKind,
      // Named one by one where an event without guests blocks only the linked member.
      blockedIds: sql<string[]>`coalesce(${syncedCalendars.blocksMemberIds}, (
        select array_agg(m.id) from members m join businesses b on b.id = m.business_id
        where b.id = ${businessId} and b.guestless_blocks = 'linked-member' and m.deactivated_at is null), '{}')`,
    })
    .from(syncedCalendars)
    .innerJoin(googleAccounts, eq(googleAccounts.id, syncedCalendars.accountId))
    .leftJoin(
      members,
      and(eq(members.businessId, syncedCalendars.businessId), eq(members.id, syncedCalendars.memberId)),
    )
    .where(
      and(
        eq(syncedCalendars.businessId, businessId),
        or(isNull(syncedCalendars.memberId), and(isNotNull(members.id), isNull(members.deactivatedAt))),
      ),
    )
    .orderBy(syncedCalendars.id)

type CalendarRow = Awaited<ReturnType<typeof readCalendarRows>>[number]

const failingOf = ({ failingSince, lastFailureKind }: CalendarRow) =>
  failingSince && lastFailureKind ? { since: failingSince, kind: lastFailureKind } : null

export type OccurrenceRow = {
  instanceId: string
  /**
   * UTC instants, the end exclusive; all-day ones from midnight to midnight in the calendar's zone.
   */
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
  /** Empty for events that were stored before it was. */
  icalUid: string
}

/** `found`: how many the range has, counted to `most`. */
export type FoundOccurrence = OccurrenceRow & { found: number }

const details = {
  title: googleEvents.title,
  location: googleEvents.location,
  description: googleEvents.description,
  isPrivate: googleEvents.isPrivate,
  blocksWhy: googleEvents.blocksWhy,
  guestMemberIds: googleEvents.guestMemberIds,
  htmlLink: googleEvents.htmlLink,
  icalUid: googleEvents.icalUid,
}

/** At most `limit` rows, those behind the row `after` of the same order. */
type Page<Row> = { limit: number; after?: Row }

/**
 * A page of the occurrences that overlap [from, to), by start. The SQL function uses the indexes
 * for short and long occurrences. It is called in a select list, which Postgres stops after `most`
 * rows; in `from` it would collect all of them. Each event is looked up separately: the planner
 * cannot know how few there are and would join the whole table.
 */
export const readOccurrencesInRange = async (
  db: Db | Tx,
  range: {
    businessId: BusinessId
    syncedCalendarId: string
    from: string
    to: string
    most: number
    blocking?: boolean
  },
  { limit, after }: Page<OccurrenceRow>,
): Promise<FoundOccurrence[]> => {
  const event = db
    .select({ ...details, kind: googleEvents.kind })
    .from(googleEvents)
    .where(
      and(
        eq(googleEvents.syncedCalendarId, googleOccurrences.syncedCalendarId),
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
      icalUid: event.icalUid,
      found: sql`google_occurrences.found`.mapWith(Number),
    })
    .from(sql`(select (occurrence).*, count(*) over () as found
      from (select occurrences_within(${range.businessId}, ${range.syncedCalendarId},
        tstzrange(${range.from}::timestamptz, ${range.to}::timestamptz)) as occurrence limit ${range.most}) as counted
      ) as google_occurrences`)
    .innerJoinLateral(event, sql`true`)
    .where(
      and(
        range.blocking ? eq(googleOccurrences.blocks, true) : undefined,
        after &&
          sql`(lower(${googleOccurrences.during}), ${googleOccurrences.instanceId})
          > (${after.start}::timestamptz, ${after.instanceId})`,
      ),
    )
    .orderBy(sql`lower(${googleOccurrences.during})`, googleOccurrences.instanceId)
    .limit(limit)
}

/** What decides about an occurrence that blocks: epoch milliseconds, the end exclusive. */
export type BlockingTime = { id: string; from: number; until: number; guestMemberIds: string[] }

const ms = (instant: string) => sql.raw(`(extract(epoch from ${instant}) * 1000)::float8`)

/**
 * Those that block and overlap [from, to), of a range that is counted to `most`. Literals: a
 * prepared plan could be one for a mirror that was empty.
 */
export const readBlockingInRange = async (
  db: Db | Tx,
  range: { businessId: BusinessId; syncedCalendarId: string; from: string; to: string; most: number },
): Promise<{ times: BlockingTime[]; found: number }> => {
  const rows = await rowsOf<BlockingTime & { found: number }>(
    db,
    sql`
    select instance_id as id, ${ms('lower(during)')} as "from", ${ms('upper(during)')} as until, found,
      (select guest_member_ids from google_events
        where synced_calendar_id = o.synced_calendar_id and event_id = o.event_id) as "guestMemberIds"
    from (select (occurrence).*, (count(*) over ())::int as found
      from (select occurrences_within(${literal(range.businessId)}, ${literal(range.syncedCalendarId)},
        tstzrange(${literal(range.from)}, ${literal(range.to)})) as occurrence limit ${sql.raw(String(range.most))}) as counted
      ) as o
    where blocks`,
  )
  return { times: rows.map(({ found: _, ...time }) => time), found: rows[0]?.found ?? 0 }
}

/** From Postgres's `2026-11-23 09:00:00+00`. */
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
 * A page of the events, by id, that may overlap [from, to) beyond the stored occurrences: every
 * series with its exceptions, and single events near it. Dates and instants are compared as text,
 * so the caller widens `from` and `to` by a day.
 */
export const readEventsToExpand = async (
  db: Db | Tx,
  range: { businessId: BusinessId; syncedCalendarId: string; from: string; to: string },
  { limit, after }: Page<EventRow>,
): Promise<EventRow[]> =>
  db
    .select()
    .from(googleEvents)
    .where(
      and(
        eq(googleEvents.businessId, range.businessId),
        eq(googleEvents.syncedCalendarId, range.syncedCalendarId),
        after && gt(googleEvents.eventId, after.eventId),
        or(
          inArray(googleEvents.kind, ['master', 'exception']),
          sql`(${googleEvents.times}->>'start' < ${range.to} and ${googleEvents.times}->>'end' > ${range.from})`,
        ),
      ),
    )
    .orderBy(googleEvents.eventId)
    .limit(limit)
