/** What a failed exchange with Google means; above the Google door nobody speaks of status codes. */
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

/** Whose trouble it is: the whole connection's, one item's, or nobody's (an answer like any other). */
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

/** Time does not help with these: a person must act. */
export const needsPerson = (kind: FailureKind) =>
  kind === 'revoked' || kind === 'scope-missing' || kind === 'calendar-lost'
