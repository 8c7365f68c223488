import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withBreak } from './hours.ts'

const clock = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

test('a break splits an opening of three hours or more into two that open before they close', () => {
  const opening = fc
    .tuple(fc.integer({ min: 0, max: 24 * 60 - 180 }), fc.integer({ min: 180, max: 24 * 60 }))
    .map(([from, length]) => ({ from: clock(from), to: clock(Math.min(from + length, 24 * 60)) }))
  fc.assert(
    fc.property(opening, (whole) => {
      const [before, after, ...rest] = withBreak([whole])
      expect(rest).toEqual([])
      expect(before?.from).toBe(whole.from)
      expect(after?.to).toBe(whole.to)
      const order = [before?.from, before?.to, after?.from, after?.to]
      expect(order).toEqual([...new Set(order)].sort())
    }),
  )
})

test('a shorter opening stays, followed by one without an end', () => {
  const short = { from: '13:00', to: '15:30' }
  expect(withBreak([short])).toEqual([short, { from: '15:30', to: '' }])
})
