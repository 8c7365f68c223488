/** What a failed request to Google means. Above `lib/google` no code mentions status codes. */
export type FailureKind =
  | 'revoked'
  /** An access token that was refreshed a moment ago is refused. The grant may be as it was. */
  | 'unauthorized'
  | 'scope-missing'
  | 'calendar-lost'
  | 'rate-limited'
  | 'quota'
  | 'transient'
  | 'cursor-lost'
  | 'gone'
  | 'conflict'
  | 'rejected'
  /** Sophiie's own: a run threw. */
  | 'internal'

/**
 * What has failed: the whole calendar, one item, or neither (the kind is an answer like any
 * other).
 */
export const scopeOfFailure: Record<FailureKind, 'calendar' | 'item' | 'answer'> = {
  revoked: 'calendar',
  unauthorized: 'calendar',
  'scope-missing': 'calendar',
  'calendar-lost': 'calendar',
  'rate-limited': 'calendar',
  quota: 'calendar',
  transient: 'item',
  'cursor-lost': 'answer',
  gone: 'answer',
  conflict: 'answer',
  rejected: 'item',
  internal: 'calendar',
}

/** The engine's own failure: the mass-deletion guard stopped a full read. */
export const massDeletionKind = 'mass-deletion'

/** The failures of a calendar that end only when a person acts. */
export const personalKinds = ['revoked', 'scope-missing', 'calendar-lost', massDeletionKind] as const
export type PersonalKind = (typeof personalKinds)[number]

/** Of the account, and so of all its calendars. */
export const isOfGrant = (kind: string): boolean => kind === 'revoked' || kind === 'scope-missing'

/** Those that are retried without a person, and `overdue`: no run has succeeded for too long. */
export const delayKinds = ['unauthorized', 'rate-limited', 'quota', 'transient', 'internal', 'overdue'] as const
export type DelayKind = (typeof delayKinds)[number]

/** Stored with the kind, as `synced_calendars.waits_for_person`. */
export const waitsForPerson = (kind: string | null) => personalKinds.some((personal) => personal === kind)

/**
 * No run is due before a person acts. The mass-deletion guard waits for the owner too, but has a
 * time to read again and goes on pushing.
 */
export const stopsSync = (calendar: { waitsForPerson: boolean; retryAt: string | null }) =>
  calendar.waitsForPerson && calendar.retryAt === null
