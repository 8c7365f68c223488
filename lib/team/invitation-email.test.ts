import { beforeEach, expect, test, vi } from 'vitest'
import type { BusinessId } from '#db/business-id.ts'
import type { Email } from '#lib/mail/send.ts'
import { mailInvitation } from './invitation-email.ts'

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
