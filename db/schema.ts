import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  customType,
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

/**
 * Every table of a business has a `business_id`, and every reference inside a business is a
 * composite foreign key, so that a row of one business can never reference another.
 */

/** A `timestamptz` as `YYYY-MM-DDTHH:mm:ss[.ffffff]Z`. Sessions run in UTC. */
const instant = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamptz',
  fromDriver: (value) => `${value.slice(0, 10)}T${value.slice(11).replace(/\+00$/, '')}Z`,
})

/** A half-open `tstzrange`, written and read as its text form. */
const tstzrange = customType<{ data: string }>({ dataType: () => 'tstzrange' })
/** A transaction id (`xid8`): ascending, never reused by one server. */
const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' })
const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

const now = sql`now()`
const createdAt = () => instant('created_at').notNull().default(now)
const businessId = () =>
  uuid('business_id')
    .notNull()
    .references(() => businesses.id, { onDelete: 'cascade' })

/** Opening hours by ISO weekday '1'–'7': wall-clock intervals 'HH:mm'. */
export type OpeningHours = Record<string, { from: string; to: string }[]>

/** A date `YYYY-MM-DD` with hours of its own; none = closed. */
export type OpeningException = {
  date: string
  hours: { from: string; to: string }[]
  note: string
  /** Taken over from the public holidays. */
  holiday?: boolean
}

export const businesses = pgTable(
  'businesses',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    name: text('name').notNull(),
    timeZone: text('time_zone').notNull(),
    openingHours: jsonb('opening_hours').$type<OpeningHours>().notNull(),
    /** Days that differ from the week, at most one entry per date, by date. */
    openingExceptions: jsonb('opening_exceptions').$type<OpeningException[]>().notNull().default(sql`'[]'::jsonb`),
    defaultMinutes: integer('default_minutes').notNull().default(60),
    /** What staff see of Google events. */
    staffSee: text('staff_see').$type<'details' | 'busy'>().notNull().default('details'),
    guestsOnGoogle: boolean('guests_on_google').notNull().default(true),
    /** Who is blocked by a blocking Google event without member guests. */
    guestlessBlocks: text('guestless_blocks').$type<'everyone' | 'linked-member'>().notNull().default('everyone'),
    /** The default answer when an appointment's event is deleted in Google. */
    whenRemoved: text('when_removed').$type<'ask' | 'cancel' | 'put-back'>().notNull().default('ask'),
    /** Rules for new bookings; a service may have its own notice and horizon. */
    noticeMinutes: integer('notice_minutes').notNull().default(0),
    /** The last bookable date is this many days after today. */
    horizonDays: integer('horizon_days').notNull().default(90),
    stepMinutes: integer('step_minutes').notNull().default(15),
    /** Most appointments of a member that start on one day; null = no limit. */
    mostPerDay: integer('most_per_day'),
    /** `HH:mm`: from then on, today cannot be booked any more; null = never. */
    sameDayCutOff: text('same_day_cut_off'),
    whenGoogleUnknown: text('when_google_unknown').$type<'refuse' | 'pending'>().notNull().default('refuse'),
    /** The master switch of the receptionist interface: off, every write with a key is refused. */
    receptionistMayBook: boolean('receptionist_may_book').notNull().default(true),
    /** Whether staff add and remove their own time off. */
    staffEditTimeOff: boolean('staff_edit_time_off').notNull().default(false),
    /** Country, or country and state, whose public holidays are offered: `AU-NSW`. */
    holidayRegion: text('holiday_region'),
    createdAt: createdAt(),
  },
  (t) => [
    check('businesses_staff_see', sql`${t.staffSee} in ('details', 'busy')`),
    check('businesses_guestless_blocks', sql`${t.guestlessBlocks} in ('everyone', 'linked-member')`),
    check('businesses_when_removed', sql`${t.whenRemoved} in ('ask', 'cancel', 'put-back')`),
  ],
)

export const users = pgTable('users', {
  id: uuid('id').primaryKey().defaultRandom(),
  /** Lower case; verified. */
  email: text('email').notNull().unique(),
  googleSub: text('google_sub').unique(),
  name: text('name').notNull(),
  /**
   * Sessions carry the version they were created with; raising it signs the person out everywhere.
   */
  sessionVersion: integer('session_version').notNull().default(0),
  createdAt: createdAt(),
})

export const members = pgTable(
  'members',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    role: text('role').$type<'owner' | 'staff'>().notNull(),
    name: text('name').notNull(),
    email: text('email').notNull(),
    /** An index into the palette, 1–8. */
    colour: integer('colour').notNull(),
    /** Null: the opening hours of the business. */
    workingHours: jsonb('working_hours').$type<OpeningHours>(),
    deactivatedAt: instant('deactivated_at'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('members_of_business').on(t.businessId, t.id),
    unique('members_user').on(t.businessId, t.userId),
    index('members_by_user').on(t.userId),
    check('members_role', sql`${t.role} in ('owner', 'staff')`),
  ],
)

