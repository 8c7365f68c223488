import type { FailureKind } from './failure-kind.ts'

/** The one place where status, reasons and operation become a closed set of failure kinds. */

export type Operation =
  | 'calendars.list'
  | 'events.list'
  | 'events.get'
  | 'events.insert'
  | 'events.patch'
  | 'events.delete'
  | 'channels.watch'
  | 'channels.stop'
  | 'batch'

export type GoogleFailure = {
  kind: FailureKind
  /** Google's own reason or a network code; never a token, never content. */
  detail: string
  status: number | null
  /** From `Retry-After`; null without that header. */
  retryAfterSeconds: number | null
}

export type GoogleAnswer<T> = { ok: true; data: T } | { ok: false; failure: GoogleFailure }

/** A reason, an OAuth error or a network code. Other text from outside is content. */
export const isCode = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z][\w.-]{0,63}$/.test(value)

const rateReasons = ['ratelimitexceeded', 'userratelimitexceeded', 'rate_limit_exceeded']
const quotaReasons = ['quotaexceeded', 'dailylimitexceeded', 'accessnotconfigured', 'service_disabled']
const scopeReasons = ['insufficientpermissions', 'access_token_scope_insufficient']
const accessReasons = ['requiredaccesslevel', 'forbidden', 'notacalendaruser']

/** `status` null = no response. `reasons` are compared without case. Messages are never read. */
export const kindOf = (answer: { status: number | null; reasons: string[]; operation: Operation }): FailureKind => {
  const { status, operation } = answer
  const has = (known: string[]) => answer.reasons.some((reason) => known.includes(reason.toLowerCase()))
  if (status === null || status >= 500 || status === 408) return 'transient'
  if (status === 429 || has(rateReasons)) return has(quotaReasons) ? 'quota' : 'rate-limited'
  if (status === 401) return has(['push.webhookurlunauthorized']) ? 'rejected' : 'unauthorized'
  if (status === 403) return kindOfForbidden({ operation, reasons: answer.reasons, has })
  // The refusal of a whole batch says nothing about the event of any of its parts.
  if (operation === 'batch') return 'transient'
  if (status === 404 || status === 410) return kindOfMissing({ status, operation })
  if (status === 412 || status === 409) return 'conflict'
  if (status === 400 && operation === 'events.list') return 'cursor-lost'
  return 'rejected'
}

const kindOfForbidden = (answer: {
  operation: Operation
  reasons: string[]
  has: (known: string[]) => boolean
}): FailureKind => {
  if (answer.has(quotaReasons)) return 'quota'
  if (answer.has(scopeReasons)) return 'scope-missing'
  // Google answers a batch that it finds too large with `forbidden` and asks for a retry.
  if (answer.operation === 'batch') return 'transient'
  if (answer.has(accessReasons)) return 'calendar-lost'
  // Google always names one, and most of them pass.
  return answer.reasons.some(isCode) ? 'rejected' : 'transient'
}

const kindOfMissing = (answer: { status: number; operation: Operation }): FailureKind => {
  if (answer.operation === 'events.list') return answer.status === 410 ? 'cursor-lost' : 'calendar-lost'
  if (answer.operation === 'events.insert' || answer.operation === 'channels.watch') return 'calendar-lost'
  return 'gone'
}
