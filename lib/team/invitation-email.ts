import type { Viewer } from '#lib/auth/schema.ts'
import { sendMail } from '#lib/mail/send.ts'

type InvitationEmail = { to: string; link: string; viewer: Viewer; validDays: number }

export const mailInvitation = ({ to, link, viewer, validDays }: InvitationEmail): Promise<boolean> =>
  sendMail({
    to,
    subject: `${oneLine(viewer.name)} invites you to ${oneLine(viewer.businessName)}`,
    text: [
      `${oneLine(viewer.name)} (${viewer.email}) invites you to join ${oneLine(viewer.businessName)} in Sophiie Calendar.`,
      '',
      'Open this link to accept:',
      '',
      link,
      '',
      `It works once, only for ${to}, and expires in ${validDays} days. If you do not know the sender, ignore this e-mail.`,
    ].join('\n'),
  })

/** User input must not add lines to the e-mail. */
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()
