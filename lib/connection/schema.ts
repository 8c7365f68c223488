import { z } from 'zod'
import type { Permission } from '#lib/google/scopes.ts'
import type { SyncStatus } from '#lib/sync/core/status.ts'

/** One row of the table of calendars. */
export type CalendarChoice = {
  id: string
  name: string
  timeZone: string
  access: 'owner' | 'writer' | 'read-only' | 'free-busy-only'
  primary: boolean
  /** Null = can be chosen; otherwise one sentence with the reason. */
  disabledBecause: string | null
}

/** What is shown of a calendar that appointments go to. */
export type CalendarReport = {
  status: SyncStatus
  arrival: 'instantly' | 'polling'
  lastSuccessAt: string | null
  counts: { inGoogle: number; waiting: number; needAttention: number; upcoming: number; skipped: number }
  /** The first of `counts.skipped`, each with its id in Google and one sentence. */
  skipped: { id: string; why: string }[]
  /** The appointments behind `waiting` and `needAttention`, soonest first, at most 20. */
  waiting: { appointmentId: string; title: string; start: string; since: string; why: string }[]
  needAttention: {
    appointmentId: string
    title: string
    start: string
    why: string
    reason: 'removed' | 'rejected'
  }[]
}

/** A calendar that only blocks time. */
export type BusyCalendar = {
  id: string
  name: string
  status: SyncStatus
  /** Of a calendar of the business: whom it blocks; null = everyone. */
  blocksMemberIds: string[] | null
}

/** Everything that the region "Business calendar" shows. */
export type CalendarSettings =
  | { linked: false }
  | ({
      linked: true
      account: string
      calendar: { id: string; name: string; timeZone: string } | null
      busy: BusyCalendar[]
      /**
       * The busiest minute of the last hour, in percent of the requests per minute that Google
       * allows.
       */
      quotaPercent: number
      missingPermissions: Permission[]
    } & CalendarReport)

/** The result of reading the calendar list. */
export type CalendarChoices =
  | { ok: true; calendars: CalendarChoice[]; selectedId: string | null }
  | { ok: false; code: 'revoked' | 'scope-missing' | 'unreachable' | 'not-linked'; message: string }

export const chooseCalendarSchema = z.object({ calendarId: z.string().min(1).max(1024) })

/** `?link=` on /settings/calendar after the callback; each has one sentence on the page. */
export const linkOutcomes = [
  'linked',
  'reconnected',
  /** A linked account may now be written to. */
  'allowed',
  'cancelled',
  'missing-permission',
  'wrong-state',
  'expired',
  'other-person',
  'owner-only',
  'other-account',
  'google-refused',
  'google-unreachable',
] as const
export type LinkOutcome = (typeof linkOutcomes)[number]
