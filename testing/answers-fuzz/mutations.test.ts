import { expect, test } from 'vitest'
import { changesOf, mutate, pathsOf } from './mutations.ts'

const answer = { id: 'event1', start: { dateTime: '2027-03-01T09:00:00Z' }, items: [{ id: 'item1' }, { id: 'item2' }] }

test('every field of an answer has a path', () => {
  expect(pathsOf(answer)).toEqual([
    [],
    ['id'],
    ['start'],
    ['start', 'dateTime'],
    ['items'],
    ['items', 0],
    ['items', 0, 'id'],
    ['items', 1],
    ['items', 1, 'id'],
  ])
})

/** The change with this label of the nth field: of `items.*` one field for all items. */
const changed = (field: number, label: string, item = 0) => {
  const name = fields[field]?.split('.').findLast((part) => part !== '*') ?? ''
  const change = changesOf(name).findIndex((each) => each.label === label)
  return mutate(answer, { field, item, change })
}
const { fields } = mutate(answer, { field: 0, item: 0, change: 0 })

test('fields of items are one field', () => {
  expect(fields).toEqual(['all', 'id', 'start', 'start.dateTime', 'items', 'items.*', 'items.*.id'])
})

test('a mutation changes one field and leaves the answer as it was', () => {
  const before = structuredClone(answer)
  expect(changed(3, 'removed').answer).toEqual({ ...answer, start: {} })
  expect(changed(5, 'removed').answer).toEqual({ ...answer, items: [{ id: 'item2' }] })
  expect(changed(6, 'emptied', 1).answer).toEqual({ ...answer, items: [{ id: 'item1' }, { id: '' }] })
  expect(changed(1, 'number').answer).toEqual({ ...answer, id: 7 })
  expect(changed(3, 'edge 1')).toMatchObject({
    field: 'start.dateTime',
    path: ['start', 'dateTime'],
    label: 'edge 1',
    answer: { ...answer, start: { dateTime: '1969-12-31T23:59:59Z' } },
  })
  expect(changed(0, 'removed').answer).toEqual({})
  expect(answer).toEqual(before)
})

test('every mutation of every field can be sent as JSON, and changes it', () => {
  for (let field = 0; field < fields.length; field++)
    for (let change = 0; change < 40; change++) {
      const mutated = mutate(answer, { field, item: 0, change })
      expect(JSON.stringify(mutated.answer)).toBeTypeOf('string')
      expect(mutated.answer, `${mutated.field} ${mutated.label}`).not.toEqual(answer)
    }
})
