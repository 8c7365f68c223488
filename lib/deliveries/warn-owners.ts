import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { readMembers } from '#db/queries/members.ts'
import { env } from '#lib/env.ts'
import { canMail, sendMail } from '#lib/mail/send.ts'

/** E-mails the owners that an endpoint was switched off. */
export const warnOwners = async (
  db: Db,
  { businessId, url }: { businessId: BusinessId; url: string },
): Promise<void> => {
  if (!canMail()) return
  const owners = (await readMembers(db, businessId)).filter(({ role, active }) => role === 'owner' && active)
  // Only the host: the path of an address is often its password.
  const { host } = new URL(url)
  const text = [
    `No message has reached your webhook at ${host} for five days, so Sophiie has switched it off.`,
    '',
    'When the receiver works again, switch the webhook on and send again what failed:',
    '',
    `${env().NEXTAUTH_URL}/settings/receptionist`,
  ].join('\n')
  for (const { email } of owners) await sendMail({ to: email, subject: 'A webhook was switched off', text })
}
