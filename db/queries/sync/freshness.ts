import { and, eq, or, sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, Tx } from '../../client.ts'
import { syncedCalendars, syncRequests } from '../../schema/google.ts'
import { rowsOf } from '../rows.ts'
import { ofBusinessItself } from './calendars.ts'

/** Members whose busy calendars count as well; `appointmentId`: those of its assignees. */
export type AskedMembers = { memberIds?: readonly string[] | 'all'; appointmentId?: string }

/**
 * Active members whose time a calendar blocks, beside that of the business: its own member, or
 * those for whom the business chose it.
 */
const isBlocked = sql`m.business_id = ${syncedCalendars.businessId} and m.deactivated_at is null and case
  when ${syncedCalendars.memberId} is not null then m.id = ${syncedCalendars.memberId}
  else ${syncedCalendars.purpose} = 'busy'
    and (${syncedCalendars.blocksMemberIds} is null or m.id = any(${syncedCalendars.blocksMemberIds})) end`

/** Those whom a calendar blocks, and whether one of them was asked for. */
const blockedOf = (asked: AskedMembers) => sql`(
  select coalesce(array_agg(m.id order by m.id), '{}') as ids, coalesce(bool_or(${isAsked(asked)}), false) as asked
  from members m where ${isBlocked}) blocked`

const isAsked = ({ memberIds = [], appointmentId }: AskedMembers) => {
  if (memberIds === 'all') return sql`true`
  const isNamed = sql`m.id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(memberIds)}::jsonb))`
  const isAssigned = sql`m.id in (select member_id from appointment_assignees where appointment_id = ${appointmentId})`
  const asked = or(memberIds.length > 0 ? isNamed : undefined, appointmentId === undefined ? undefined : isAssigned)
  return asked ?? sql`false`
}

/** The facts that decide how fresh the mirrors of the business and of the asked members are. */
export const readFreshness = (db: Db | Tx, businessId: BusinessId, asked: AskedMembers) => {
  // What blocks everyone also blocks an appointment of no one.
  const isForAll = sql`${syncedCalendars.memberId} is null and ${syncedCalendars.blocksMemberIds} is null`
  return db
    .select({
      syncedCalendarId: syncedCalendars.id,
      /** The calendar where the appointments of the business go. */
      isOfBusiness: sql<boolean>`${syncedCalendars.memberId} is null and ${syncedCalendars.purpose} = 'appointments'`,
      blockedIds: sql<string[]>`blocked.ids`,
      waitsForPerson: syncedCalendars.waitsForPerson,
      retryAt: syncedCalendars.retryAt,
      lastSuccessAt: syncedCalendars.lastSuccessAt,
      failingSince: syncedCalendars.failingSince,
      channelExpiresAt: syncedCalendars.channelExpiresAt,
      channelCreatedAt: syncedCalendars.channelCreatedAt,
      requests: syncRequests,
    })
    .from(syncedCalendars)
    .leftJoin(syncRequests, eq(syncRequests.syncedCalendarId, syncedCalendars.id))
    .crossJoinLateral(blockedOf(asked))
    .where(
      or(
        ofBusinessItself(businessId),
        and(eq(syncedCalendars.businessId, businessId), sql`(${isForAll} or blocked.asked)`),
      ),
    )
    .orderBy(syncedCalendars.id)
}

/**
 * The calendars whose mirror is older than `seconds` while no run is requested, no retry is due
 * later and no person must act.
 */
export const readStale = async (db: Db, businessId: BusinessId, seconds: number): Promise<string[]> => {
  const rows = await rowsOf<{ id: string }>(
    db,
    sql`
    select c.id from synced_calendars c join sync_requests m on m.synced_calendar_id = c.id
    where c.business_id = ${businessId} and m.requested <= m.processed
      and not c.waits_for_person
      and (c.retry_at is null or c.retry_at <= now())
      and (c.last_success_at is null or c.last_success_at < now() - make_interval(secs => ${seconds}::int))`,
  )
  return rows.map(({ id }) => id)
}