/** When a member does not work, in wall time of the business, the end exclusive. */
export const timeOff = pgTable(
  'time_off',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
    memberId: uuid('member_id').notNull(),
    /** `YYYY-MM-DDTHH:mm` */
    startsAt: text('starts_at').notNull(),
    endsAt: text('ends_at').notNull(),
    repeats: text('repeats').$type<'never' | 'weekly' | 'yearly'>().notNull().default('never'),
    /** `YYYY-MM-DD`: repetitions that start later do not happen; null = for ever. */
    lastDate: text('last_date'),
    /** Private: owners see it, callers and customers never. */
    reason: text('reason').notNull().default(''),
    createdAt: createdAt(),
  },
  (t) => [
    index('time_off_of_member').on(t.businessId, t.memberId, t.startsAt),
    foreignKey({ columns: [t.businessId, t.memberId], foreignColumns: [members.businessId, members.id] }),
    check('time_off_repeats', sql`${t.repeats} in ('never', 'weekly', 'yearly')`),
    check('time_off_order', sql`${t.endsAt} > ${t.startsAt}`),
  ],
)

/** What can be booked. A deleted one stays for the appointments made with it. */
export const services = pgTable(
  'services',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
    name: text('name').notNull(),
    /** What callers call it. */
    otherNames: text('other_names').array().notNull().default(sql`'{}'::text[]`),
    /** Minutes; the first is the default. */
    durations: integer('durations').array().notNull(),
    /** Minutes that stay free towards other appointments of an assignee. */
    gapBefore: integer('gap_before').notNull().default(0),
    gapAfter: integer('gap_after').notNull().default(0),
    /** Null: the rule of the business. */
    noticeMinutes: integer('notice_minutes'),
    horizonDays: integer('horizon_days'),
    /** Null: everyone. */
    memberIds: uuid('member_ids').array(),
    people: integer('people').notNull().default(1),
    price: text('price').notNull().default(''),
    description: text('description').notNull().default(''),
    active: boolean('active').notNull().default(true),
    /** What Sophiie does when a caller wants it. */
    outcome: text('outcome').$type<'book' | 'pending' | 'message'>().notNull().default('book'),
    deletedAt: instant('deleted_at'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('services_of_business').on(t.businessId, t.id),
    uniqueIndex('services_name').on(t.businessId, sql`lower(${t.name})`).where(sql`${t.deletedAt} is null`),
    check('services_outcome', sql`${t.outcome} in ('book', 'pending', 'message')`),
  ],
)

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

export const googleConnections = pgTable(
  'google_connections',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
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
    /**
     * Fencing epoch, raised by reconnect and change of calendar: runs of an older epoch record
     * nothing.
     */
    epoch: integer('epoch').notNull().default(1),

    calendarId: text('calendar_id'),
    calendarName: text('calendar_name'),
    calendarZone: text('calendar_zone'),
    calendarRole: text('calendar_role'),
    selectedAt: instant('selected_at'),

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
    /** When the connection, or the first of its waiting appointments, is due for a retry. */
    retryAt: instant('retry_at'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('google_connections_of_business').on(t.businessId, t.id),
    uniqueIndex('google_connections_one_per_business').on(t.businessId),
    index('google_connections_by_sub').on(t.googleSub),
    uniqueIndex('google_connections_channel').on(t.channelId),
    foreignKey({ columns: [t.businessId, t.linkedBy], foreignColumns: [members.businessId, members.id] }),
  ],
)

/**
 * A push notification or a save during a run raises `requested` above the value the run started
 * with, so that another run follows. A separate table, because a save must not wait for an import
 * that has locked the connection's row.
 */
export const syncRequests = pgTable('sync_requests', {
  connectionId: uuid('connection_id')
    .primaryKey()
    .references(() => googleConnections.id, { onDelete: 'cascade' }),
  businessId: uuid('business_id').notNull().unique(),
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
})

/**
 * Masters, single events and exceptions of the selected calendar that are not events of
 * appointments.
 */
export const googleEvents = pgTable(
  'google_events',
  {
    businessId: uuid('business_id').notNull(),
    connectionId: uuid('connection_id').notNull(),
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
    primaryKey({ columns: [t.connectionId, t.eventId] }),
    foreignKey({
      columns: [t.businessId, t.connectionId],
      foreignColumns: [googleConnections.businessId, googleConnections.id],
    }).onDelete('cascade'),
    // These and the indexes of google_occurrences start with the business, the primary keys with
    // the connection. Each query so has one usable index: a table that has just been filled has no
    // statistics to choose by.
    index('google_events_of_series').on(t.businessId, t.recurringEventId).where(sql`${t.recurringEventId} is not null`),
  ],
)

