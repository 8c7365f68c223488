import { randomUUID } from 'node:crypto'
import type { BusinessId } from '#db/business-id.ts'
import { insertChanges } from '#db/queries/changes.ts'
import { insertWebhook } from '#db/queries/webhooks/webhooks.ts'
import { newSecret } from '#lib/deliveries/sign.ts'
import { sealToken } from '#lib/google/token-vault.ts'
import type { TestDatabase } from '../database.ts'

/** An endpoint of a business; returns its id and secret. */
export const addEndpoint = async (
  { db }: TestDatabase,
  { businessId, url, types = [] }: { businessId: BusinessId; url: string; types?: string[] },
) => {
  const [id, secret] = [randomUUID(), newSecret()]
  await db.transaction((tx) => insertWebhook(tx, { id, businessId, url, types, secret: sealToken(secret, id) }))
  return { id, secret }
}

/** Changes of appointments that exist nowhere, each in a transaction of its own. */
export const addChanges = async (
  { db }: TestDatabase,
  { businessId, count, type = 'appointment.booked' }: { businessId: BusinessId; count: number; type?: string },
) => {
  for (let n = 0; n < count; n++)
    await db.transaction((tx) => insertChanges(tx, [{ businessId, type, subjectId: randomUUID() }]))
}

export const deliveriesOf = ({ sql }: TestDatabase, webhookId: string) => sql<
  {
    id: string
    attempts: number
    delivered: boolean
    failed: boolean
    waits: number | null
    last_status: number | null
    last_error: string | null
    last_ms: number | null
  }[]
>`select id, attempts, delivered_at is not null as delivered, failed_at is not null as failed,
    extract(epoch from next_attempt_at - now())::float8 as waits, last_status, last_error, last_ms
  from webhook_deliveries where webhook_id = ${webhookId} order by created_at, change_id`

/** As after the wait of every retry and every rest. The lease of a job that runs stays. */
export const endWaits = async ({ sql }: TestDatabase) => {
  await sql`update webhook_deliveries set next_attempt_at = now() where next_attempt_at is not null`
  await sql`delete from leases where key = 'webhook:' || holder`
}
