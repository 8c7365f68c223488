'use server'

import { readLink } from '#db/queries/sync/accounts.ts'
import { type SyncedCalendar, type SyncedCalendarChanges, updateSyncedCalendar } from '#db/queries/sync/calendars.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingViewer } from '#lib/auth/viewer.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { publishChange } from '#lib/live/publish.ts'
import type { Result } from '#lib/result.ts'
import { enqueueSync } from '#lib/sync/enqueue.ts'
import { linkKey } from '../link-key.ts'
import { tryAgain } from '../try-again.ts'
import { unlink } from '../unlink.ts'
import * as save from './save.ts'
import { busyCalendarsSchema } from './schema.ts'

/** A member's actions on their own account. No input names a member: it is always the viewer. */

type Denied = 'signed-out' | 'not-linked'

export const saveMyCalendars = async (
  input: unknown,
): Promise<save.SavedBusy | Extract<Result<object, 'signed-out' | 'invalid'>, { ok: false }>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = busyCalendarsSchema.safeParse(input)
  if (!parsed.success) return { ok: false, code: 'invalid', message: 'Choose from the calendars of the list.' }
  const saved = await save.saveBusyCalendars(acting.viewer, parsed.data.calendarIds)
  drainAfterResponse()
  return saved
}

export const syncMyCalendars = async (): Promise<Result<object, Denied>> => requestSync(() => tryAgain)

/** The next full read of each calendar that waits for this may remove most of its mirror. */
export const approveMyBulkDeletion = async (): Promise<Result<object, Denied>> =>
  requestSync(({ lastFailureKind }) =>
    lastFailureKind === 'mass-deletion' ? { ...tryAgain, bulkDeletionApproved: true } : {},
  )

const requestSync = async (
  changesOf: (calendar: SyncedCalendar) => SyncedCalendarChanges,
): Promise<Result<object, Denied>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const db = tenantDbOf(acting.viewer)
  const link = await readLink(db, linkKey(acting.viewer, 'member'))
  if (!link) return save.notLinked
  await db.transaction(async (tx) => {
    for (const calendar of link.busy) {
      const changes = changesOf(calendar)
      if (Object.keys(changes).length === 0) continue
      await updateSyncedCalendar(tx, calendar.id, changes)
      await enqueueSync(tx, calendar.id)
    }
    await publishChange(tx, acting.viewer.businessId)
  })
  drainAfterResponse()
  return { ok: true }
}

export const unlinkMyGoogle = async (): Promise<Result<object, Denied>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  drainAfterResponse()
  return (await unlink(acting.viewer, 'member')) === 'unlinked' ? { ok: true } : save.notLinked
}
