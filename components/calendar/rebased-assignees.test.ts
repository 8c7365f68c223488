import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rebasedAssignees } from './rebased-assignees.ts'

test('one person replaced by another, beside someone who was added by someone else', () => {
  const change = { before: ['mia'], wanted: ['tom'] }
  expect(rebasedAssignees(['mia', 'ravi'], change)).toEqual(['ravi', 'tom'])
  expect(rebasedAssignees(['ravi'], change)).toEqual(['ravi', 'tom'])
})

const people = fc.uniqueArray(fc.constantFrom('mia', 'olive', 'ravi', 'tom'))

test('without another change it gives what was wanted; without a change, what is there', () => {
  fc.assert(
    fc.property(people, people, (before, wanted) => {
      expect(rebasedAssignees(before, { before, wanted })).toEqual([...wanted].sort())
      expect(rebasedAssignees(wanted, { before, wanted: before })).toEqual([...wanted].sort())
    }),
  )
})
