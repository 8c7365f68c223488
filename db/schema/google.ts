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
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { businessId, members } from './business.ts'
import { bytea, createdAt, instant, now, transactionId, tstzrange } from './columns.ts'

/**
 * A linked Google account: its grant and tokens. A business has one for its own calendar, and each
 * member may have one.
 */
export const googleAccounts = pgTable(
  'google_accounts',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
    /** Whose calendars it holds; null = those of the business. */
    memberId: uuid('member_id'),
    /**
     * The member who linked it; "events without guests block only the linked member" means this
     * one.
     */
    linkedBy: uuid('linked_by').notNull(),
    googleSub: text('google_sub').notNull(),
    googleEmail: text('google_email').notNull(),
    scopes: text('scopes').array().notNull(),
    /** Ciphertexts of `lib/google/token-vault.ts`, bound to this row's id. */
    refreshToken: text('refresh_token').notNull(),
    accessToken: text('access_token'),
    accessTokenExpiresAt: instant('access_token_expires_at'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('google_accounts_of_business').on(t.businessId, t.id),
    unique('google_accounts_one_each').on(t.businessId, t.memberId).nullsNotDistinct(),
    index('google_accounts_by_sub').on(t.googleSub),
    foreignKey({ columns: [t.businessId, t.memberId], foreignColumns: [members.businessId, members.id] }),
    foreignKey({ columns: [t.businessId, t.linkedBy], foreignColumns: [members.businessId, members.id] }),
  ],
)

/**
 * A calendar of a linked account that is read, and written if it is an appointments calendar. A
 * busy calendar only blocks time.
 */
export const syncedCalendars = pgTable(
  'synced_calendars',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
    accountId: uuid('account_id').notNull(),
    /** Whose calendar it is; null = the business's. That of its account. */
    memberId: uuid('member_id'),
    purpose: text('purpose').$type<'appointments' | 'busy'>().notNull(),
    /** Of a busy calendar of the business: whom it blocks; null = everyone. */
    blocksMemberIds: uuid('blocks_member_ids').array(),
    /**
     * Fencing epoch, raised by reconnect and change of calendar: runs of an older epoch record
     * nothing.
     */
    epoch: integer('epoch').notNull().default(1),

    calendarId: text('calendar_id').notNull(),
    calendarName: text('calendar_name').notNull(),
    calendarZone: text('calendar_zone'),
    calendarRole: text('calendar_role'),
    selectedAt: instant('selected_at').notNull(),

    syncToken: text('sync_token'),
    /** Fingerprint of the list parameters that the token and the cursor belong to. */
    syncParameters: text('sync_parameters'),
    /** Next page of an unfinished read, which resumes with `readMode` and `generation`. */
    pageCursor: text('page_cursor'),
    readMode: text('read_mode').$type<'full' | 'delta'>(),
    readFrom: instant('read_from'),
    generation: integer('generation').notNull().default(0),
    importedCount: integer('imported_count').notNull().default(0),
    importedAt: instant('imported_at'),
    skippedCount: integer('skipped_count').notNull().default(0),
    /** The first of them: `SkippedEvent[]` of `lib/sync/core/skipped.ts`. */
    skippedEvents: jsonb('skipped_events').$type<unknown>(),
    /** The unfinished full read had an item without a usable id: it proves no absence. */
    readIncomplete: boolean('read_incomplete').notNull().default(false),
    /** When to read in full again, since such an item may be any event; null: not needed. */
    fullReadAt: instant('full_read_at'),
    horizonStart: instant('horizon_start'),
    horizonEnd: instant('horizon_end'),

    channelId: uuid('channel_id'),
    channelResourceId: text('channel_resource_id'),
    channelSecretHash: bytea('channel_secret_hash'),
    channelExpiresAt: instant('channel_expires_at'),
    channelCreatedAt: instant('channel_created_at'),
    channelUnsupported: boolean('channel_unsupported').notNull().default(false),

    lastSuccessAt: instant('last_success_at'),
    lastFailureAt: instant('last_failure_at'),
    lastFailureKind: text('last_failure_kind'),
    lastFailureDetail: text('last_failure_detail'),
    /**
     * The last failure ends only when a person acts; `waitsForPerson` of
     * `lib/google/failure-kind.ts`.
     */
    waitsForPerson: boolean('waits_for_person').notNull().default(false),
    failingSince: instant('failing_since'),
    /** When `calendar.broken` was reported; `calendar.restored` ends it. */
    reportedBrokenAt: instant('reported_broken_at'),
    failures: integer('failures').notNull().default(0),
    /** The owner allowed the next full read to remove most of the mirror. */
    bulkDeletionApproved: boolean('bulk_deletion_approved').notNull().default(false),
    /** When the calendar, or the first of its waiting appointments, is due for a retry. */
    retryAt: instant('retry_at'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('synced_calendars_of_business').on(t.businessId, t.id),
    uniqueIndex('synced_calendars_one_for_appointments')
      .on(t.businessId, sql`coalesce(${t.memberId}, ${t.businessId})`)
      .where(sql`${t.purpose} = 'appointments'`),
    // Each has one event per appointment: a calendar that two people share is that of one of them.
    uniqueIndex('synced_calendars_for_appointments_once')
      .on(t.businessId, t.calendarId)
      .where(sql`${t.purpose} = 'appointments'`),
    unique('synced_calendars_of_account').on(t.accountId, t.calendarId),
    uniqueIndex('synced_calendars_channel').on(t.channelId),
    foreignKey({
      columns: [t.businessId, t.accountId],
      foreignColumns: [googleAccounts.businessId, googleAccounts.id],
    }).onDelete('cascade'),
    check('synced_calendars_purpose', sql`${t.purpose} in ('appointments', 'busy')`),
  ],
)

