import type { Viewer } from '#lib/auth/schema.ts'
import { sendMail } from '#lib/mail/send.ts'

export type InvitationEmail = { to: string; link: string; viewer: Viewer; validDays: number }

export const mailInvitation = ({ to, link, viewer, validDays }: InvitationEmail): Promise<boolean> => {
  const who = nameForMail(viewer.name) ?? 'The owner'
  const business = nameForMail(viewer.businessName) ?? 'a business'
  return sendMail({
    to,
    subject: `${who} invites you to ${business}`,
    text: [
      `${who} (${viewer.email}) invites you to join ${business} in Sophiie Calendar.`,
      '',
      'Open this link to accept:',
      '',
      link,
      '',
      `It works once, only for ${to}, and expires in ${validDays} days. If you do not know the sender, ignore this e-mail.`,
    ].join('\n'),
  })
}

/** `https:/`, `www.`, `name@`, `word.word`, with any dot that browsers accept in a domain. */
const pageAddress = /:\/|www\.|\S@|[\p{L}\p{N}_-][.\u3002][\p{L}\p{N}]/iu

/**
 * A name as one line, so that it adds no lines to the e-mail. Null if it contains the address of a
 * page or mailbox: anyone can name a business, and the e-mail comes from us.
 */
export const nameForMail = (name: string): string | null => {
  const line = name
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return line === '' || pageAddress.test(line) ? null : line
}
