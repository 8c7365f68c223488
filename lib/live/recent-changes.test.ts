import { expect, test } from 'vitest'
import { recentChanges } from './recent-changes.ts'

const start = Date.UTC(2027, 0, 11)
const clock = { now: start }

const changes = () => {
  clock.now = start
  const recent = recentChanges(() => clock.now)
  clock.now += 10_000
  return recent
}

test('what changed since a page was rendered is known, by business', () => {
  const recent = changes()
  const rendered = clock.now
  expect(recent.missed('a', rendered)).toBeNull()
  clock.now += 2000
  recent.add('b', 'anything')
  expect(recent.missed('a', rendered)).toBeNull()
  recent.add('a', 'rows')
  expect(recent.missed('a', rendered)).toBe('rows')
  recent.add('a', 'anything')
  recent.add('a', 'rows')
  expect(recent.missed('a', rendered)).toBe('anything')
  expect(recent.missed('a', clock.now + 1001)).toBeNull()
})

test('a change that another server may have rendered before counts', () => {
  const recent = changes()
  recent.add('a', 'rows')
  expect(recent.missed('a', clock.now + 900)).toBe('rows')
})

test('what is not known counts as a change: before the start, after a lost connection, a minute ago', () => {
  const recent = changes()
  expect(recent.missed('a', start - 1)).toBe('anything')
  const rendered = clock.now
  clock.now += 70_000
  expect(recent.missed('a', rendered)).toBe('anything')
  recent.forget()
  expect(recent.missed('a', clock.now - 5000)).toBe('anything')
})

test('changes are kept for a minute', () => {
  const recent = changes()
  recent.add('a', 'rows')
  const rendered = clock.now
  clock.now += 61_000
  recent.add('b', 'rows')
  // By now it is not known any more, and no other business is affected.
  expect(recent.missed('a', rendered)).toBe('anything')
  expect(recent.missed('c', clock.now)).toBeNull()
})
