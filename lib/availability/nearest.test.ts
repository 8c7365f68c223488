import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearestApart } from './nearest.ts'

const slots = (length: number, ...starts: number[]) => starts.map((start) => ({ start, end: start + length }))

test('the nearest slots do not overlap, and are in order', () => {
  const found = nearestApart(slots(60, 0, 15, 30, 45, 60, 180, 195), 75, 3)
  expect(found.map(({ start }) => start)).toEqual([0, 60, 180])
})

test('of two that are as near, the earlier one is chosen', () => {
  expect(nearestApart(slots(10, 30, 10), 20, 1)).toEqual(slots(10, 10))
})

test('they equal those of a search that looks for the best again and again', () => {
  const someStarts = fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { maxLength: 40 })
  const arguments_ = [someStarts, fc.integer({ min: 1, max: 40 }), fc.nat(220), fc.nat(5)] as const
  fc.assert(
    fc.property(...arguments_, (starts, length, start, count) => {
      const distance = (slot: { start: number }) => Math.abs(slot.start - start)
      const chosen: ReturnType<typeof slots> = []
      let left = slots(length, ...starts)
      while (left.length > 0 && chosen.length < count) {
        const best = left.reduce((a, b) =>
          distance(b) < distance(a) || (distance(b) === distance(a) && b.start < a.start) ? b : a,
        )
        chosen.push(best)
        left = left.filter(({ start, end }) => end <= best.start || start >= best.end)
      }
      expect(nearestApart(slots(length, ...starts), start, count)).toEqual(chosen.toSorted((a, b) => a.start - b.start))
    }),
  )
})
