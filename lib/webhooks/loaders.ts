import 'server-only'
import type { BusinessId } from '#db/business-id.ts'
import { readWebhooks } from '#db/queries/webhooks/webhooks.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { toWebhook } from './read.ts'
import type { Webhook } from './schema.ts'

export type WebhooksPage = { businessId: string; webhooks: Webhook[]; now: string }

/** For a page of the owner, which checks who asks. */
export const webhooksOf = async (businessId: BusinessId): Promise<WebhooksPage> => {
  const now = new Date().toISOString()
  const rows = await readWebhooks(tenantDbOf({ businessId }), businessId)
  return { businessId, webhooks: rows.map((row) => toWebhook(row, now)), now }
}
