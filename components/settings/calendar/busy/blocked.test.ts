import { expect, test } from 'vitest'
import { blockedBy, toggleEveryone, toggleMember, wishOf } from './blocked.ts'

const saved = (blocksMemberIds: string[] | null) => ({
  ...{ id: 'roster', name: 'Roster', blocksMemberIds },
  status: { state: 'choose-calendar' } as const,
})

test('what was saved is ticked', () => {
  expect(blockedBy(null)).toBe('no one')
  expect(blockedBy(saved(null))).toBe('everyone')
  expect(blockedBy(saved(['mia']))).toEqual(new Set(['mia']))
})

test('ticking a member replaces everyone, and the other way round', () => {
  expect(toggleMember('everyone', 'mia')).toEqual(new Set(['mia']))
  expect(toggleMember(new Set(['mia']), 'tom')).toEqual(new Set(['mia', 'tom']))
  expect(toggleEveryone(new Set(['mia']))).toBe('everyone')
})

test('without anyone left the calendar does not block', () => {
  expect(toggleMember(new Set(['mia']), 'mia')).toBe('no one')
  expect(toggleEveryone('everyone')).toBe('no one')
  expect(wishOf('no one')).toBeNull()
})

test('everyone is sent as null, members by their ids', () => {
  expect(wishOf('everyone')).toEqual({ blocksMemberIds: null })
  expect(wishOf(new Set(['mia', 'tom']))).toEqual({ blocksMemberIds: ['mia', 'tom'] })
})
