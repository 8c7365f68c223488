import { expect, test } from 'vitest'
import { type Clash, clashSentence, isOnlyHeld } from './clash.ts'

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

test('a sentence about clashes counts those that are not listed', () => {
  const clash = {
    kind: 'google' as const,
    id: 'g',
    title: 'Gym',
    start: '2026-11-25T07:00:00Z',
    end: '2026-11-27T21:00:00Z',
    memberIds: [],
  }
  const sentence = (clashCount: number) => clashSentence({ clashes: [clash], clashCount })
  expect(sentence(1)).toBe('Clashes with “Gym”')
  expect(sentence(12)).toBe('Clashes with “Gym” and 11 more')
  expect(sentence(1000)).toBe('Clashes with “Gym” and at least 999 more')
})
