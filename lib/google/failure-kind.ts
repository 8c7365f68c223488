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

const forPeople = ['revoked', 'scope-missing', 'calendar-lost']

/** Time does not help with these: a person must act. */
export const waitsForPerson = (kind: string | null) => kind !== null && forPeople.includes(kind)

/** The engine's own stop before a mass removal: the removal alone waits for the owner. */
export const massDeletionKind = 'mass-deletion'
