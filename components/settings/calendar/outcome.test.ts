import { expect, test } from 'vitest'
import { linkOutcomes } from '#lib/connection/schema.ts'
import { outcomeOf } from './outcome.ts'

test.each(linkOutcomes)('%s has one sentence', (outcome) => {
  expect(outcomeOf(outcome, ['write-events'])?.sentence).toMatch(/^[A-Z].+\.$/)
})

test('an unticked box is named', () => {
  expect(outcomeOf('missing-permission', ['write-events'])?.sentence).toContain('“Write calendar events”')
  expect(outcomeOf('missing-permission', ['read-events', 'list-calendars'])?.sentence).toContain(
    '“Read calendar events” and “See your list of calendars”',
  )
  expect(outcomeOf('missing-permission', [])?.sentence).toContain('a calendar permission')
})

test.each([undefined, '', 'constructor', '<b>'])('%j says nothing', (link) => {
  expect(outcomeOf(link, [])).toBeNull()
})
