import fc from 'fast-check'
import { expect, test } from 'vitest'
import { overlaps, type Span } from '#lib/availability/overlap.ts'
import { untakeable } from './hand-over.ts'

const minute = (n: number) => new Date(Date.UTC(2027, 0, 1, 0, n)).toISOString()
const span = (from: number, length: number): Span => ({ start: minute(from), end: minute(from + length) })
const spans = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }))
    .map(([from, length]) => span(from, length)),
  { maxLength: 9 },
)

/** How many of `moving` fit beside `own` and each other, by trying every choice. */
const most = ([first, ...rest]: Span[], own: Span[]): number => {
  if (!first) return 0
  const without = most(rest, own)
  return own.some((other) => overlaps(first, other)) ? without : Math.max(without, 1 + most(rest, [...own, first]))
}

test('what is taken overlaps nothing, and no choice takes more', () => {
  fc.assert(
    fc.property(spans, spans, (moving, own) => {
      const refused = untakeable(moving, own)
      const taken = moving.filter((each) => !refused.includes(each))
      for (const each of taken)
        expect([...own, ...taken].filter((other) => other !== each && overlaps(each, other))).toEqual([])
      expect(taken.length).toBe(most(moving, own))
    }),
    { numRuns: 500 },
  )
})

test('what is refused is listed by start', () => {
  const moving = [span(50, 5), span(10, 5), span(30, 5)]
  expect(untakeable(moving, [span(0, 100)])).toEqual([moving[1], moving[2], moving[0]])
})

test('appointments that only touch do not overlap', () => {
  expect(untakeable([span(10, 10), span(20, 10)], [span(0, 10), span(30, 10)])).toEqual([])
})
