import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blockerOfOccurrence, clashesOf, overlaps } from './overlap.ts'

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 23, 0, minutes)).toISOString().replace('.000', '')
const span = (from: number, until: number) => ({ start: at(from), end: at(until) })

const times = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }))
  .map(([from, length]) => span(from, from + length))

test('touching spans do not overlap, and overlap is symmetric', () => {
  expect(overlaps(span(0, 10), span(10, 20))).toBe(false)
  expect(overlaps(span(0, 11), span(10, 20))).toBe(true)
  fc.assert(fc.property(times, times, (a, b) => overlaps(a, b) === overlaps(b, a)))
})

describe('whom a Google event blocks', () => {
  const event = { googleEventId: 'g', title: 'G', ...span(0, 10) }
  const rule = { guestlessBlocks: 'everyone', linkedBy: 'olive' } as const

  test('its member guests; without any, everyone, or the linked member if the owner chose so', () => {
    const of = (guests: string[], guestlessBlocks: 'everyone' | 'linked-member' = 'everyone') =>
      blockerOfOccurrence({ ...event, guestMemberIds: guests }, { ...rule, guestlessBlocks }).memberIds
    expect(of(['mia'])).toEqual(['mia'])
    expect(of([])).toEqual([])
    expect(of([], 'linked-member')).toEqual(['olive'])
    expect(of(['mia'], 'linked-member')).toEqual(['mia'])
  })

  test('an event that blocks everyone also clashes with an appointment without assignees', () => {
    const blocker = blockerOfOccurrence({ ...event, guestMemberIds: [] }, rule)
    expect(clashesOf({ id: 'a', ...span(5, 15), assigneeIds: [] }, [blocker])).toHaveLength(1)
    const ofMia = { ...blocker, memberIds: ['mia'] }
    expect(clashesOf({ id: 'a', ...span(5, 15), assigneeIds: [] }, [ofMia])).toEqual([])
  })
})
