import { expect, test } from 'vitest'
import { emptyService } from './schema.ts'
import { serviceSummary } from './summary.ts'

test('a summary has lengths, gaps, price, and what happens when a caller wants it', () => {
  const tap = { ...emptyService, durations: [60, 90], gapBefore: 10, gapAfter: 75, people: 2, price: '$180' }
  expect(serviceSummary(tap)).toBe(
    '1 h, 1 h 30 min · 10 min before · 1 h 15 min after · 2 people · $180 · Sophiie books it',
  )
  expect(serviceSummary({ ...tap, price: '' }, 'Mia Chen')).toContain('after · Mia Chen · 2 people · Sophiie books it')
})

test('what is not set is left out', () => {
  expect(serviceSummary({ ...emptyService, outcome: 'pending' })).toBe('1 h · Sophiie books it as pending')
  expect(serviceSummary({ ...emptyService, outcome: 'message' })).toBe('1 h · Sophiie takes a message')
})
