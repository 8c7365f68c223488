import type { Viewer } from '#lib/auth/schema.ts'
import { nameForMail } from '#lib/mail/name-for-mail.ts'
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
