import { and, asc, eq, sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, GlobalDb, Tx } from '../../client.ts'
import { webhooks } from '../../schema/webhooks.ts'

export type WebhookRow = Omit<typeof webhooks.$inferSelect, 'businessId' | 'createdBy'>

const columns = {
  id: webhooks.id,
  url: webhooks.url,
  types: webhooks.types,
  secret: webhooks.secret,
  previousSecret: webhooks.previousSecret,
  previousSecretUntil: webhooks.previousSecretUntil,
  failingSince: webhooks.failingSince,
  warnedAt: webhooks.warnedAt,
  disabledAt: webhooks.disabledAt,
  disabledWhy: webhooks.disabledWhy,
  createdAt: webhooks.createdAt,
}

type Key = { businessId: BusinessId; id: string }

const isWebhook = ({ businessId, id }: Key) => and(eq(webhooks.businessId, businessId), eq(webhooks.id, id))

/** The business that a job has to enter. */
export const readBusinessOfWebhook = async (db: GlobalDb, id: string): Promise<BusinessId | null> => {
  const [row] = await db.select({ businessId: sql<BusinessId>`business_id` }).from(webhooks).where(eq(webhooks.id, id))
  return row?.businessId ?? null
}

export const readWebhooks = (db: Db | Tx, businessId: BusinessId): Promise<WebhookRow[]> =>
  db
    .select(columns)
    .from(webhooks)
    .where(eq(webhooks.businessId, businessId))
    .orderBy(asc(webhooks.createdAt), asc(webhooks.id))

export const readWebhook = async (
  db: Db | Tx,
  key: Key,
  options: { lock?: boolean } = {},
): Promise<WebhookRow | null> => {
  const query = db.select(columns).from(webhooks).where(isWebhook(key))
  const [row] = await (options.lock ? query.for('no key update') : query)
  return row ?? null
}

export const insertWebhook = async (tx: Tx, row: typeof webhooks.$inferInsert): Promise<void> => {
  await tx.insert(webhooks).values(row)
}

export const updateWebhook = async (
  tx: Tx,
  key: Key,
  changes: Partial<Omit<WebhookRow, 'id' | 'createdAt'>>,
): Promise<void> => {
  await tx.update(webhooks).set(changes).where(isWebhook(key))
}

/** Its deliveries go with it. */
export const deleteWebhook = async (tx: Tx, key: Key): Promise<void> => {
  await tx.delete(webhooks).where(isWebhook(key))
}
