import { expect, test } from 'vitest'
import type { CalendarChoice } from '#lib/connection/schema.ts'
import { preselect } from './preselect.ts'

const calendar = (id: string, disabledBecause: string | null = null): CalendarChoice => ({
  id,
  name: id,
  timeZone: 'UTC',
  access: disabledBecause ? 'read-only' : 'owner',
  primary: id === 'me',
  disabledBecause,
})
const readOnly = calendar('holidays', 'Read only: Sophiie could not add appointments.')

test('nothing when there is a choice to make', () => {
  expect(preselect([calendar('me'), calendar('work'), readOnly], null)).toBeNull()
  expect(preselect([readOnly], null)).toBeNull()
  expect(preselect([], null)).toBeNull()
})

test('the only one that can be written', () => {
  expect(preselect([readOnly, calendar('work')], null)).toBe('work')
})

test('the one selected before, as long as it can be written', () => {
  expect(preselect([calendar('me'), calendar('work')], 'work')).toBe('work')
  expect(preselect([calendar('me'), calendar('work'), readOnly], 'holidays')).toBeNull()
  expect(preselect([calendar('me'), calendar('work')], 'deleted')).toBeNull()
})
