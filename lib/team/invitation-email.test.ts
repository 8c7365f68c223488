import { beforeEach, expect, test, vi } from 'vitest'
import type { BusinessId } from '#db/business-id.ts'
import type { Email } from '#lib/mail/send.ts'
import { mailInvitation, nameForMail } from './invitation-email.ts'

const sent = vi.hoisted(() => ({ emails: [] as Email[] }))
vi.mock('#lib/mail/send.ts', () => ({
  sendMail: async (email: Email) => {
    sent.emails.push(email)
    return true
  },
}))
beforeEach(() => {
  sent.emails.length = 0
})

const mail = async (name: string, businessName: string) => {
  const viewer = {
    userId: 'u',
    memberId: 'm',
    businessId: 'b' as BusinessId,
    timeZone: 'UTC',
    email: 'olive@harbour.example',
    role: 'owner' as const,
  }
  const link = 'https://calendar.example/invitation/x'
  await mailInvitation({
    to: 'mia@harbour.example',
    link,
    viewer: { ...viewer, name, businessName },
    validDays: 7,
  })
  return sent.emails.at(-1) as Email
}

test('an invitation names the sender and the business', async () => {
  expect(await mail('Olive Harbour', 'Harbour Plumbing')).toMatchObject({
    subject: 'Olive Harbour invites you to Harbour Plumbing',
    text: expect.stringContaining('Olive Harbour (olive@harbour.example) invites you to join Harbour Plumbing'),
  })
})

test('no address of a page in a name reaches the e-mail', async () => {
  const name = 'Your mailbox is full - verify at https://evil.example/x'
  const { subject, text } = await mail(name, name)
  expect(subject).toBe('The owner invites you to a business')
  expect(text).not.toContain('evil')
  expect(text.match(/https?:/g)).toHaveLength(1)
})

test.each([
  'https://evil.example',
  'HTTP://evil',
  'see www.evil',
  'evil.example',
  'Evil.Example/path',
  'evil.xn--p1ai',
  'evil\u3002example',
  'evil\uff0eexample',
  'evil\u200b.\u200bexample',
  'evil\u00ad.example',
  '192.0.2.1',
  'mailto:x@evil',
  'x@evil',
  'пример.рф',
  '',
  '\u200b',
])('%j is left out of e-mails', (name) => expect(nameForMail(name)).toBeNull())

test.each([
  ['Harbour Plumbing Pty. Ltd.', 'Harbour Plumbing Pty. Ltd.'],
  ['St. Mary & Sons, Dr. No', 'St. Mary & Sons, Dr. No'],
  ['Straße 24/7 – 100 %', 'Straße 24/7 – 100 %'],
  ['Two\r\nlines\u2028here\u0000', 'Two lines here'],
  ['\u202eevil', 'evil'],
])('%j is written as %s', (name, line) => expect(nameForMail(name)).toBe(line))
