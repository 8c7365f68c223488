import { failureWords } from '#lib/google/failure-words.ts'
import { nameForMail } from '#lib/mail/name-for-mail.ts'
import type { Email } from '#lib/mail/send.ts'
import type { MembersStatus } from './needs-member.ts'

export type AskEmail = {
  to: string
  /** Of Settings → Calendar. */
  page: string
  owner: { name: string; email: string; businessName: string }
  status: MembersStatus
}

/** Asks a member to link their own Google account, or to reconnect it. */
export const askEmail = ({ to, page, owner, status }: AskEmail): Email => {
  const who = nameForMail(owner.name) ?? 'The owner'
  const business = nameForMail(owner.businessName) ?? 'the business'
  const { subject, lines } = wordsOf({ who: `${who} (${owner.email})`, business, status })
  return {
    to,
    subject: `${who} ${subject}`,
    text: [
      ...lines,
      '',
      'Open Settings → Calendar:',
      '',
      page,
      '',
      `Sign in as ${to}. Only you can link your account, and you can unlink it at any time.`,
      'If you do not know the sender, ignore this e-mail.',
    ].join('\n'),
  }
}

type Words = { subject: string; lines: string[] }

const wordsOf = (ask: { who: string; business: string; status: MembersStatus }): Words => {
  const { who, business, status } = ask
  if (status.state === 'needs-attention')
    return {
      subject: 'asks you to check your Google calendar',
      lines: [
        `${who} asks you to check the Google account that you linked at ${business} in Sophiie Calendar.`,
        '',
        `${failureWords[status.reason]}. Nothing is lost. Until you do:`,
        '',
        '- your appointments may be out of date in your own calendar,',
        '- you may be booked at times when you are busy there.',
      ],
    }
  const started = status.state === 'choose-calendar'
  return {
    subject: started ? 'asks you to choose your Google calendars' : 'asks you to link your Google calendar',
    lines: [
      started
        ? `You linked your Google account at ${business} in Sophiie Calendar. ${who} asks you to choose its calendars.`
        : `${who} asks you to link your own Google account at ${business} in Sophiie Calendar.`,
      '',
      'What it does for you:',
      '',
      '- While you are busy in your own calendar, you are not booked. Others see only that, never why.',
      '- If you choose a calendar for your appointments, they appear there within seconds. Move one there, and it',
      '  moves here too.',
    ],
  }
}
