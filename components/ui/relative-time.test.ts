import { describe, expect, test } from 'vitest'
import { nextChange, relativeTime } from './relative-time.ts'

const now = Date.parse('2026-11-24T10:00:00Z')
const ago = (seconds: number) => relativeTime(now - seconds * 1000, now)

describe('relativeTime', () => {
  test.each([
    [0, 'just now'],
    [1.9, 'just now'],
    [2, '2 s ago'],
    [59.9, '59 s ago'],
    [60, '1 min ago'],
    [3599, '59 min ago'],
    [3600, '1 h ago'],
    [86_399, '23 h ago'],
    [86_400, 'yesterday'],
    [3 * 86_400, '3 days ago'],
  ])('%d seconds ago reads "%s"', (seconds, words) => {
    expect(ago(seconds)).toBe(words)
  })

  test('a future time reads as just now', () => {
    expect(ago(-30)).toBe('just now')
  })
})

test('nextChange is exact', () => {
  for (const seconds of [61, 119, 600, 3599, 3601, 40_000]) {
    const then = now - seconds * 1000
    const wait = nextChange(then, now)
    expect(relativeTime(then, now + wait)).not.toBe(relativeTime(then, now))
    expect(relativeTime(then, now + wait - 1)).toBe(relativeTime(then, now))
  }
})
