import { expect, test } from 'vitest'
import { type Candidate, mutate, pathsOf } from './mutations.ts'

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

const changed = (field: string, label: string, item = 0) => mutate(answer, { field, item, change: label })

const fields = [...new Set(mutate(answer, { field: 0, item: 0, change: 0 })?.candidates.map(({ field }) => field))]

test('fields of items are one field', () => {
  expect(fields).toEqual(['all', 'id', 'start', 'start.dateTime', 'items', 'items.*', 'items.*.id'])
})

test('a mutation changes one field and leaves the answer as it was', () => {
  const before = structuredClone(answer)
  expect(changed('start.dateTime', 'removed')?.answer).toEqual({ ...answer, start: {} })
  expect(changed('items.*', 'removed')?.answer).toEqual({ ...answer, items: [{ id: 'item2' }] })
  expect(changed('items.*.id', 'emptied', 1)?.answer).toEqual({ ...answer, items: [{ id: 'item1' }, { id: '' }] })
  expect(changed('id', 'number')?.answer).toEqual({ ...answer, id: 7 })
  expect(changed('start.dateTime', 'edge 1')).toMatchObject({
    field: 'start.dateTime',
    path: ['start', 'dateTime'],
    label: 'edge 1',
    answer: { ...answer, start: { dateTime: '1969-12-31T23:59:59Z' } },
  })
  expect(changed('all', 'removed')?.answer).toEqual({})
  expect(answer).toEqual(before)
})

test('every mutation of every field can be sent as JSON, and changes it', () => {
  for (const field of fields)
    for (let change = 0; change < 40; change++) {
      const mutated = mutate(answer, { field, item: 0, change })
      expect(JSON.stringify(mutated?.answer)).toBeTypeOf('string')
      expect(mutated?.answer, `${field} ${mutated?.label}`).not.toEqual(answer)
    }
})

test('a number selects among the preferred candidates, a name that the answer lacks nothing', () => {
  const ids = (candidates: Candidate[]) =>
    candidates.filter(({ field, kind }) => field === 'items.*.id' && kind === 'at the edge')
  for (let field = 0; field < 5; field++)
    expect(mutate(answer, { field, item: 1, change: 1 }, ids)).toMatchObject({
      path: ['items', 1, 'id'],
      label: 'edge 1',
    })
  expect(mutate(answer, { field: 'end', item: 0, change: 0 })).toBeNull()
})
