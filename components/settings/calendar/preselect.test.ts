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

test('nothing is preselected if there is a choice', () => {
  expect(preselect([calendar('me'), calendar('work'), readOnly], null)).toBeNull()
  expect(preselect([readOnly], null)).toBeNull()
  expect(preselect([], null)).toBeNull()
})

test('the only writable calendar is preselected', () => {
  expect(preselect([readOnly, calendar('work')], null)).toBe('work')
})

test('the previous calendar is preselected while it is writable', () => {
  expect(preselect([calendar('me'), calendar('work')], 'work')).toBe('work')
  expect(preselect([calendar('me'), calendar('work'), readOnly], 'holidays')).toBeNull()
  expect(preselect([calendar('me'), calendar('work')], 'deleted')).toBeNull()
})
