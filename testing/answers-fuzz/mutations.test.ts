import { expect, test } from 'vitest'
import { mutate, mutationNames, pathsOf } from './mutations.ts'

const answer = { id: 'event1', start: { dateTime: '2027-03-01T09:00:00Z' }, items: [{ id: 'a' }, { id: 'b' }] }

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

test('a mutation changes one field and leaves the answer as it was', () => {
  const before = structuredClone(answer)
  expect(mutate(answer, { field: 3, mutation: 'removed' }).answer).toEqual({ ...answer, start: {} })
  expect(mutate(answer, { field: 5, mutation: 'removed' }).answer).toEqual({ ...answer, items: [{ id: 'b' }] })
  expect(mutate(answer, { field: 1, mutation: 'number' }).answer).toEqual({ ...answer, id: 7 })
  expect(mutate(answer, { field: 3, mutation: 'edge 1' })).toEqual({
    path: ['start', 'dateTime'],
    answer: { ...answer, start: { dateTime: '1969-12-31T23:59:59Z' } },
  })
  expect(mutate(answer, { field: 0, mutation: 'removed' }).answer).toEqual({})
  expect(answer).toEqual(before)
})

test('every mutation of every field can be sent as JSON', () => {
  for (const mutation of mutationNames)
    for (let field = 0; field < pathsOf(answer).length; field++)
      expect(JSON.stringify(mutate(answer, { field, mutation }).answer)).toBeTypeOf('string')
})