/**
 * A push notification or a save during a run raises `requested` above the value the run started
 * with, so that another run follows. A separate table, because a save must not wait for an import
 * that has locked the calendar's row.
 */
export const syncRequests = pgTable(
  'sync_requests',
  {
    syncedCalendarId: uuid('synced_calendar_id')
      .primaryKey()
      .references(() => syncedCalendars.id, { onDelete: 'cascade' }),
    businessId: uuid('business_id').notNull(),
    requested: bigint('requested', { mode: 'number' }).notNull().default(0),
    processed: bigint('processed', { mode: 'number' }).notNull().default(0),
    /**
     * Requests after `pushFrom` up to `pushTo` need a push only; all others need a read of Google,
     * those of a previous version of the product included.
     */
    pushFrom: bigint('push_from', { mode: 'number' }).notNull().default(0),
    pushTo: bigint('push_to', { mode: 'number' }).notNull().default(0),
    lastNotificationAt: instant('last_notification_at'),
    /** A push left the read to its push notification then; over with any notification since. */
    notificationAwaitedSince: instant('notification_awaited_since'),
    /**
     * Raised by triggers when an event mapping may have become dirty without a change of its
     * appointment.
     */
    dirtyVersion: bigint('dirty_version', { mode: 'number' }).notNull().default(0),
    /**
     * Everything written by transactions before this one is in Google or waits for a person. Valid
     * while `dirtyVersion` equals `cleanVersion`.
     */
    cleanBefore: transactionId('clean_before'),
    cleanVersion: bigint('clean_version', { mode: 'number' }),
  },
  (t) => [index('sync_requests_of_business').on(t.businessId)],
)

/**
 * Masters, single events and exceptions of a synced calendar that are not events of
 * appointments.
 */
