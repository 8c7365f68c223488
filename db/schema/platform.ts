import { boolean, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { bytea, instant } from './columns.ts'

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
