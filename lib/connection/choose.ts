import { randomUUID } from 'node:crypto'
import type { Db, Tx } from '#db/client.ts'
import { adoptMappings, resetMappings } from '#db/queries/mappings/mappings.ts'
import { markPendingRemoval } from '#db/queries/mappings/pending-removals.ts'
import { eraseMirror } from '#db/queries/mirror.ts'
import { lockCalendar } from '#db/queries/occurrences.ts'
import { type Link, lockChoices, lockLink } from '#db/queries/sync/accounts.ts'
import {
  insertSyncedCalendar,
  noFailure,
  type SyncedCalendar,
  updateSyncedCalendar,
} from '#db/queries/sync/calendars.ts'
import { insertSyncRequests } from '#db/queries/sync/sync-requests.ts'
import { recordByMember } from '#lib/activity/record-by-member.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { tokenOf } from '#lib/google/access.ts'
import { calendarApi } from '#lib/google/calendar-api.ts'
import type { Whose } from '#lib/google/scopes.ts'
import { publishChange } from '#lib/live/publish.ts'
import type { Result } from '#lib/result.ts'
import { enqueueSync } from '#lib/sync/enqueue.ts'
import { requestPlacement } from '#lib/sync/placement/request-placement.ts'
import { linkKey } from './link-key.ts'
import { readTaken } from './offered.ts'
import { notLinked } from './refusals.ts'
import type { CalendarChoice } from './schema.ts'
import { channelOf, retireCalendars } from './unlink.ts'

export type Chosen = Result<{ calendarName: string; account: string }, 'not-linked' | 'changed' | 'taken'>

/**
 * Saves the calendar that the appointments of the business, or of the member, go to, and starts
 * syncing. Events of upcoming appointments move over from the calendar before.
 */
export const chooseCalendar = async (
  viewer: Viewer,
  choice: CalendarChoice,
  whose: Whose = 'business',
): Promise<Chosen> => {
  const db = tenantDbOf(viewer)
  const chosen = await inTurn(db, viewer, whose, async (tx, link) => {
    const message = (await readTaken(tx, link))(choice.id)
    if (message) return { ok: false, code: 'taken', message } as const
    await saveChoice(tx, viewer, { link, choice })
    return { ok: true, before: link.calendar, account: link.account.googleEmail } as const
  })
  if (!chosen.ok) return chosen
  const { before, account } = chosen
  if (before && before.calendarId !== choice.id) await stopOldChannel(db, before)
  return { ok: true, calendarName: choice.name, account }
}

/** No calendar gets the member's appointments any more. Its events and their mappings stay. */
export const removeOwnCalendar = (viewer: Viewer): Promise<Result<object, 'not-linked'>> =>
  inTurn(tenantDbOf(viewer), viewer, 'member', async (tx, { account, calendar }) => {
    if (!calendar) return { ok: true }
    await retireCalendars(tx, account, [calendar])
    await requestPlacement(tx, viewer.businessId, { memberId: viewer.memberId })
    await recordByMember(tx, viewer, { what: 'google.own-calendar-removed' })
    return { ok: true }
  })

/**
 * Where appointments go is decided in turn over the whole business: no two owners choose one
 * calendar. The link of the business is locked before bookings, as everywhere: its calendar is the
 * lock of bookings. Links of members are locked after them.
 */
const inTurn = <R>(
  db: Db,
  viewer: Viewer,
  whose: Whose,
  work: (tx: Tx, link: Link) => Promise<R>,
): Promise<R | Result<never, 'not-linked'>> =>
  db.transaction(async (tx) => {
    const lock = () => lockLink(tx, linkKey(viewer, whose))
    const own = whose === 'business' ? await lock() : undefined
    await lockCalendar(tx, viewer.businessId, 'wait')
    await lockChoices(tx, viewer.businessId)
    const link = own === undefined ? await lock() : own
    return link ? work(tx, link) : notLinked[whose]
  })

