import type { FailureKind } from '#lib/google/failure-kind.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/**
 * Google's reads may lag behind its writes: "not found" is retried at least this often and for this
 * long before it is believed.
 */
export const readLagAttempts = 3
export const readLagMs = 5 * minute

type Range = { firstMs: number; longestMs: number }

const ranges: Partial<Record<FailureKind, Range>> = {
  transient: { firstMs: second, longestMs: 10 * minute },
  unauthorized: { firstMs: 5 * second, longestMs: 10 * minute },
  'rate-limited': { firstMs: 2 * second, longestMs: 10 * minute },
  quota: { firstMs: 5 * minute, longestMs: 6 * hour },
  conflict: { firstMs: second, longestMs: 10 * minute },
  internal: { firstMs: 5 * second, longestMs: 30 * minute },
}

/**
 * Milliseconds before the next attempt (`attempt` counts failures, from 1): exponential, with
 * jitter over the upper half of the step. `random` is in [0, 1). A `Retry-After` is honoured up to
 * the longest wait. Null: waiting does not help.
 */
export const backoffMs = (options: {
  kind: FailureKind
  attempt: number
  random: number
  retryAfterSeconds: number | null
}): number | null => {
  const range = ranges[options.kind]
  if (!range) return null
  const step = Math.min(range.longestMs, range.firstMs * 2 ** Math.min(options.attempt - 1, 20))
  const asked = Math.min((options.retryAfterSeconds ?? 0) * second, range.longestMs)
  return Math.max(asked, Math.round(step / 2 + (step / 2) * options.random))
}
