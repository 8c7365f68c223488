import type { GoogleFailure } from '#lib/google/failure.ts'
import type { SyncContext } from '../context.ts'
import { readLagMs } from '../core/backoff.ts'
import { msBetween } from '../core/instant.ts'

/** Answers that cannot be right are asked for again, and believed if they stay so. */

export const failed = (detail: string): GoogleFailure => ({
  kind: 'transient',
  detail,
  status: null,
  retryAfterSeconds: null,
})

/** Every read has failed for this reason for longer than reads may lag. */
export const isPersistent = ({ calendar, now }: SyncContext, detail: string): boolean => {
  const { lastFailureDetail, failingSince } = calendar
  return lastFailureDetail === detail && failingSince !== null && msBetween(failingSince, now()) >= readLagMs
}
