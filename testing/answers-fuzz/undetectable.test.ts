import { expect, test } from 'vitest'
import { isExplained } from './undetectable.ts'

const guests = '“Tap” (1) guests are '
const title = 'Google’s title “Tap” of “Drain” is lost'

test.each([
  [guests, 'attendees.*', 'removed', true],
  [guests, 'items.*.attendees', 'emptied', true],
  [guests, 'attendees.*.email', 'string', true],
  [guests, 'attendees.*.email', 'removed', false],
  [guests, 'attendees.*.email', 'number', false],
  [guests, 'attendees.*.responseStatus', 'removed', false],
  [guests, 'summary', 'string', false],
  [title, 'summary', 'string', true],
  [title, 'items.*.summary', 'removed', true],
  [title, 'summary', 'true', false],
  [title, 'extendedProperties', 'removed', false],
  ['“Tap” (1) is not in Google', 'summary', 'string', false],
])('%s after %s %s: %s', (violation, field, label, is) => {
  expect(isExplained(violation, [{ field, label }])).toBe(is)
})
