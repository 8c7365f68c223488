import { expect, test } from 'vitest'
import { linkOutcomes } from '#lib/connection/schema.ts'
import { linkNotice } from './link-notice.ts'

test.each(linkOutcomes)('%s has one sentence', (outcome) => {
  expect(linkNotice(outcome, ['write-events'])?.sentence).toMatch(/^[A-Z].+\.$/)
})

test('an unticked permission is named', () => {
  expect(linkNotice('missing-permission', ['write-events'])?.sentence).toContain('“Write calendar events”')
  expect(linkNotice('missing-permission', ['read-events', 'list-calendars'])?.sentence).toContain(
    '“Read calendar events” and “See your list of calendars”',
  )
  expect(linkNotice('missing-permission', [])?.sentence).toContain('a calendar permission')
})

test.each([undefined, '', 'constructor', '<b>'])('%j has no notice', (link) => {
  expect(linkNotice(link, [])).toBeNull()
})
