import type { z } from 'zod'
import type { Refused } from '../answer.ts'
import { type Code, statusOf } from '../codes.ts'
import type { problemSchema } from '../schema.ts'

/** A short name of each code, the same for every occurrence. */
export const titles: Readonly<Record<Code, string>> = {
  invalid: 'The request is invalid',
  'idempotency-missing': 'The header Idempotency-Key is missing or invalid',
  'bad-phone': 'The phone number is incomplete or invalid',
  'no-such-time': 'The time does not exist',
  'weekday-mismatch': 'The date is not on that weekday',
  unauthorized: 'The API key is missing, unknown or revoked',
  forbidden: 'The API key may not do this',
  'switched-off': 'The owner has switched booking off',
  'proof-needed': 'The proof does not match the appointment',
  'not-found': 'Not found',
  'unknown-service': 'There is no such service',
  'unknown-member': 'There is no such member of the team',
  'method-not-allowed': 'The method is not allowed',
  taken: 'The time is taken',
  'dates-unavailable': 'Some dates cannot be booked',
  'held-expired': 'The hold has expired',
  'already-cancelled': 'The appointment is cancelled',
  'idempotency-running': 'A request with this Idempotency-Key is still running',
  'revision-mismatch': 'The appointment was changed since',
  'too-large': 'The body is too large',
  'unsupported-media-type': 'The body is not JSON',
  'too-soon': 'The time is past or too short notice',
  'too-far': 'The time is further ahead than can be booked',
  closed: 'The business is closed then',
  'no-staff-working': 'Nobody who can do it works then',
  'no-staff-qualified': 'Nobody can do it',
  'duration-not-offered': 'The service does not have this duration',
  'takes-a-message': 'The service is not booked, a message is taken',
  'idempotency-mismatch': 'The Idempotency-Key was used for another request',
  'revision-missing': 'The header If-Match is missing',
  'rate-limited': 'Too many requests',
  'google-unknown': 'Google Calendar cannot be checked right now',
  unavailable: 'Not available right now',
}

export type Problem = z.infer<typeof problemSchema>

/** RFC 9457. */
export const problemOf = ({ code, say, fields, alternatives, unavailable }: Refused): Problem => ({
  type: `/help/api#${code}`,
  title: titles[code],
  status: statusOf[code],
  ...{ code, say },
  ...(fields && { detail: Object.entries(fields).map(inWords).join(' '), fields }),
  ...(alternatives && { alternatives }),
  ...(unavailable && { unavailable }),
})

const inWords = ([field, message]: [string, string]) => `${field}: ${message}`

export const problemResponse = (refused: Refused, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(problemOf(refused)), {
    status: statusOf[refused.code],
    headers: { ...problemHeaders, ...retryAfter(refused), ...headers },
  })

export const problemHeaders = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }

const retryAfter = ({ retryAfterSeconds }: Refused): Record<string, string> =>
  retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
