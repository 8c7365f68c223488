import { giveBackAskToLink, readAskedToLink, takeAskToLink } from '#db/queries/asked-to-link.ts'
import { readMembers } from '#db/queries/members.ts'
import { readLink } from '#db/queries/sync/accounts.ts'
import { recordByMember } from '#lib/activity/record-by-member.ts'
import { refusedByLimit } from '#lib/auth/limits/limits.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { env } from '#lib/env.ts'
import { canMail, sendMail } from '#lib/mail/send.ts'
import type { Result } from '#lib/result.ts'
import { statusOfLink } from '../mine/settings.ts'
import { askEmail } from './ask-email.ts'
import { needsMember } from './needs-member.ts'
import { askAgainAfterMinutes } from './schema.ts'

export type Asked = Result<object, 'not-found' | 'nothing-to-do' | 'asked' | 'rate-limited' | 'not-sent'>

const refused = <Code extends string>(code: Code, message: string) => ({ ok: false, code, message }) as const

/** Asks a member by e-mail to link their own Google account, or to reconnect it. */
export const askByEmail = async (owner: Viewer, memberId: string): Promise<Asked> => {
  if (!canMail()) return refused('not-sent', 'This installation sends no e-mails.')
  const db = tenantDbOf(owner)
  const { businessId } = owner
  const member = (await readMembers(db, businessId)).find(({ id, active }) => id === memberId && active)
  if (!member || memberId === owner.memberId) return refused('not-found', 'This person cannot be asked.')
  const link = await readLink(db, { businessId, memberId })
  const status = link ? await statusOfLink(db, link, new Date().toISOString()) : ({ state: 'not-linked' } as const)
  if (!needsMember(status)) return refused('nothing-to-do', `The calendar of ${member.name} is linked and works.`)
  const before = (await readAskedToLink(db, businessId)).get(memberId) ?? null
  if (!(await takeAskToLink(db, { businessId, memberId }, askAgainAfterMinutes)))
    return refused('asked', `${member.name} was asked a short time ago.`)
  const giveBack = () => giveBackAskToLink(db, { businessId, memberId }, before)
  const limited =
    (await refusedByLimit('ask-to-link', owner.email)) ?? (await refusedByLimit('ask-to-link-to', member.email))
  if (limited) {
    await giveBack()
    return refused('rate-limited', limited)
  }
  const page = `${env().NEXTAUTH_URL.replace(/\/$/, '')}/settings/calendar`
  if (!(await sendMail(askEmail({ to: member.email, page, owner, status })))) {
    await giveBack()
    return refused('not-sent', 'The e-mail could not be sent. Try again later.')
  }
  await db.transaction((tx) =>
    recordByMember(tx, owner, { what: 'google.member-asked', after: { member: member.name } }),
  )
  return { ok: true }
}
