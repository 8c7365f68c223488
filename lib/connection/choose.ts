import { randomUUID } from 'node:crypto'
import type { Db, Tx } from '#db/client.ts'
import { adoptMappings, resetMappings } from '#db/queries/mappings/mappings.ts'
import { markPendingRemoval } from '#db/queries/mappings/pending-removals.ts'
import { eraseMirror } from '#db/queries/mirror.ts'
import { type GoogleAccount, type Link, lockLink } from '#db/queries/sync/accounts.ts'
import {
  insertSyncedCalendar,
  noFailure,
  type SyncedCalendar,
  updateSyncedCalendar,
} from '#db/queries/sync/calendars.ts'
import { insertSyncRequests } from '#db/queries/sync/sync-requests.ts'
import { recordActivity } from '#lib/activity/record.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { tokenOf } from '#lib/google/access.ts'
import { calendarApi } from '#lib/google/calendar-api.ts'
import { publishChange } from '#lib/live/publish.ts'
import type { Result } from '#lib/result.ts'
import { enqueueSync } from '#lib/sync/enqueue.ts'
import type { CalendarChoice } from './schema.ts'
import { channelOf } from './unlink.ts'

export type Chosen = Result<{ calendarName: string; account: string }, 'not-linked' | 'changed'>

/**
 * Saves the chosen calendar and starts syncing. Events of upcoming appointments move over from the
 * calendar before.
 */
export const chooseCalendar = async (viewer: Viewer, choice: CalendarChoice): Promise<Chosen> => {
  const db = tenantDbOf(viewer)
  const link = await db.transaction(async (tx) => {
    const locked = await lockLink(tx, { businessId: viewer.businessId, memberId: null })
    if (locked) await saveChoice(tx, viewer, { link: locked, choice })
    return locked
  })
  if (!link) return { ok: false, code: 'not-linked', message: 'The Google account is no longer linked.' }
  const { account, calendar: before } = link
  if (before && before.calendarId !== choice.id) await stopOldChannel(db, before)
  return { ok: true, calendarName: choice.name, account: account.googleEmail }
}

const saveChoice = async (
  tx: Tx,
  viewer: Viewer,
  { link: { account, calendar: before }, choice }: { link: Link; choice: CalendarChoice },
): Promise<void> => {
  const described = {
    calendarName: choice.name,
    calendarZone: choice.timeZone || null,
    calendarRole: choice.access,
  }
  const id = before?.id ?? randomUUID()
  if (before?.calendarId === choice.id) await updateSyncedCalendar(tx, id, { ...described, ...noFailure })
  else await saveOther(tx, viewer, { id, account, before, chosen: { ...described, calendarId: choice.id } })
  await insertSyncRequests(tx, { syncedCalendarId: id, businessId: viewer.businessId })
  await enqueueSync(tx, id)
  await publishChange(tx, viewer.businessId)
}

type CalendarColumns = { calendarId: string; calendarName: string; calendarZone: string | null; calendarRole: string }

/** The first calendar of the account, or another one. */
const saveOther = async (
  tx: Tx,
  { businessId, memberId }: Viewer,
  change: { id: string; account: GoogleAccount; before: SyncedCalendar | null; chosen: CalendarColumns },
): Promise<void> => {
  const { id, account, before, chosen } = change
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
  await resetMappings(tx, key)
  if (before) await markPendingRemoval(tx, key, selectedAt)
  await recordActivity(tx, [
    {
      businessId,
      actor: { kind: 'member', memberId },
      what: before ? 'google.calendar-changed' : 'google.calendar-chosen',
      before: before ? { calendar: before.calendarName } : undefined,
      after: { calendar: chosen.calendarName },
    },
  ])
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
