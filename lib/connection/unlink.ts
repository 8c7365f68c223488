import { randomUUID } from 'node:crypto'
import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import { deleteAccount, type GoogleAccount, type LinkKey, lockLink, readLinkKeys } from '#db/queries/sync/accounts.ts'
import { lockCalendarsOfAccount, type SyncedCalendar } from '#db/queries/sync/calendars.ts'
import { type Channel, insertRevocation } from '#db/queries/sync/revocations.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import type { Whose } from '#lib/google/scopes.ts'
import { openToken, sealToken } from '#lib/google/token-vault.ts'
import { linkKey } from './link-key.ts'
import { recordLink } from './record-link.ts'

/**
 * Ends the link at once: tokens and mirror are deleted with the account, event mappings stay. A job
 * stops the channels and revokes access, so that both happen however long Google is unreachable.
 */
export const unlink = (viewer: Viewer, whose: Whose = 'business'): Promise<'unlinked' | 'not-linked'> =>
  tenantDbOf(viewer).transaction(async (tx) => {
    const link = await lockLink(tx, linkKey(viewer, whose))
    if (!link) return 'not-linked'
    await retireAccount(tx, link.account)
    const calendar = link.calendar?.calendarName ?? null
    await recordLink(tx, viewer, { whose, what: 'unlinked', account: link.account.googleEmail, calendar })
    return 'unlinked'
  })

/** Part of the transaction in which a member leaves. */
export const retireLink = async (tx: Tx, key: LinkKey): Promise<void> => {
  const link = await lockLink(tx, key)
  if (link) await retireAccount(tx, link.account)
}

/** Ends every link of a business that is about to be deleted. */
export const retireLinksOfBusiness = (businessId: BusinessId): Promise<void> =>
  tenantDbOf({ businessId }).transaction(async (tx) => {
    for (const key of await readLinkKeys(tx, businessId)) await retireLink(tx, key)
  })

/** Deletes the account and its calendars, and queues the revocation of its grant. */
export const retireAccount = async (tx: Tx, account: GoogleAccount): Promise<void> => {
  const calendars = await lockCalendarsOfAccount(tx, account.id)
  await queueRevocation(tx, account, calendars)
  await deleteAccount(tx, account.id)
}

/**
 * A job stops the channels of these calendars, and revokes the grant unless an account of the same
 * person is linked.
 */
export const queueRevocation = async (tx: Tx, account: GoogleAccount, calendars: SyncedCalendar[]): Promise<void> => {
  const id = randomUUID()
  await insertRevocation(tx, {
    id,
    businessId: account.businessId,
    googleSub: account.googleSub,
    refreshToken: sealToken(openToken(account.refreshToken, account.id), id),
    channels: calendars.flatMap(channelOf),
  })
}

/** Its push channel, if it has one. */
export const channelOf = ({ channelId, channelResourceId }: SyncedCalendar): Channel[] =>
  channelId && channelResourceId ? [{ id: channelId, resourceId: channelResourceId }] : []
