import { randomUUID } from 'node:crypto'
import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import { lockCalendar } from '#db/queries/occurrences.ts'
import {
  deleteAccount,
  type GoogleAccount,
  type Link,
  type LinkKey,
  lockLink,
  readLinkKeys,
} from '#db/queries/sync/accounts.ts'
import { deleteSyncedCalendar, lockCalendarsOfAccount, type SyncedCalendar } from '#db/queries/sync/calendars.ts'
import { type Channel, insertRevocation } from '#db/queries/sync/revocations.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import type { Whose } from '#lib/google/scopes.ts'
import { openToken, sealToken } from '#lib/google/token-vault.ts'
import { requestPlacement } from '#lib/sync/placement/request-placement.ts'
import { linkKey } from './link-key.ts'
import { recordLink } from './record-link.ts'

/**
 * Ends the link at once: tokens and mirror are deleted with the account, event mappings stay. A job
 * stops the channels and revokes access, so that both happen however long Google is unreachable.
 */
export const unlink = (viewer: Viewer, whose: Whose = 'business'): Promise<'unlinked' | 'not-linked'> =>
  tenantDbOf(viewer).transaction(async (tx) => {
    // The lock of bookings first, as in every transaction that writes appointments.
    if (whose === 'member') await lockCalendar(tx, viewer.businessId, 'wait')
    const link = await lockLink(tx, linkKey(viewer, whose))
    if (!link) return 'not-linked'
    await retireLinkOf(tx, link)
    const calendar = link.calendar?.calendarName ?? null
    await recordLink(tx, viewer, { whose, what: 'unlinked', account: link.account.googleEmail, calendar })
    return 'unlinked'
  })

/** Part of the transaction in which a member leaves, which has the lock of bookings. */
export const retireLink = async (tx: Tx, key: LinkKey): Promise<void> => {
  const link = await lockLink(tx, key)
  if (link) await retireLinkOf(tx, link)
}

/** Without a calendar of their own, members are guests of the business's events again. */
const retireLinkOf = async (tx: Tx, { account, calendar }: Link): Promise<void> => {
  await retireAccount(tx, account)
  const { businessId, memberId } = account
  if (memberId !== null && calendar) await requestPlacement(tx, businessId, { memberId })
}

/** Ends every link of a business that is about to be deleted, its own first, as in `choose.ts`. */
export const retireLinksOfBusiness = (businessId: BusinessId): Promise<void> =>
  tenantDbOf({ businessId }).transaction(async (tx) => {
    const keys = await readLinkKeys(tx, businessId)
    const [own, ofMembers] = [{ businessId, memberId: null }, keys.filter(({ memberId }) => memberId !== null)]
    for (const key of [own, ...ofMembers]) await retireLink(tx, key)
  })

/** Ends the sync of some calendars of an account, whose grant stays. A job stops their channels. */
export const retireCalendars = async (tx: Tx, account: GoogleAccount, calendars: SyncedCalendar[]): Promise<void> => {
  const notified = calendars.filter((calendar) => channelOf(calendar).length > 0)
  if (notified.length > 0) await queueRevocation(tx, account, notified)
  for (const { id } of calendars) await deleteSyncedCalendar(tx, id)
}

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
