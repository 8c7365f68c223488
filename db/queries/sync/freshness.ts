import { eq, sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, Tx } from '../../client.ts'
import { syncedCalendars, syncRequests } from '../../schema/google.ts'
import { ofBusinessItself } from './calendars.ts'

/** The facts that decide how fresh the business calendar's mirror is; null if none is synced. */
export const readFreshness = async (db: Db | Tx, businessId: BusinessId) => {
  const [row] = await db
    .select({
      syncedCalendarId: syncedCalendars.id,
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
    .where(ofBusinessItself(businessId))
  return row ?? null
}

/**
 * Whether the mirror is older than `seconds` while no run is requested, no retry is due later and
 * no person must act.
 */
export const isStale = async (db: Db, businessId: BusinessId, seconds: number): Promise<boolean> => {
  const rows = await db.execute(sql`
    select 1 from synced_calendars c join sync_requests m on m.synced_calendar_id = c.id
    where c.business_id = ${businessId} and m.requested <= m.processed
      and not c.waits_for_person
      and (c.retry_at is null or c.retry_at <= now())
      and (c.last_success_at is null or c.last_success_at < now() - make_interval(secs => ${seconds}::int))`)
  return rows.length > 0
}
