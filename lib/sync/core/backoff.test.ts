import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FailureKind, scopeOfFailure } from '#lib/google/failure-kind.ts'
import { backoffMs } from './backoff.ts'

const minute = 60_000
const hour = 60 * minute
const bounds: [FailureKind, number, number][] = [
  ['transient', 1000, 10 * minute],
  ['unauthorized', 5000, 10 * minute],
  ['rate-limited', 2000, 10 * minute],
  ['quota', 5 * minute, 6 * hour],
  ['conflict', 1000, 10 * minute],
  ['internal', 5000, 30 * minute],
]
const timeHelps = new Set(bounds.map(([kind]) => kind))

describe.each(bounds)('%s', (kind, firstMs, longestMs) => {
  const wait = (attempt: number, random: number, retryAfterSeconds: number | null = null) =>
    backoffMs({ kind, attempt, random, retryAfterSeconds }) ?? Number.NaN

  test('starts within the upper half of the first step', () => {
    expect(wait(1, 0)).toBe(firstMs / 2)
    expect(wait(1, 0.999999)).toBeLessThanOrEqual(firstMs)
  })

  test('doubles up to the longest wait, without overflow', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, random) => {
          const step = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 20))
          expect(wait(attempt, random)).toBeGreaterThanOrEqual(step / 2)
          expect(wait(attempt, random)).toBeLessThanOrEqual(step)
        },
      ),
    )
  })

  test('honours Retry-After up to the longest wait', () => {
    expect(wait(1, 0, 420)).toBe(420_000)
    expect(wait(1, 0, 10 * 24 * 3600)).toBe(longestMs)
    expect(wait(1, 0, 0)).toBe(firstMs / 2)
  })
})

const others = (Object.keys(scopeOfFailure) as FailureKind[]).filter((kind) => !timeHelps.has(kind))

test.each(others)('%s: no wait', (kind) => {
  expect(backoffMs({ kind, attempt: 1, random: 0.5, retryAfterSeconds: 60 })).toBeNull()
})
