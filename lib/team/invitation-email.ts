import type { Viewer } from '#lib/auth/schema.ts'
import { sendMail } from '#lib/mail/send.ts'

type Invited = { to: string; link: string; viewer: Viewer; validDays: number }

export const mailInvitation = ({ to, link, viewer, validDays }: Invited): Promise<boolean> =>
  sendMail({
    to,
    subject: `${oneLine(viewer.name)} invites you to ${oneLine(viewer.businessName)}`,
    text: [
      `${oneLine(viewer.name)} (${viewer.email}) invites you to book and see appointments of ${oneLine(viewer.businessName)} in Sophiie Calendar.`,
      '',
      'Open this link and accept:',
      '',
      link,
      '',
      `It works once, within ${validDays} days, for ${to} alone. If you do not know them, ignore this e-mail.`,
    ].join('\n'),
  })

/** Names are other people's words: they make no line of their own. */
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()
