import { expect, test } from 'vitest'
import { tableLines } from './table.ts'

const row = {
  work: 'delta with 0 changes at 1k, 10k, 100k stored events',
  measured: '8.4 ms, 8.5 ms, 8.4 ms; 100k = 0.99 × 1k; 1 request each',
  target: '100k ≤ 1.3 × 1k; ≤ 15 ms over the request',
  baseline: 'the request: 1.4 ms, 1.4 ms, 1.4 ms',
  met: false,
}

test('parts and words that do not fit go into rows below, the baseline into one of its own', () => {
  expect(tableLines([row])).toEqual([
    '| work | measured | target | met |',
    '|---|---|---|---|',
    '| delta with 0 changes at 1k, 10k, 100k stored | 8.4 ms, 8.5 ms, 8.4 ms | 100k ≤ 1.3 × 1k | **no** |',
    '| events | 100k = 0.99 × 1k | ≤ 15 ms over the |  |',
    '|  | 1 request each | request |  |',
    '| baseline | the request: 1.4 ms, 1.4 ms, 1.4 ms |  |  |',
  ])
})

test('no line is longer than 120 columns', () => {
  const long = 'words that go on '.repeat(20)
  const lines = tableLines([{ work: long, measured: long, target: long, baseline: long, met: true }])
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(120)
})
