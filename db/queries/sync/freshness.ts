import { eq, sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, Tx } from '../../client.ts'
import { googleConnections, syncRequests } from '../../schema/google.ts'

/** The facts that decide how fresh a business's mirror is; null if nothing is linked. */
export const readFreshness = async (db: Db | Tx, businessId: BusinessId) => {
  const [row] = await db
    .select({
      connectionId: googleConnections.id,
      calendarId: googleConnections.calendarId,
      waitsForPerson: googleConnections.waitsForPerson,
      retryAt: googleConnections.retryAt,
      lastSuccessAt: googleConnections.lastSuccessAt,
      failingSince: googleConnections.failingSince,
      channelExpiresAt: googleConnections.channelExpiresAt,
      channelCreatedAt: googleConnections.channelCreatedAt,
      requests: syncRequests,
    })
    .from(googleConnections)
    .leftJoin(syncRequests, eq(syncRequests.connectionId, googleConnections.id))
    .where(eq(googleConnections.businessId, businessId))
  return row ?? null
}

/**
 * Whether the mirror is older than `seconds` while no run is requested, no retry is due later and
 * no person must act.
 */
export const isStale = async (db: Db, businessId: BusinessId, seconds: number): Promise<boolean> => {
  const rows = await db.execute(sql`
    select 1 from google_connections c join sync_requests m on m.connection_id = c.id
    where c.business_id = ${businessId} and c.calendar_id is not null and m.requested <= m.processed
      and not c.waits_for_person
      and (c.retry_at is null or c.retry_at <= now())
      and (c.last_success_at is null or c.last_success_at < now() - make_interval(secs => ${seconds}::int))`)
  return rows.length > 0
}
