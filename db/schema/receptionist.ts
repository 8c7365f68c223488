import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { businessId, members, services } from './business.ts'
import { bytea, createdAt, instant, now } from './columns.ts'

/** Keys of the receptionist interface. The secret is kept as its SHA-256 only. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
    name: text('name').notNull(),
    secretHash: bytea('secret_hash').notNull().unique(),
    /** The first and last characters of the secret, by which people recognise it. */
    hint: text('hint').notNull(),
    scopes: text('scopes').array().notNull(),
    /** Null: all services, all members. */
    serviceIds: uuid('service_ids').array(),
    memberIds: uuid('member_ids').array(),
    /** Appointments of a test key are rows of `test_appointments`, for a day. */
    test: boolean('test').notNull().default(false),
    createdBy: uuid('created_by'),
    createdAt: createdAt(),
    lastUsedAt: instant('last_used_at'),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    unique('api_keys_of_business').on(t.businessId, t.id),
    foreignKey({ columns: [t.businessId, t.createdBy], foreignColumns: [members.businessId, members.id] }),
  ],
)

/**
 * A time kept for a caller. It takes the time of its members through rows of
 * `appointment_assignees` as long as it has neither expired, by the clock of the database, nor
 * ended.
 */
export const holds = pgTable(
  'holds',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
    apiKeyId: uuid('api_key_id').notNull(),
    callId: text('call_id'),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    memberIds: uuid('member_ids').array().notNull(),
    serviceId: uuid('service_id'),
    gapBefore: integer('gap_before').notNull().default(0),
    gapAfter: integer('gap_after').notNull().default(0),
    expiresAt: instant('expires_at').notNull(),
    /** Of a test key: it takes no time from people. */
    test: boolean('test').notNull().default(false),
    /** The appointment that was booked with it. */
    appointmentId: uuid('appointment_id'),
    /** Why it ended before it expired, or `expired` once that was announced. */
    ended: text('ended').$type<'booked' | 'released' | 'taken-over' | 'expired'>(),
    createdAt: createdAt(),
  },
  (t) => [
    unique('holds_of_business').on(t.businessId, t.id),
    index('holds_open').on(t.businessId, t.startsAt).where(sql`${t.ended} is null`),
    index('holds_by_expiry').on(t.expiresAt).where(sql`${t.ended} is null`),
    foreignKey({ columns: [t.businessId, t.apiKeyId], foreignColumns: [apiKeys.businessId, apiKeys.id] }),
    foreignKey({ columns: [t.businessId, t.serviceId], foreignColumns: [services.businessId, services.id] }),
    check('holds_order', sql`${t.endsAt} > ${t.startsAt}`),
  ],
)

/** What test keys booked: never in Google, never on the calendar, deleted after a day. */
export const testAppointments = pgTable(
  'test_appointments',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
    apiKeyId: uuid('api_key_id').notNull(),
    callId: text('call_id'),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    memberIds: uuid('member_ids').array().notNull(),
    serviceId: uuid('service_id'),
    gapBefore: integer('gap_before').notNull().default(0),
    gapAfter: integer('gap_after').notNull().default(0),
    title: text('title').notNull(),
    location: text('location').notNull().default(''),
    notes: text('notes').notNull().default(''),
    customerName: text('customer_name').notNull().default(''),
    customerPhone: text('customer_phone').notNull().default(''),
    customerEmail: text('customer_email').notNull().default(''),
    status: text('status').$type<'booked' | 'cancelled'>().notNull().default('booked'),
    pending: boolean('pending').notNull().default(false),
    revision: integer('revision').notNull().default(1),
    createdAt: createdAt(),
  },
  (t) => [
    index('test_appointments_by_start').on(t.businessId, t.startsAt),
    foreignKey({ columns: [t.businessId, t.apiKeyId], foreignColumns: [apiKeys.businessId, apiKeys.id] }),
  ],
)

/** Answers to POST requests, so that a repeated request does not act twice. Kept for 24 hours. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    businessId: businessId(),
    apiKeyId: uuid('api_key_id').notNull(),
    key: text('key').notNull(),
    /** SHA-256 of method, path and body. */
    requestHash: bytea('request_hash').notNull(),
    /** Null while the request runs; a request that died loses the key at `lockedUntil`. */
    status: integer('status'),
    body: text('body'),
    lockedUntil: instant('locked_until').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.apiKeyId, t.key] }),
    index('idempotency_keys_by_age').on(t.createdAt),
    foreignKey({ columns: [t.businessId, t.apiKeyId], foreignColumns: [apiKeys.businessId, apiKeys.id] }),
  ],
)

/** What was asked, answered and done with keys, for the owner; deleted after 30 days. */
export const apiRequests = pgTable(
  'api_requests',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    businessId: businessId(),
    at: instant('at').notNull().default(now),
    apiKeyId: uuid('api_key_id').notNull(),
    callId: text('call_id'),
    /** `find_times`, `book_appointment` …: the verb, whichever interface asked. */
    verb: text('verb').notNull(),
    /** `ok` or the code of the refusal. */
    outcome: text('outcome').notNull(),
    /** What the caller wanted, and the sentence that answered it. */
    asked: jsonb('asked').$type<Record<string, unknown>>().notNull().default(sql`'{}'::jsonb`),
    said: text('said').notNull().default(''),
    appointmentId: uuid('appointment_id'),
  },
  (t) => [
    index('api_requests_by_time').on(t.businessId, t.id),
    index('api_requests_by_call').on(t.businessId, t.callId, t.id).where(sql`${t.callId} is not null`),
    index('api_requests_by_age').on(t.at),
    foreignKey({ columns: [t.businessId, t.apiKeyId], foreignColumns: [apiKeys.businessId, apiKeys.id] }),
  ],
)

/** What callers want a call back about. */
export const messages = pgTable(
  'messages',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
    apiKeyId: uuid('api_key_id').notNull(),
    callId: text('call_id'),
    name: text('name').notNull().default(''),
    phone: text('phone').notNull().default(''),
    wish: text('wish').notNull(),
    serviceId: uuid('service_id'),
    createdAt: createdAt(),
    doneAt: instant('done_at'),
    doneBy: uuid('done_by'),
  },
  (t) => [
    unique('messages_of_business').on(t.businessId, t.id),
    index('messages_open').on(t.businessId, t.createdAt).where(sql`${t.doneAt} is null`),
    foreignKey({ columns: [t.businessId, t.apiKeyId], foreignColumns: [apiKeys.businessId, apiKeys.id] }),
    foreignKey({ columns: [t.businessId, t.doneBy], foreignColumns: [members.businessId, members.id] }),
  ],
)
