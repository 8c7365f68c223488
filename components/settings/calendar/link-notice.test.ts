import { expect, test } from 'vitest'
import { linkOutcomes } from '#lib/connection/schema.ts'
import { linkNotice } from './link-notice.ts'

test.each(linkOutcomes)('%s has one sentence', (outcome) => {
  for (const whose of ['business', 'member'] as const)
    expect(linkNotice(outcome, ['read-events'], whose)?.sentence).toMatch(/^[A-Z].+\.$/)
})

test('an unticked permission is named', () => {
  expect(linkNotice('missing-permission', ['write-events'], 'business')?.sentence).toContain('“Write calendar events”')
  expect(linkNotice('missing-permission', ['read-events', 'list-calendars'], 'business')?.sentence).toContain(
    '“Read calendar events” and “See your list of calendars”',
  )
  expect(linkNotice('missing-permission', ['read-events'], 'member')?.sentence).toContain('“Read calendar events”')
  expect(linkNotice('missing-permission', [], 'member')?.sentence).toContain('a calendar permission')
})

test.each([undefined, '', 'constructor', '<b>'])('%j has no notice', (link) => {
  expect(linkNotice(link, [], 'business')).toBeNull()
})
