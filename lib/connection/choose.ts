import type { Db, Tx } from '#db/client.ts'
import { adoptMappings, resetMappings } from '#db/queries/mappings/mappings.ts'
import { markPendingRemoval } from '#db/queries/mappings/pending-removals.ts'
import { eraseMirror } from '#db/queries/mirror.ts'
import {
  type ConnectionRow,
  lockConnectionOfBusiness,
  noFailure,
  updateConnection,
} from '#db/queries/sync/connections.ts'
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

export type Chosen = Result<{ calendarName: string; account: string }, 'not-linked' | 'changed'>

/**
 * Saves the chosen calendar and starts syncing. Events of upcoming appointments move over from the
 * calendar before.
 */
export const chooseCalendar = async (viewer: Viewer, choice: CalendarChoice): Promise<Chosen> => {
  const db = tenantDbOf(viewer)
  const before = await db.transaction(async (tx) => {
    const connection = await lockConnectionOfBusiness(tx, viewer.businessId)
    if (connection) await saveChoice(tx, viewer, { connection, choice })
    return connection
  })
  if (!before) return { ok: false, code: 'not-linked', message: 'The Google account is no longer linked.' }
  if (before.calendarId !== choice.id) await stopOldChannel(db, before)
  return { ok: true, calendarName: choice.name, account: before.googleEmail }
}

const saveChoice = async (
  tx: Tx,
  viewer: Viewer,
  change: { connection: ConnectionRow; choice: CalendarChoice },
): Promise<void> => {
  const { connection, choice } = change
  const now = new Date().toISOString()
  const described = {
    calendarName: choice.name,
    calendarZone: choice.timeZone || null,
    calendarRole: choice.access,
  }
  if (connection.calendarId === choice.id) {
    await updateConnection(tx, connection.id, { ...described, ...noFailure })
  } else {
    await eraseMirror(tx, connection.id)
    await updateConnection(tx, connection.id, {
      ...described,
      ...noFailure,
      ...notReadYet,
      calendarId: choice.id,
      selectedAt: now,
      epoch: connection.epoch + 1,
    })
    const place = { businessId: viewer.businessId, googleSub: connection.googleSub, calendarId: choice.id }
    await adoptMappings(tx, place)
    await resetMappings(tx, place)
    if (connection.calendarId) await markPendingRemoval(tx, place, now)
    await recordActivity(tx, [
      {
        businessId: viewer.businessId,
        actor: { kind: 'member', memberId: viewer.memberId },
        what: connection.calendarId ? 'google.calendar-changed' : 'google.calendar-chosen',
        before: connection.calendarName ? { calendar: connection.calendarName } : undefined,
        after: { calendar: choice.name },
      },
    ])
  }
  await insertSyncRequests(tx, { connectionId: connection.id, businessId: viewer.businessId })
  await enqueueSync(tx, connection.id)
  await publishChange(tx, viewer.businessId)
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
 * no connection.
 */
const stopOldChannel = async (db: Db, before: ConnectionRow) => {
  if (!before.channelId || !before.channelResourceId) return
  await calendarApi(tokenOf(db, before.id)).stopChannel({
    id: before.channelId,
    resourceId: before.channelResourceId,
  })
}
