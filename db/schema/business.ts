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
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { bytea, createdAt, instant, now } from './columns.ts'

/**
 * Every table of a business has a `business_id`, and every reference inside a business is a
 * composite foreign key, so that a row of one business can never reference another.
 */

/** Of every other table. */
export const businessId = () =>
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

/** The calendars that appointments go to: the business's, those of their assignees, or both. */
export type AppointmentsGo = 'business' | 'assignees' | 'both'

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
    /** The calendars that an appointment belongs in: `calendars_of_appointment`. */
    appointmentsGo: text('appointments_go').$type<AppointmentsGo>().notNull().default('both'),
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
    check('businesses_appointments_go', sql`${t.appointmentsGo} in ('business', 'assignees', 'both')`),
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
    /** When an owner last asked by e-mail to link the member's own Google account. */
    askedToLinkAt: instant('asked_to_link_at'),
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
