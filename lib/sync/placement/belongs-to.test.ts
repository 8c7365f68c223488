import { expect, test } from 'vitest'
import { invitedTo, type PlacementRules } from './belongs-to.ts'

const calendars = [
  { id: 'work', memberId: null },
  { id: 'bens', memberId: 'ben' },
]
const rules = (appointmentsGo: PlacementRules['appointmentsGo']): PlacementRules => ({ appointmentsGo, calendars })

test.each([
  ['both', null, ['mia']],
  ['assignees', null, ['mia']],
  ['business', null, ['ben', 'mia']],
  ['both', 'ben', []],
] as const)('%s, in the calendar of %s: guests are %j', (choice, memberId, guests) => {
  expect(invitedTo({ memberId }, ['ben', 'mia'], rules(choice))).toEqual(guests)
})
