import { expect, test } from 'vitest'
import { maxColumns } from './columns.ts'

test.each([
  ['a week on a desk', 'week', 984, 3],
  ['a week on a wide desk', 'week', 1680, 5],
  ['a week on a phone', 'week', 358, 2],
  ['a day on a phone', 'day', 358, 7],
  ['a week on the smallest phone', 'week', 288, 2],
] as const)('%s fits its number of columns', (_, view, width, columns) => {
  expect(maxColumns(view, width)).toBe(columns)
})
