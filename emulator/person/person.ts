import type {
  AccessRole,
  Account,
  CalendarKind,
  CalendarListEntry,
  EventDraft,
  EventResource,
  ResponseStatus,
} from '../model.ts'

/** Which part of a series a person means, as Google's own dialog asks. */
export type Scope = 'this' | 'following' | 'all'

export type EventRef = { email: string; calendarId: string; eventId: string }

/**
 * What a person does in Google's own interface. `calendarId` may be `primary`; `eventId` may name one instance of a series
 * (`<id>_20260301T090000Z`). Everything done here is by a person: the event's provenance is nobody's client.
 * Unknown accounts, calendars and events throw an error with a sentence.
 */
export type Person = {
  accounts(): Account[]
  calendars(email: string): CalendarListEntry[]
  /** Expanded, cancelled left out, sorted by start. Times are RFC 3339 instants. */
  instances(range: { email: string; calendarId: string; timeMin: string; timeMax: string }): EventResource[]
  event(ref: EventRef): EventResource | undefined
  /** Any shape, also those only the interface can make; `organizer` of somebody else makes it an invitation. */
  create(to: { email: string; calendarId: string; event: EventDraft }): EventResource
  change(edit: EventRef & { changes: EventDraft; scope?: Scope }): EventResource
  remove(edit: EventRef & { scope?: Scope }): void
  /** Undo of a deletion: the same id comes back. */
  restore(ref: EventRef): EventResource
  duplicate(ref: EventRef & { changes?: EventDraft }): EventResource
  moveToCalendar(ref: EventRef & { destination: string }): EventResource
  respond(ref: EventRef & { responseStatus: ResponseStatus; scope?: Scope }): EventResource
  makeRecurring(ref: EventRef & { recurrence: string[] }): EventResource
  /** The calendar's sharing changes for one account; sync tokens of that calendar die. */
  setAccess(to: { calendarId: string; email: string; role: AccessRole }): void
  unshare(to: { calendarId: string; email: string }): void
  deleteCalendar(to: { email: string; calendarId: string }): void
  /** The account's "third-party access" page: every client of that client's project loses it. */
  revokeAccess(to: { email: string; clientId?: string }): void
  addAccount(account: {
    email: string
    name: string
    timeZone: string
    givenName?: string
    familyName?: string
    sub?: string
    picture?: string
  }): Account
  /** Adds a calendar to the account's list; an existing `id` is put on the list (shared) with `accessRole`. */
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
  /** Whether `watch` works; by default not for holidays, birthdays and imports. */
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
