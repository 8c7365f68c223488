import { sql } from 'drizzle-orm'
import {
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
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { businessId, members, services } from './business.ts'
import { createdAt, instant, now, transactionId, tstzrange } from './columns.ts'
import { holds } from './receptionist.ts'

export const appointments = pgTable(
  'appointments',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
    title: text('title').notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    location: text('location').notNull().default(''),
    notes: text('notes').notNull().default(''),
    customerName: text('customer_name').notNull().default(''),
    customerPhone: text('customer_phone').notNull().default(''),
    customerEmail: text('customer_email').notNull().default(''),
    status: text('status').$type<'booked' | 'cancelled'>().notNull().default('booked'),
    /**
     * Raised by every change. `event_mappings.revision_pushed` below it means that the appointment
     * is dirty.
     */
    revision: integer('revision').notNull().default(1),
    /** Why this appointment may overlap another of the same assignee. */
    overlapAllowed: text('overlap_allowed').$type<'booked-anyway' | 'moved-in-google'>(),
    /** Set while the event is deleted in Google and the question to people is open. */
    removedInGoogleAt: instant('removed_in_google_at'),
    /** Google could not be checked when it was booked. */
    googleUnchecked: boolean('google_unchecked').notNull().default(false),
    serviceId: uuid('service_id'),
    /** Of the service when it was chosen. */
    gapBefore: integer('gap_before').notNull().default(0),
    gapAfter: integer('gap_after').notNull().default(0),
    /** Booked without an up-to-date mirror or by a service that asks for it: a person confirms. */
    pending: boolean('pending').notNull().default(false),
    /** Null for an appointment made with a key. */
    createdBy: uuid('created_by'),
    apiKeyId: uuid('api_key_id'),
    /** Of the phone call in which it was made. */
    callId: text('call_id'),
    createdAt: createdAt(),
    updatedAt: instant('updated_at').notNull().default(now),
    /** The transaction that last wrote the row; set by a trigger. */
    changedIn: transactionId('changed_in'),
  },
  (t) => [
    index('appointments_by_end').on(t.businessId, t.endsAt, t.startsAt),
    index('appointments_by_change').on(t.businessId, t.changedIn).where(sql`${t.changedIn} is not null`),
    index('appointments_pending').on(t.businessId, t.startsAt).where(sql`${t.pending}`),
    unique('appointments_of_business').on(t.businessId, t.id),
    foreignKey({ columns: [t.businessId, t.createdBy], foreignColumns: [members.businessId, members.id] }),
    foreignKey({ columns: [t.businessId, t.serviceId], foreignColumns: [services.businessId, services.id] }),
    index('appointments_by_time').using('gist', t.businessId, sql`tstzrange(${t.startsAt}, ${t.endsAt})`),
    check('appointments_order', sql`${t.endsAt} > ${t.startsAt}`),
    check('appointments_status', sql`${t.status} in ('booked', 'cancelled')`),
  ],
)

/**
 * `exclusive` rows of one member never overlap: an exclusion constraint in the migration refuses
 * it. A row belongs to an appointment or to a hold.
 */
export const appointmentAssignees = pgTable(
  'appointment_assignees',
  {
    businessId: uuid('business_id').notNull(),
    appointmentId: uuid('appointment_id'),
    memberId: uuid('member_id').notNull(),
    during: tstzrange('during').notNull(),
    exclusive: boolean('exclusive').notNull(),
    holdId: uuid('hold_id'),
  },
  (t) => [
    uniqueIndex('appointment_assignees_of_appointment').on(t.appointmentId, t.memberId),
    uniqueIndex('appointment_assignees_of_hold').on(t.holdId, t.memberId).where(sql`${t.holdId} is not null`),
    foreignKey({ columns: [t.businessId, t.holdId], foreignColumns: [holds.businessId, holds.id] }).onDelete('cascade'),
    foreignKey({
      columns: [t.businessId, t.appointmentId],
      foreignColumns: [appointments.businessId, appointments.id],
    }).onDelete('cascade'),
    foreignKey({ columns: [t.businessId, t.memberId], foreignColumns: [members.businessId, members.id] }),
  ],
)

/**
 * Ties an appointment to its event in one calendar. Rows outlive an unlink, so that linking again
 * adopts the events.
 */
export const eventMappings = pgTable(
  'event_mappings',
  {
    businessId: uuid('business_id').notNull(),
    appointmentId: uuid('appointment_id').notNull(),
    googleSub: text('google_sub').notNull(),
    calendarId: text('calendar_id').notNull(),
    /** Whose own calendar it is, also after an unlink; null = the business's. */
    memberId: uuid('member_id'),
    eventId: text('event_id').notNull(),
    /**
     * Last digit of the event id; the next one is used if the id is taken or its event cannot be
     * restored.
     */
    idSuffix: integer('id_suffix').notNull().default(0),
    etag: text('etag'),
    /**
     * `Content` of `lib/sync/core/content.ts`, last agreed on by both sides; null before the first
     * agreement.
     */
    base: jsonb('base').$type<unknown>(),
    /**
     * Content of writes whose response never arrived (`lib/sync/core/unacknowledged.ts`); null =
     * none.
     */
    unacknowledgedWrites: jsonb('unacknowledged_writes').$type<unknown>(),
    /** `RemoteSnapshot` of `lib/sync/core/content.ts`: the whole event as last read from Google. */
    remoteSnapshot: jsonb('remote_snapshot').$type<unknown>(),
    htmlLink: text('html_link').notNull().default(''),
    /**
     * pending: to be inserted; live; removed: deleted in Google and people are asked; gone: ended
     * on both sides.
     */
    state: text('state').$type<'pending' | 'live' | 'removed' | 'gone'>().notNull().default('pending'),
    /**
     * The full read that last contained it: a later complete read without it means that it is gone.
     */
    generation: integer('generation').notNull().default(0),
    revisionPushed: integer('revision_pushed').notNull().default(0),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at'),
    lastErrorKind: text('last_error_kind'),
    lastErrorDetail: text('last_error_detail'),
    waitingSince: instant('waiting_since'),
    /** The revision that Google refused for good; a later revision is tried again. */
    rejectedRevision: integer('rejected_revision'),
    /**
     * After a change of calendar: the event is removed here once its successor is live. In the
     * selected calendar: its deletion was about to be sent, and only a write shows whether it still
     * exists.
     */
    pendingRemoval: boolean('pending_removal').notNull().default(false),
    /**
     * Refetch before deciding: a series that people made of it changed, or its calendar was
     * selected again.
     */
    needsRefetch: boolean('needs_refetch').notNull().default(false),
    /**
     * Since when full reads do not contain the event: it is fetched by its id before it counts as
     * removed.
     */
    missingSince: instant('missing_since'),
    pushedAt: instant('pushed_at'),
  },
  (t) => [
    primaryKey({ columns: [t.appointmentId, t.googleSub, t.calendarId] }),
    unique('event_mappings_event').on(t.googleSub, t.calendarId, t.eventId),
    foreignKey({
      columns: [t.businessId, t.appointmentId],
      foreignColumns: [appointments.businessId, appointments.id],
    }).onDelete('cascade'),
    index('event_mappings_of_calendar').on(t.businessId, t.googleSub, t.calendarId),
    index('event_mappings_of_members').on(t.businessId, t.memberId).where(sql`${t.memberId} is not null`),
    index('event_mappings_waiting')
      .on(t.businessId, t.googleSub)
      .where(sql`${t.pendingRemoval} or ${t.nextAttemptAt} is not null`),
  ],
)