export const googleEvents = pgTable(
  'google_events',
  {
    businessId: uuid('business_id').notNull(),
    syncedCalendarId: uuid('synced_calendar_id').notNull(),
    eventId: text('event_id').notNull(),
    kind: text('kind').$type<'single' | 'master' | 'exception'>().notNull(),
    recurringEventId: text('recurring_event_id'),
    /** 'YYYYMMDDTHHmmssZ' or 'YYYYMMDD'. */
    originalStart: text('original_start'),
    cancelled: boolean('cancelled').notNull().default(false),
    title: text('title').notNull().default(''),
    location: text('location').notNull().default(''),
    description: text('description').notNull().default(''),
    isPrivate: boolean('is_private').notNull().default(false),
    eventType: text('event_type').notNull().default('default'),
    blocks: boolean('blocks').notNull(),
    /** Stable code of the reason why it does or does not block. */
    blocksWhy: text('blocks_why').notNull(),
    guestMemberIds: uuid('guest_member_ids').array().notNull().default(sql`'{}'::uuid[]`),
    /** `EventTimes` of `lib/recurrence/times.ts`; null for a cancelled exception. */
    times: jsonb('times').$type<unknown>(),
    recurrence: text('recurrence').array(),
    htmlLink: text('html_link').notNull().default(''),
    /** Empty for events that a version before this column stored. */
    icalUid: text('ical_uid').notNull().default(''),
    etag: text('etag').notNull().default(''),
    googleUpdatedAt: instant('google_updated_at'),
    /**
     * End of a single event or exception, last instant of a series; null = endless. Whether a full
     * read covers it.
     */
    endsAt: instant('ends_at'),
    /** The appointment whose event became this series, if any. */
    appointmentId: uuid('appointment_id'),
    generation: integer('generation').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.syncedCalendarId, t.eventId] }),
    foreignKey({
      columns: [t.businessId, t.syncedCalendarId],
      foreignColumns: [syncedCalendars.businessId, syncedCalendars.id],
    }).onDelete('cascade'),
    // These and the indexes of google_occurrences start with the business, the primary keys with
    // the calendar. Each query so has one usable index: a table that has just been filled has no
    // statistics to choose by.
    index('google_events_of_series').on(t.businessId, t.recurringEventId).where(sql`${t.recurringEventId} is not null`),
  ],
)

/** Expanded instances within the horizon; all-day instances also have their dates. */
export const googleOccurrences = pgTable(
  'google_occurrences',
  {
    businessId: uuid('business_id').notNull(),
    syncedCalendarId: uuid('synced_calendar_id').notNull(),
    instanceId: text('instance_id').notNull(),
    /** The row of `google_events` with title and details. */
    eventId: text('event_id').notNull(),
    /** The master or single event that was expanded into this row: the unit that is rewritten. */
    seriesId: text('series_id').notNull(),
    during: tstzrange('during').notNull(),
    startDate: text('start_date'),
    endDate: text('end_date'),
    blocks: boolean('blocks').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.syncedCalendarId, t.instanceId] }),
    foreignKey({
      columns: [t.businessId, t.syncedCalendarId],
      foreignColumns: [syncedCalendars.businessId, syncedCalendars.id],
    }).onDelete('cascade'),
    // Read by `occurrences_within`, which has the same two conditions.
    index('google_occurrences_short')
      .on(t.businessId, sql`lower(${t.during})`)
      .where(sql`upper(${t.during}) - lower(${t.during}) <= interval '48 hours'`),
    index('google_occurrences_long')
      .using('gist', t.businessId, t.during)
      .where(sql`upper(${t.during}) - lower(${t.during}) > interval '48 hours'`),
    // A single event is its own only occurrence, which the primary key finds.
    index('google_occurrences_of_series').on(t.businessId, t.seriesId).where(sql`${t.instanceId} <> ${t.seriesId}`),
  ],
)

/**
 * Unlinked accounts whose channels must still be stopped and whose grant must still be revoked.
 */
export const googleRevocations = pgTable('google_revocations', {
  id: uuid('id').primaryKey().defaultRandom(),
  /** No foreign key: a revocation outlives a deleted business. */
  businessId: uuid('business_id').notNull(),
  googleSub: text('google_sub').notNull(),
  refreshToken: text('refresh_token').notNull(),
  /** `Channel[]` of `db/queries/sync/revocations.ts`. */
  channels: jsonb('channels').$type<unknown>().notNull(),
  attempts: integer('attempts').notNull().default(0),
  nextAttemptAt: instant('next_attempt_at').notNull().default(now),
  createdAt: createdAt(),
})

/** Quota units spent per Google account and minute, shared by all processes. */
export const googleBudget = pgTable(
  'google_budget',
  {
    googleSub: text('google_sub').notNull(),
    minute: instant('minute').notNull(),
    spent: integer('spent').notNull(),
  },
  (t) => [primaryKey({ columns: [t.googleSub, t.minute] })],
)
