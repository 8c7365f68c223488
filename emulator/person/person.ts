import type {
  AccessRole,
  Account,
  CalendarKind,
  CalendarListEntry,
  EventDraft,
  EventResource,
  ResponseStatus,
} from '../model.ts'

/** Which part of a series an edit applies to, as in Google's own dialog. */
export type Scope = 'this' | 'following' | 'all'

export type EventRef = { email: string; calendarId: string; eventId: string }

/**
 * A person who uses Google's own interface, as opposed to an API client; events created here have
 * no `createdByClient`. `calendarId` may be `primary`; `eventId` may be that of an instance
 * (`<id>_20260301T090000Z`). Unknown accounts, calendars and events throw.
 */
export type Person = {
  accounts(): Account[]
  calendars(email: string): CalendarListEntry[]
  /** Series expanded, without cancelled events, sorted by start. Times are RFC 3339 instants. */
  instances(range: { email: string; calendarId: string; timeMin: string; timeMax: string }): EventResource[]
  event(ref: EventRef): EventResource | undefined
  /**
   * Also accepts what only the interface can create. Another `organizer` makes it an invitation.
   */
  create(to: { email: string; calendarId: string; event: EventDraft }): EventResource
  change(edit: EventRef & { changes: EventDraft; scope?: Scope }): EventResource
  remove(edit: EventRef & { scope?: Scope }): void
  /** Undoes a deletion; the event keeps its id. */
  restore(ref: EventRef): EventResource
  duplicate(ref: EventRef & { changes?: EventDraft }): EventResource
  moveToCalendar(ref: EventRef & { destination: string }): EventResource
  respond(ref: EventRef & { responseStatus: ResponseStatus; scope?: Scope }): EventResource
  /**
   * Opens the description in Google's editor and makes `bold` (its first word) bold, which turns
   * the whole text into HTML.
   */
  formatDescription(ref: EventRef & { bold?: string }): EventResource
  makeRecurring(ref: EventRef & { recurrence: string[] }): EventResource
  /** Shares the calendar with an account, or changes its role; `none` withdraws it. */
  setAccess(to: { calendarId: string; email: string; role: AccessRole | 'none' }): void
  unshare(to: { calendarId: string; email: string }): void
  deleteCalendar(to: { email: string; calendarId: string }): void
  /** As on the account's "Third-party access" page: revokes all clients of the client's project. */
  revokeAccess(to: { email: string; clientId?: string }): void
  addAccount(account: {
    email: string
    name: string
    timeZone: string
    givenName?: string
    familyName?: string
    sub?: string
    picture?: string
    aliases?: string[]
  }): Account
  /** Replaces the further addresses of the account's mailbox. */
  setAliases(to: { email: string; aliases: string[] }): Account
  /** Adds a calendar to the account's list; with an existing `id`, shares that calendar. */
  addCalendar(calendar: NewCalendar): CalendarListEntry
  updateCalendar(edit: { email: string; calendarId: string; changes: CalendarChanges }): CalendarListEntry
}

export type NewCalendar = {
  email: string
  summary: string
  id?: string
  kind?: CalendarKind
  description?: string
  location?: string
  timeZone?: string
  accessRole?: AccessRole
  /** Whether `watch` is supported; by default not for holidays, birthdays and imports. */
  push?: boolean
  colorId?: string
  backgroundColor?: string
  selected?: boolean
  hidden?: boolean
}

export type CalendarChanges = {
  summary?: string
  summaryOverride?: string
  timeZone?: string
  colorId?: string
  backgroundColor?: string
  selected?: boolean
  hidden?: boolean
}
