import { expect, test } from 'vitest'
import { refreshPriority } from './refresh-priority.ts'

test.each([
  ['rows', true, 'healthy', 'later'],
  ['rows', true, null, 'later'],
  ['rows', true, 'catching-up', 'soon'],
  ['rows', true, 'delayed', 'soon'],
  ['rows', false, 'healthy', 'soon'],
  ['anything', true, 'healthy', 'soon'],
  ['anything', false, 'healthy', 'soon'],
] as const)('%s, on the calendar page: %s, status: %s → %s', (kind, onCalendar, syncState, expected) =>
  expect(refreshPriority(kind, { onCalendar, syncState })).toBe(expected),
)
