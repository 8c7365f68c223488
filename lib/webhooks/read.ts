import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { type LoggedDelivery, readDeliveryLog } from '#db/queries/webhooks/deliveries.ts'
import type { WebhookRow } from '#db/queries/webhooks/webhooks.ts'
import type { Delivery, Webhook } from './schema.ts'

export type DeliveryLog = { deliveries: Delivery[]; failed: number }

const shownDeliveries = 100

export const readLog = async (db: Db, of: { businessId: BusinessId; webhookId: string }): Promise<DeliveryLog> => {
  const { deliveries, failed } = await readDeliveryLog(db, { ...of, limit: shownDeliveries })
  return { deliveries: deliveries.map(toDelivery), failed }
}

const toDelivery = (row: LoggedDelivery): Delivery => {
  const { id, type, createdAt, attempts, nextAttemptAt, deliveredAt, failedAt } = row
  const seen = { id, type, createdAt, attempts, status: row.lastStatus, error: row.lastError, ms: row.lastMs }
  if (deliveredAt) return { ...seen, state: 'delivered', at: deliveredAt }
  if (failedAt) return { ...seen, state: 'failed', at: failedAt }
  return { ...seen, state: 'waiting', at: nextAttemptAt ?? createdAt }
}

export const toWebhook = (row: WebhookRow, now: string): Webhook => ({
  id: row.id,
  url: row.url,
  types: row.types,
  state: stateOf(row),
  rotatingUntil: row.previousSecretUntil && row.previousSecretUntil > now ? row.previousSecretUntil : null,
})

const stateOf = ({ disabledAt, disabledWhy, failingSince }: WebhookRow): Webhook['state'] => {
  if (disabledAt) return { is: 'off', since: disabledAt, why: disabledWhy ?? 'owner' }
  return failingSince ? { is: 'failing', since: failingSince } : { is: 'on' }
}
