import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, GlobalDb, GlobalTx, Tx } from '../../client.ts'
import { webhookDeliveries } from '../../schema/webhooks.ts'
import { rowsOf } from '../rows.ts'

/** A delivery waits while it has a `next_attempt_at`; then it is delivered or has failed. */

type Of = { businessId: BusinessId; webhookId: string }

const isOf = ({ businessId, webhookId }: Of) =>
  and(eq(webhookDeliveries.businessId, businessId), eq(webhookDeliveries.webhookId, webhookId))

/** `type` is null for a test. */
export type DueDelivery = {
  id: string
  attempts: number
  type: string | null
  at: string
  subjectId: string | null
  revision: number | null
  position: number | null
}

const instantText = (column: string) =>
  sql.raw(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)

/** Those of an endpoint that are due, in order of creation. */
export const readDueDeliveries = (
  db: Db | Tx,
  { businessId, webhookId, limit }: Of & { limit: number },
): Promise<DueDelivery[]> =>
  rowsOf(
    db,
    sql`
    select d.id, d.attempts, c.type, coalesce(${instantText('c.at')}, ${instantText('d.created_at')}) as at,
      c.subject_id as "subjectId", c.revision, c.position::float8 as position
    from webhook_deliveries d left join changes c on c.id = d.change_id and c.business_id = d.business_id
    where d.business_id = ${businessId} and d.webhook_id = ${webhookId} and d.next_attempt_at <= clock_timestamp()
    order by d.created_at, d.change_id limit ${limit}`,
  )

/** Seconds until the next attempt of an endpoint; null if none waits. */
export const readNextAttemptSeconds = async (db: Db | Tx, { businessId, webhookId }: Of): Promise<number | null> => {
  const [row] = await rowsOf<{ seconds: number | null }>(
    db,
    sql`
    select extract(epoch from min(next_attempt_at) - clock_timestamp())::float8 as seconds
    from webhook_deliveries
    where business_id = ${businessId} and webhook_id = ${webhookId} and next_attempt_at is not null`,
  )
  const seconds = row?.seconds ?? null
  return seconds === null ? null : Math.max(0, seconds)
}

export type Attempted = {
  id: string
  status: number | null
  error: string | null
  ms: number
  /** Seconds until the next attempt; null if this was the last one. */
  again: number | null
  delivered: boolean
}

/** Records one attempt. A delivery that was ended in the meantime stays so, unless it arrived. */
export const recordAttempt = async (
  db: Db | Tx,
  { businessId, webhookId, id, status, error, ms, again, delivered }: Of & Attempted,
): Promise<void> => {
  await db.execute(sql`
    update webhook_deliveries set attempts = attempts + 1, last_status = ${status}, last_error = ${error}, last_ms = ${ms},
      delivered_at = case when ${delivered} then clock_timestamp() end,
      failed_at = case when ${delivered} then null when next_attempt_at is null then failed_at
        when ${again}::float8 is null then clock_timestamp() end,
      next_attempt_at = case when not ${delivered} and next_attempt_at is not null
        then clock_timestamp() + make_interval(secs => ${again}::float8) end
    where business_id = ${businessId} and webhook_id = ${webhookId} and id = ${id}`)
}

/** Ends what waits, because nothing is sent to the endpoint any more. */
export const failWaiting = async (tx: Tx, { error, ...of }: Of & { error: string }): Promise<void> => {
  await tx
    .update(webhookDeliveries)
    .set({ nextAttemptAt: null, failedAt: sql`now()`, lastError: sql`coalesce(last_error, ${error})` })
    .where(and(isOf(of), isNotNull(webhookDeliveries.nextAttemptAt)))
}

/** A delivery without a change: a test. Returns its id. */
export const insertTestDelivery = async (tx: Tx, { businessId, webhookId }: Of): Promise<string> => {
  const [row] = await tx
    .insert(webhookDeliveries)
    .values({ businessId, webhookId })
    .returning({ id: webhookDeliveries.id })
  if (!row) throw new Error('An insert of a delivery returned no row.')
  return row.id
}

/** Sends again: one delivery, or with `id` null all that failed. Returns how many. */
export const replayDeliveries = async (tx: Tx, { id, ...of }: Of & { id: string | null }): Promise<number> => {
  const rows = await tx
    .update(webhookDeliveries)
    .set({ nextAttemptAt: sql`now()`, attempts: 0, deliveredAt: null, failedAt: null })
    .where(and(isOf(of), id === null ? isNotNull(webhookDeliveries.failedAt) : eq(webhookDeliveries.id, id)))
    .returning({ id: webhookDeliveries.id })
  return rows.length
}

export type LoggedDelivery = {
  id: string
  type: string | null
  createdAt: string
  attempts: number
  nextAttemptAt: string | null
  deliveredAt: string | null
  failedAt: string | null
  lastStatus: number | null
  lastError: string | null
  lastMs: number | null
}

/** The latest deliveries of an endpoint, newest first, and how many failed. */
export const readDeliveryLog = async (
  db: Db | Tx,
  { businessId, webhookId, limit }: Of & { limit: number },
): Promise<{ deliveries: LoggedDelivery[]; failed: number }> => {
  const deliveries = await rowsOf<LoggedDelivery>(
    db,
    sql`
    select d.id, c.type, ${instantText('d.created_at')} as "createdAt", d.attempts,
      ${instantText('d.next_attempt_at')} as "nextAttemptAt", ${instantText('d.delivered_at')} as "deliveredAt",
      ${instantText('d.failed_at')} as "failedAt", d.last_status as "lastStatus", d.last_error as "lastError",
      d.last_ms as "lastMs"
    from webhook_deliveries d left join changes c on c.id = d.change_id and c.business_id = d.business_id
    where d.business_id = ${businessId} and d.webhook_id = ${webhookId}
    order by d.created_at desc, d.change_id desc nulls first limit ${limit}`,
  )
  const [row] = await rowsOf<{ failed: number }>(
    db,
    sql`
    select count(*)::int as failed from webhook_deliveries
    where business_id = ${businessId} and webhook_id = ${webhookId} and failed_at is not null`,
  )
  return { deliveries, failed: row?.failed ?? 0 }
}

/** Queues the job that delivers to an endpoint; see `request_webhook`. */
export const requestWebhook = async (db: Db | Tx, webhookId: string, seconds: number): Promise<void> => {
  await db.execute(sql`select request_webhook(${webhookId}::uuid, ${seconds}::float8)`)
}

/** Queues a job for every endpoint with a delivery that is due and that does not rest. */
export const enqueueDueWebhooks = async (db: GlobalDb | GlobalTx): Promise<number> => {
  const rows = await db.execute(sql`
    select request_webhook(webhook_id, 0) from (
      select distinct webhook_id from webhook_deliveries where next_attempt_at <= now() order by webhook_id) due
    where not exists (select from leases where key = 'webhook:' || webhook_id and expires_at > now())`)
  return rows.length
}
