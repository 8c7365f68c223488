import type { GoogleTime } from '#lib/recurrence/times.ts'

/**
 * An event as the Calendar API sends it, limited to the requested `fields`. Any of them may be
 * missing.
 */
export type RawEvent = {
  id?: string | null
  status?: string | null
  etag?: string | null
  updated?: string | null
  summary?: string | null
  description?: string | null
  location?: string | null
  start?: GoogleTime | null
  end?: GoogleTime | null
  recurrence?: string[] | null
  recurringEventId?: string | null
  originalStartTime?: GoogleTime | null
  transparency?: string | null
  visibility?: string | null
  eventType?: string | null
  attendees?: { email?: string | null; self?: boolean | null; responseStatus?: string | null }[] | null
  htmlLink?: string | null
  iCalUID?: string | null
  /** Requested with single events only. */
  colorId?: string | null
  reminders?: Record<string, unknown> | null
  extendedProperties?: { private?: Record<string, string> | null } | null
}

/** A body for `events.insert` or `events.patch`: plain JSON of the Calendar API. */
export type EventBody = Record<string, unknown>
