import { type GoogleFailure, isCode, kindOf, type Operation } from './failure.ts'
import { isObject, type ReadAnswer } from './read-answer.ts'

/** An answer before its status is dropped: the status is logged. */
export type Answered<T> = { ok: true; data: T; status: number } | { ok: false; failure: GoogleFailure }

/** A successful status proves nothing: an answer that the reader rejects is a transient failure. */
export const answered = <T>(read: ReadAnswer<T>, status: number): Answered<T> =>
  'data' in read
    ? { ok: true, data: read.data, status }
    : { ok: false, failure: { kind: 'transient', detail: `odd-answer-${read.odd}`, status, retryAfterSeconds: null } }

/**
 * From what the client threw: a response with Google's error envelope, another response, or none.
 * Only the envelope is Google's word. Any other body, whatever its status, comes from something in
 * between and is transient.
 */
export const failureOf = (error: unknown, operation: Operation): GoogleFailure => {
  const thrown = (isObject(error) ? error : {}) as {
    code?: unknown
    cause?: unknown
    response?: { status?: number; data?: unknown; headers?: Headers }
  }
  const status = thrown.response?.status ?? null
  const reasons = reasonsOf(thrown.response?.data, status)
  const network = isTooLarge(thrown.cause) ? 'answer-too-large' : isCode(thrown.code) ? thrown.code : 'no-answer'
  return {
    kind: reasons ? kindOf({ status, reasons, operation }) : 'transient',
    detail: reasons?.find(isCode) ?? (status === null ? network : `http-${status}`),
    status,
    retryAfterSeconds: retryAfter(thrown.response?.headers),
  }
}

/** Thrown by the client's fetch when a body, unpacked, is longer than the option `size`. */
const isTooLarge = (cause: unknown) => isObject(cause) && cause.type === 'max-size'

/** Null if the body is not Google's error envelope: a code, a message, and why. */
const reasonsOf = (body: unknown, status: number | null): string[] | null => {
  const error = isObject(body) ? body.error : null
  if (!isObject(error) || error.code !== status || typeof error.message !== 'string') return null
  const { errors, details } = error
  if (!Array.isArray(errors) && !Array.isArray(details) && typeof error.status !== 'string') return null
  return [errors, details]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .map((item) => (isObject(item) ? item.reason : null))
    .filter((reason) => typeof reason === 'string')
}

const longestPauseSeconds = 86_400

const retryAfter = (headers: Headers | undefined): number | null => {
  const seconds = Number(headers?.get?.('retry-after') ?? Number.NaN)
  return seconds >= 0 ? Math.min(seconds, longestPauseSeconds) : null
}
