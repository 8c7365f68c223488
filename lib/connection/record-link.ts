import type { Tx } from '#db/client.ts'
import { recordByMember } from '#lib/activity/record-by-member.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import type { Whose } from '#lib/google/scopes.ts'

type LinkChange = {
  whose: Whose
  what: 'linked' | 'reconnected' | 'unlinked'
  account: string
  calendar?: string | null
}

/** The owner reads the log, so it names neither the account nor the calendars of a member. */
export const recordLink = async (tx: Tx, by: Viewer, change: LinkChange): Promise<void> => {
  if (change.whose === 'member') return recordByMember(tx, by, { what: `google.own-${change.what}` })
  const { account, calendar } = change
  const side = change.what === 'unlinked' ? { before: { account, calendar } } : { after: { account } }
  return recordByMember(tx, by, { what: `google.${change.what}`, ...side })
}
