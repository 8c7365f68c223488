import { expect, test } from 'vitest'
import { splitBulk } from './dirty.ts'

const dirty = (count: number, changedAt: string | null, prefix = 'b') =>
  Array.from({ length: count }, (_, n) => ({ id: `${prefix}${n}`, changedAt }))

test('a few are sent one by one', () => {
  expect(splitBulk(dirty(7, null), 8)).toMatchObject({ single: { length: 7 }, bulk: [] })
})

test('what people change one at a time is never part of a bulk', () => {
  const just = [...dirty(1, '10:02', 'x'), ...dirty(1, '10:01', 'y')]
  expect(splitBulk([...just, ...dirty(20, null)], 8)).toMatchObject({ single: ['x0', 'y0'], bulk: { length: 20 } })
})

test('what people change together is a bulk', () => {
  const just = [...dirty(1, '10:02', 'x'), ...dirty(60, '10:01', 'y')]
  expect(splitBulk(just, 8)).toMatchObject({ single: ['x0'], bulk: { length: 60 } })
})

test('single changes beyond the first eight are sent together', () => {
  const just = Array.from({ length: 30 }, (_, n) => ({ id: `x${n}`, changedAt: `10:${n}` }))
  expect(splitBulk(just, 8)).toMatchObject({ single: { length: 8 }, bulk: { length: 22 } })
})
