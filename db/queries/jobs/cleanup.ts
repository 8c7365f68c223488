import { type SQL, sql } from 'drizzle-orm'
import type { GlobalDb } from '../../client.ts'

/**
 * What is kept for some time only. Each call deletes a bounded number of rows, of all businesses.
 */

const batch = 5000

/** Deletes by the physical place of the rows, because not every table has a key of one column. */
const deleteSome = (table: SQL, old: SQL) => sql`
  delete from ${table} where ctid = any(array(
    select ctid from ${table} where ${old} limit ${batch} for update skip locked))`

/** Answers to repeated requests: a day. */
export const deleteOldIdempotencyKeys = async (db: GlobalDb): Promise<void> => {
  await db.execute(deleteSome(sql`idempotency_keys`, sql`created_at < now() - interval '24 hours'`))
}

/** The log of calls: thirty days. */
export const deleteOldApiRequests = async (db: GlobalDb): Promise<void> => {
  await db.execute(deleteSome(sql`api_requests`, sql`at < now() - interval '30 days'`))
}

export const deleteOldLeases = async (db: GlobalDb): Promise<void> => {
  await db.execute(deleteSome(sql`leases`, sql`expires_at < now() - interval '1 day'`))
}

/** Deliveries that ended, thirty days after their change; by endpoint, which has an index. */
export const deleteOldDeliveries = async (db: GlobalDb): Promise<void> => {
  await db.execute(sql`
    delete from webhook_deliveries using (
      select old.id from webhooks w, lateral (
        select id from webhook_deliveries d
        where d.business_id = w.business_id and d.webhook_id = w.id and d.created_at < now() - interval '30 days'
          and d.next_attempt_at is null
        order by d.created_at limit ${batch} for update skip locked) old
      limit ${batch}) old
    where webhook_deliveries.id = old.id`)
}
