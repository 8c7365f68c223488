import { expect, test } from 'vitest'
import { askEmail } from './ask-email.ts'
import type { MembersStatus } from './needs-member.ts'

const page = 'https://calendar.example/settings/calendar'
const mail = (status: MembersStatus, name = 'Olive Harbour', businessName = 'Harbour Plumbing') =>
  askEmail({ to: 'mia@harbour.example', page, status, owner: { name, email: 'olive@harbour.example', businessName } })

test.each<[MembersStatus, string]>([
  [{ state: 'not-linked' }, 'link your own Google account at Harbour Plumbing'],
  [{ state: 'choose-calendar' }, 'asks you to choose its calendars'],
  [{ state: 'needs-attention', reason: 'revoked' }, 'Google access ended. Nothing is lost.'],
  [{ state: 'needs-attention', reason: 'calendar-lost' }, 'The Google calendar is not accessible.'],
])('%j is asked for in its own words', (status, words) => {
  const { to, text, subject } = mail(status)
  expect(to).toBe('mia@harbour.example')
  expect(subject).toMatch(/^Olive Harbour asks you to /)
  expect(text).toContain(words)
  expect(text).toContain(page)
})

test('no address of a page in a name reaches the e-mail', () => {
  const name = 'Your mailbox is full - verify at https://evil.example/x'
  const { subject, text } = mail({ state: 'not-linked' }, name, name)
  expect(subject).toBe('The owner asks you to link your Google calendar')
  expect(text).not.toContain('evil')
  expect(text.match(/https?:\S+/g)).toEqual([page])
})
