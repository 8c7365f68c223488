import { sql } from 'drizzle-orm'
import { bigint, foreignKey, index, integer, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { businessId, members } from './business.ts'
import { createdAt, instant, now, transactionId } from './columns.ts'

/**
 * Everything that happened to appointments, holds, calendars and messages, for ever; also the
 * outbox of the webhooks. Written in the transaction of the change.
 */
export const changes = pgTable(
  'changes',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    businessId: businessId(),
    /** The transaction that wrote the row; identity values are not in the order of commits. */
    transaction: transactionId('transaction').notNull().default(sql`pg_current_xact_id()`),
    /**
     * Its place among the changes of the business: 1, 2, 3 … Given by the first reader once no
     * older transaction is running, so that no row appears behind one that was read.
     */
    position: bigint('position', { mode: 'number' }),
    at: instant('at').notNull().default(now),
    type: text('type').notNull(),
    /** Of the appointment, the hold or the message. */
    subjectId: uuid('subject_id'),
    /** Of the appointment after the change. */
    revision: integer('revision'),
  },
  (t) => [
    uniqueIndex('changes_in_order').on(t.businessId, t.position),
    index('changes_to_place').on(t.businessId, t.transaction, t.id).where(sql`${t.position} is null`),
  ],
)

/** Where changes are sent, as Standard Webhooks 1.0.0. */
export const webhooks = pgTable(
  'webhooks',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
    url: text('url').notNull(),
    /** Types of `changes`; empty means all. */
    types: text('types').array().notNull().default(sql`'{}'::text[]`),
    /** Ciphertexts of `lib/google/token-vault.ts`, bound to this row's id. */
    secret: text('secret').notNull(),
    /** Signs as well until then, while the receiver changes to the new one. */
    previousSecret: text('previous_secret'),
    previousSecretUntil: instant('previous_secret_until'),
    failingSince: instant('failing_since'),
    /** Sent about it, so that the mail is not sent twice. */
    warnedAt: instant('warned_at'),
    disabledAt: instant('disabled_at'),
    disabledWhy: text('disabled_why').$type<'gone' | 'failing' | 'owner'>(),
    createdBy: uuid('created_by'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('webhooks_of_business').on(t.businessId, t.id),
    foreignKey({ columns: [t.businessId, t.createdBy], foreignColumns: [members.businessId, members.id] }),
  ],
)

export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    /** The `webhook-id`, the same for every attempt. */
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
    webhookId: uuid('webhook_id').notNull(),
    /** Null for a test ping. */
    changeId: bigint('change_id', { mode: 'number' }),
    createdAt: createdAt(),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at').default(now),
    deliveredAt: instant('delivered_at'),
    /** Given up after three days. */
    failedAt: instant('failed_at'),
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
    lastMs: integer('last_ms'),
  },
  (t) => [
    index('webhook_deliveries_by_time').on(t.businessId, t.webhookId, t.createdAt),
    index('webhook_deliveries_due').on(t.nextAttemptAt).where(sql`${t.nextAttemptAt} is not null`),
    foreignKey({ columns: [t.businessId, t.webhookId], foreignColumns: [webhooks.businessId, webhooks.id] }).onDelete(
      'cascade',
    ),
  ],
)
