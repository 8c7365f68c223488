import { expect, test } from 'vitest'
import { type Clash, isOnlyHeld } from './clash.ts'

const clash = (kind: Clash['kind']): Clash => ({ kind, id: kind, title: '', start: '', end: '', memberIds: [] })

test.each([
  [['hold'], 1, true],
  [['hold', 'hold'], 2, true],
  [['hold', 'appointment'], 2, false],
  [['hold'], 2, false],
  [[], 0, false],
] as const)('%j of %i are only holds: %s', (kinds, clashCount, expected) => {
  expect(isOnlyHeld({ clashes: kinds.map(clash), clashCount })).toBe(expected)
})