const saveChoice = async (
  tx: Tx,
  viewer: Viewer,
  { link, choice }: { link: Link; choice: CalendarChoice },
): Promise<void> => {
  const { calendar: before } = link
  const described = {
    calendarName: choice.name,
    calendarZone: choice.timeZone || null,
    calendarRole: choice.access,
  }
  const id = before?.id ?? randomUUID()
  const isSame = before?.calendarId === choice.id
  if (isSame) await updateSyncedCalendar(tx, id, { ...described, ...noFailure })
  else await saveOther(tx, viewer, { id, link, chosen: { ...described, calendarId: choice.id } })
  const { businessId } = viewer
  const { memberId } = link.account
  await insertSyncRequests(tx, { syncedCalendarId: id, businessId })
  // In the calendar of the business the member is a guest no more.
  if (memberId !== null && !isSame) await requestPlacement(tx, businessId, { memberId })
  else await enqueueSync(tx, id)
  await publishChange(tx, viewer.businessId)
}

type CalendarColumns = { calendarId: string; calendarName: string; calendarZone: string | null; calendarRole: string }

/** The first calendar of the account, or another one. */
const saveOther = async (
  tx: Tx,
  viewer: Viewer,
  { id, link, chosen }: { id: string; link: Link; chosen: CalendarColumns },
): Promise<void> => {
  const { account, calendar: before } = link
  const { businessId } = account
  // It blocks as a calendar of appointments from now on.
  await retireCalendars(
    tx,
    account,
    link.busy.filter(({ calendarId }) => calendarId === chosen.calendarId),
  )
  const selectedAt = new Date().toISOString()
  if (before) {
    await eraseMirror(tx, id)
    const epoch = before.epoch + 1
    await updateSyncedCalendar(tx, id, { ...chosen, ...noFailure, ...notReadYet, selectedAt, epoch })
  } else {
    const owned = { id, businessId, accountId: account.id, memberId: account.memberId }
    await insertSyncedCalendar(tx, { ...owned, ...chosen, purpose: 'appointments', selectedAt })
  }
  const key = { businessId, googleSub: account.googleSub, calendarId: chosen.calendarId }
  await adoptMappings(tx, key)
  await resetMappings(tx, { ...key, memberId: account.memberId })
  if (before) await markPendingRemoval(tx, key, selectedAt)
  await recordChoice(tx, viewer, { link, chosen })
}

/** The owner reads the log, so it does not name a member's calendars. */
const recordChoice = (
  tx: Tx,
  viewer: Viewer,
  { link: { account, calendar: before }, chosen }: { link: Link; chosen: CalendarColumns },
): Promise<void> => {
  const did = before ? 'calendar-changed' : 'calendar-chosen'
  if (account.memberId !== null) return recordByMember(tx, viewer, { what: `google.own-${did}` })
  return recordByMember(tx, viewer, {
    what: `google.${did}`,
    before: before ? { calendar: before.calendarName } : undefined,
    after: { calendar: chosen.calendarName },
  })
}

const notReadYet = {
  syncToken: null,
  syncParameters: null,
  pageCursor: null,
  readMode: null,
  readFrom: null,
  importedAt: null,
  importedCount: 0,
  skippedCount: 0,
  skippedEvents: null,
  readIncomplete: false,
  fullReadAt: null,
  horizonStart: null,
  horizonEnd: null,
  lastSuccessAt: null,
  channelId: null,
  channelResourceId: null,
  channelSecretHash: null,
  channelExpiresAt: null,
  channelCreatedAt: null,
  channelUnsupported: false,
  bulkDeletionApproved: false,
} as const

/**
 * Best effort: a channel that is not stopped expires within two days, and its notifications match
 * no calendar.
 */
const stopOldChannel = async (db: Db, before: SyncedCalendar) => {
  const api = calendarApi(tokenOf(db, before.accountId))
  for (const channel of channelOf(before)) await api.stopChannel(channel)
}
