import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  date,
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
import { appointments } from './appointments.ts'
import { businessId, members, services } from './business.ts'
import { createdAt, instant } from './columns.ts'

/** A rule of repetition and what its visits are made from. */
export const series = pgTable(
  'series',
  {
    id: uuid('id').primaryKey(),
    businessId: businessId(),
    /** An RRULE value without DTSTART (`lib/repeat/repeat.ts`). */
    rule: text('rule').notNull(),
    /** Wall time of the first visit, `YYYY-MM-DDTHH:mm`. */
    startsAt: text('starts_at').notNull(),
    /** Of the business when the rule was chosen: visits stay at their moment if it changes. */
    timeZone: text('time_zone').notNull(),
    minutes: integer('minutes').notNull(),
    title: text('title').notNull(),
    location: text('location').notNull().default(''),
    notes: text('notes').notNull().default(''),
    customerName: text('customer_name').notNull().default(''),
    customerPhone: text('customer_phone').notNull().default(''),
    customerEmail: text('customer_email').notNull().default(''),
    serviceId: uuid('service_id'),
    /** Of the service when it was chosen. */
    gapBefore: integer('gap_before').notNull().default(0),
    gapAfter: integer('gap_after').notNull().default(0),
    assigneeIds: uuid('assignee_ids').array().notNull().default(sql`'{}'::uuid[]`),
    /** What a person accepted for every date of it: `closed`, `away`. */
    accepted: text('accepted').array().notNull().default(sql`'{}'::text[]`),
    /** The series that this one follows after a change of the following visits. */
    continues: uuid('continues'),
    /** Cancelled as a whole. */
    ended: boolean('ended').notNull().default(false),
    /** The last date up to which visits exist; null if every date of the rule has one. */
    plannedUntil: date('planned_until'),
    revision: integer('revision').notNull().default(1),
    /** Null for a series made with a key. */
    createdBy: uuid('created_by'),
    apiKeyId: uuid('api_key_id'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('series_of_business').on(t.businessId, t.id),
    index('series_to_plan').on(t.plannedUntil).where(sql`not ${t.ended} and ${t.plannedUntil} is not null`),
    foreignKey({ columns: [t.businessId, t.createdBy], foreignColumns: [members.businessId, members.id] }),
    foreignKey({ columns: [t.businessId, t.serviceId], foreignColumns: [services.businessId, services.id] }),
    check('series_minutes', sql`${t.minutes} > 0`),
  ],
)

/**
 * One row for each date that was planned. The key makes planning idempotent: a visit that was
 * cancelled, moved or skipped keeps its row and is never made a second time.
 */
export const seriesVisits = pgTable(
  'series_visits',
  {
    businessId: uuid('business_id').notNull(),
    seriesId: uuid('series_id').notNull(),
    /** Wall time that the rule gave, in the zone of the series. */
    originalStart: text('original_start').notNull(),
    state: text('state').$type<'booked' | 'skipped' | 'needs-time'>().notNull(),
    /** Of a booked visit. */
    appointmentId: uuid('appointment_id').unique(),
    /** Why it needs a time. */
    reason: text('reason').$type<'clash' | 'closed' | 'holiday' | 'away' | 'google'>(),
    /** Set while the question is open whether the following visits move as well. */
    movedInGoogleAt: instant('moved_in_google_at'),
  },
  (t) => [
    primaryKey({ columns: [t.seriesId, t.originalStart] }),
    foreignKey({ columns: [t.businessId, t.seriesId], foreignColumns: [series.businessId, series.id] }).onDelete(
      'cascade',
    ),
    foreignKey({
      columns: [t.businessId, t.appointmentId],
      foreignColumns: [appointments.businessId, appointments.id],
    }).onDelete('cascade'),
    index('series_visits_waiting')
      .on(t.businessId, t.originalStart)
      .where(sql`${t.state} = 'needs-time' or ${t.movedInGoogleAt} is not null`),
    check('series_visits_state', sql`${t.state} in ('booked', 'skipped', 'needs-time')`),
    check('series_visits_booked', sql`(${t.state} = 'booked') = (${t.appointmentId} is not null)`),
  ],
)

/** What an operation on a series changed, for **Undo**; kept for a day. */
export const seriesOperations = pgTable(
  'series_operations',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
    kind: text('kind').notNull(),
    /** `OperationImage` of `lib/series/undo/image.ts`. */
    image: jsonb('image').$type<unknown>().notNull(),
    createdBy: uuid('created_by'),
    createdAt: createdAt(),
    undoneAt: instant('undone_at'),
  },
  (t) => [
    index('series_operations_by_age').on(t.createdAt),
    foreignKey({ columns: [t.businessId, t.createdBy], foreignColumns: [members.businessId, members.id] }),
  ],
)
