import { eq, sql } from 'drizzle-orm'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { businesses } from '#db/schema/business.ts'
import { googleAccounts, syncedCalendars } from '#db/schema/google.ts'
import { rowsOf } from './rows.ts'
import { ofBusinessItself } from './sync/calendars.ts'

/** What a search for free times needs before it reads busy ones; null without a business. */
export const readSearchFacts = async (db: Db | Tx, businessId: BusinessId) => {
  const [row] = await db
    .select({
      timeZone: businesses.timeZone,
      openingHours: businesses.openingHours,
      openingExceptions: businesses.openingExceptions,
      guestlessBlocks: businesses.guestlessBlocks,
      calendar: {
        id: syncedCalendars.id,
        calendarZone: syncedCalendars.calendarZone,
        horizonStart: syncedCalendars.horizonStart,
        horizonEnd: syncedCalendars.horizonEnd,
      },
      linkedBy: googleAccounts.linkedBy,
    })
    .from(businesses)
    .leftJoin(syncedCalendars, ofBusinessItself(businessId))
    .leftJoin(googleAccounts, eq(googleAccounts.id, syncedCalendars.accountId))
    .where(eq(businesses.id, businessId))
  return row ?? null
}

/** Epoch milliseconds, the end exclusive. */
type Interval = { from: number; until: number }

type BusyRange = { businessId: BusinessId; from: string; to: string; limit: number }

const ms = (instant: string) => sql.raw(`(extract(epoch from ${instant}) * 1000)::float8`)

/** At most `limit` times of booked appointments of the members that overlap [from, to). */
export const readBookedTimes = async (
  db: Db | Tx,
  range: BusyRange & { memberIds: readonly string[]; exceptId: string | null },
): Promise<Interval[]> => {
  const { businessId, from, to, memberIds, exceptId, limit } = range
  if (memberIds.length === 0) return []
  return await rowsOf<Interval>(
    db,
    sql`
    select ${ms('starts_at')} as "from", ${ms('ends_at')} as until from appointments
    where business_id = ${businessId} and status = 'booked' and id is distinct from ${exceptId}::uuid
      and id in (select appointments_within(${businessId}, tstzrange(${from}::timestamptz, ${to}::timestamptz)))
      and exists (select from appointment_assignees
        where appointment_id = appointments.id and member_id = any(${`{${memberIds.join()}}`}::uuid[]))
    limit ${limit}`,
  )
}

export type BlockingTime = Interval & { guestMemberIds: string[] }

/**
 * At most `limit` times of stored blocking occurrences that overlap [from, to). Each event is
 * looked up separately, and the function stops after `limit`, as in `readOccurrencesInRange`.
 */
export const readBlockingTimes = async (
  db: Db | Tx,
  { businessId, syncedCalendarId, from, to, limit }: BusyRange & { syncedCalendarId: string },
): Promise<BlockingTime[]> =>
  await rowsOf<BlockingTime>(
    db,
    sql`
    select ${ms('lower(o.during)')} as "from", ${ms('upper(o.during)')} as until, e.guest_member_ids as "guestMemberIds"
    from (select (occurrence).* from (select occurrences_within(${businessId}, ${syncedCalendarId},
      tstzrange(${from}::timestamptz, ${to}::timestamptz)) as occurrence offset 0) counted) o
    cross join lateral (select guest_member_ids from google_events
      where synced_calendar_id = o.synced_calendar_id and event_id = o.event_id limit 1) e
    where o.blocks
    limit ${limit}`,
  )
