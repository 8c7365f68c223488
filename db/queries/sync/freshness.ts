import { and, eq, or, type SQL, sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, Tx } from '../../client.ts'
import { syncedCalendars, syncRequests } from '../../schema/google.ts'
import { rowsOf } from '../rows.ts'
import { ofBusinessItself } from './calendars.ts'

/** Members whose own calendars count as well; `appointmentId`: those of its assignees. */
export type AskedMembers = { memberIds?: readonly string[] | 'all'; appointmentId?: string }

/** The facts that decide how fresh the mirrors of the business and of the asked members are. */
export const readFreshness = (db: Db | Tx, businessId: BusinessId, asked: AskedMembers) =>
  db
    .select({
      syncedCalendarId: syncedCalendars.id,
      /** Whose calendar it is; null = the business's own. */
      memberId: syncedCalendars.memberId,
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
    .where(or(ofBusinessItself(businessId), ofMembers(businessId, asked)))
    .orderBy(syncedCalendars.id)

const ofMembers = (businessId: BusinessId, { memberIds = [], appointmentId }: AskedMembers) => {
  const { memberId } = syncedCalendars
  const which: (SQL | undefined)[] = [
    memberIds === 'all'
      ? sql`${memberId} in (select id from members where business_id = ${businessId} and deactivated_at is null)`
      : sql`${memberId} in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(memberIds)}::jsonb))`,
    appointmentId === undefined
      ? undefined
      : sql`${memberId} in (select member_id from appointment_assignees where appointment_id = ${appointmentId})`,
  ]
  return and(eq(syncedCalendars.businessId, businessId), or(...which))
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
