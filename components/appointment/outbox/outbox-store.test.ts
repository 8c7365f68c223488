import { expect, test } from 'vitest'
import { isStoredChange } from './outbox-store.ts'

const stored = {
  ...{ key: 'k', page: 'p', at: 1, bookAnyway: false, refused: null },
  change: { kind: 'create', id: 'a', fields: { title: 'T', start: '', end: '', assigneeIds: [] } },
}

test('a stored change is read', () => {
  expect(isStoredChange(stored)).toBe(true)
  expect(isStoredChange({ ...stored, change: { kind: 'cancel', id: 'a', revision: 1 } })).toBe(true)
})

test.each([
  null,
  'text',
  [],
  {},
  { ...stored, change: null },
  { ...stored, at: 'now' },
  { ...stored, key: 1 },
  { ...stored, change: { kind: 'create', id: 'a' } },
  { ...stored, change: { kind: 'edit', id: 'a', fields: { assigneeIds: 'mia' } } },
  { ...stored, change: { kind: 'reassign', id: 'a', revision: 1, assigneeIds: 'mia' } },
])('%j is not replayed', (value) => {
  expect(isStoredChange(value)).toBe(false)
})
