import { randomUUID } from 'node:crypto'
import type { Tx } from '#db/client.ts'
import { deleteAccount, type GoogleAccount, lockLinkOfBusiness } from '#db/queries/sync/accounts.ts'
import { lockCalendarsOfAccount, type SyncedCalendar } from '#db/queries/sync/calendars.ts'
import { type Channel, insertRevocation } from '#db/queries/sync/revocations.ts'
import { recordActivity } from '#lib/activity/record.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { openToken, sealToken } from '#lib/google/token-vault.ts'
import { publishChange } from '#lib/live/publish.ts'

/**
 * Ends the link at once: tokens and mirror are deleted with the account, event mappings stay. A job
 * stops the channels and revokes access, so that both happen however long Google is unreachable.
 */
export const unlink = (viewer: Viewer): Promise<'unlinked' | 'not-linked'> =>
  tenantDbOf(viewer).transaction(async (tx) => {
    const link = await lockLinkOfBusiness(tx, viewer.businessId)
    if (!link) return 'not-linked'
    await retireAccount(tx, link.account)
    await recordActivity(tx, [
      {
        businessId: viewer.businessId,
        actor: { kind: 'member', memberId: viewer.memberId },
        what: 'google.unlinked',
        before: { account: link.account.googleEmail, calendar: link.calendar?.calendarName ?? null },
      },
    ])
    await publishChange(tx, viewer.businessId)
    return 'unlinked'
  })

/** Deletes the account and its calendars, and queues the revocation of its grant. */
export const retireAccount = async (tx: Tx, account: GoogleAccount): Promise<void> => {
  const id = randomUUID()
  const calendars = await lockCalendarsOfAccount(tx, account.id)
  await insertRevocation(tx, {
    id,
    businessId: account.businessId,
    googleSub: account.googleSub,
    refreshToken: sealToken(openToken(account.refreshToken, account.id), id),
    channels: calendars.flatMap(channelOf),
  })
  await deleteAccount(tx, account.id)
}

/** Its push channel, if it has one. */
export const channelOf = ({ channelId, channelResourceId }: SyncedCalendar): Channel[] =>
  channelId && channelResourceId ? [{ id: channelId, resourceId: channelResourceId }] : []