/** Expanded instances within the horizon; all-day instances also have their dates. */
export const googleOccurrences = pgTable(
  'google_occurrences',
  {
    businessId: uuid('business_id').notNull(),
    connectionId: uuid('connection_id').notNull(),
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
    primaryKey({ columns: [t.connectionId, t.instanceId] }),
    foreignKey({
      columns: [t.businessId, t.connectionId],
      foreignColumns: [googleConnections.businessId, googleConnections.id],
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
    index('event_mappings_waiting')
      .on(t.businessId, t.googleSub)
      .where(sql`${t.pendingRemoval} or ${t.nextAttemptAt} is not null`),
  ],
)

/**
 * Unlinked connections whose channel must still be stopped and whose grant must still be revoked.
 */
export const googleRevocations = pgTable('google_revocations', {
  id: uuid('id').primaryKey().defaultRandom(),
  /** No foreign key: a revocation outlives a deleted business. */
  businessId: uuid('business_id').notNull(),
  googleSub: text('google_sub').notNull(),
  refreshToken: text('refresh_token').notNull(),
  channelId: uuid('channel_id'),
  channelResourceId: text('channel_resource_id'),
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

/** Append-only: who did what, when and why, with before and after. */
export const activity = pgTable(
  'activity',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    businessId: businessId(),
    at: instant('at').notNull().default(now),
    actor: text('actor').$type<'member' | 'google' | 'sophiie'>().notNull(),
    memberId: uuid('member_id'),
    appointmentId: uuid('appointment_id'),
    what: text('what').notNull(),
    detail: text('detail').notNull().default(''),
    before: jsonb('before').$type<unknown>(),
    after: jsonb('after').$type<unknown>(),
  },
  (t) => [
    index('activity_by_time').on(t.businessId, t.id),
    index('activity_by_appointment').on(t.businessId, t.appointmentId, t.id),
    index('activity_by_member').on(t.businessId, t.memberId, t.id),
    foreignKey({ columns: [t.businessId, t.memberId], foreignColumns: [members.businessId, members.id] }),
    check('activity_actor', sql`${t.actor} in ('member', 'google', 'sophiie')`),
  ],
)

/**
 * Open while neither accepted nor revoked and not yet expired. The link's token is kept as its
 * SHA-256 only.
 */
export const invitations = pgTable(
  'invitations',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    businessId: businessId(),
    /** Lower case. Only a person who has verified this address may accept. */
    email: text('email').notNull(),
    role: text('role').$type<'owner' | 'staff'>().notNull(),
    tokenHash: bytea('token_hash').notNull().unique(),
    invitedBy: uuid('invited_by').notNull(),
    createdAt: createdAt(),
    expiresAt: instant('expires_at').notNull(),
    acceptedAt: instant('accepted_at'),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    index('invitations_of_business').on(t.businessId, t.createdAt),
    foreignKey({ columns: [t.businessId, t.invitedBy], foreignColumns: [members.businessId, members.id] }),
    check('invitations_role', sql`${t.role} in ('owner', 'staff')`),
  ],
)

/** E-mailed sign-in links; single use. */
export const signInLinks = pgTable('sign_in_links', {
  tokenHash: bytea('token_hash').primaryKey(),
  email: text('email').notNull(),
  returnPath: text('return_path').notNull(),
  expiresAt: instant('expires_at').notNull(),
  usedAt: instant('used_at'),
})

/** Sessions that were signed out; a copy of their token is refused until it expires. */
export const endedSessions = pgTable('ended_sessions', {
  sessionId: uuid('session_id').primaryKey(),
  expiresAt: instant('expires_at').notNull(),
})

/** Long work of which only one may run, such as an export; the holder renews it. */
export const leases = pgTable('leases', {
  key: text('key').primaryKey(),
  holder: uuid('holder').notNull(),
  expiresAt: instant('expires_at').notNull(),
})

/** Attempts in the current window, shared by all processes. */
export const rateLimits = pgTable(
  'rate_limits',
  {
    key: text('key').primaryKey(),
    windowEndsAt: instant('window_ends_at').notNull(),
    count: integer('count').notNull(),
  },
  (t) => [index('rate_limits_by_end').on(t.windowEndsAt)],
)

/** When the scheduler last ran; one row. */
export const schedulerRuns = pgTable('scheduler_runs', {
  one: boolean('one').primaryKey().default(true),
  lastRunAt: instant('last_run_at').notNull(),
})
