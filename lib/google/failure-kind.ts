/** What a failed request to Google means. Only lib/google knows status codes and reasons. */
export type FailureKind =
  | 'revoked'
  | 'scope-missing'
  | 'calendar-lost'
  | 'rate-limited'
  | 'quota'
  | 'transient'
  | 'cursor-lost'
  | 'gone'
  | 'conflict'
  | 'rejected'

/**
 * What a failure affects: the whole connection, one item, or nothing (the caller handles it like
 * any answer).
 */
export const scopeOfFailure: Record<FailureKind, 'connection' | 'item' | 'answer'> = {
  revoked: 'connection',
  'scope-missing': 'connection',
  'calendar-lost': 'connection',
  'rate-limited': 'connection',
  quota: 'connection',
  transient: 'item',
  'cursor-lost': 'answer',
  gone: 'answer',
  conflict: 'answer',
  rejected: 'item',
}

const personKinds = ['revoked', 'scope-missing', 'calendar-lost']

/** Retrying does not help: a person must act. */
export const waitsForPerson = (kind: string | null) => kind !== null && personKinds.includes(kind)

/** The mass-deletion guard's own kind: only the removal waits for the owner, pushes go on. */
export const massDeletionKind = 'mass-deletion'
