'use server'

import { readLink } from '#db/queries/sync/accounts.ts'
import type { SyncedCalendar, SyncedCalendarChanges } from '#db/queries/sync/calendars.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingViewer } from '#lib/auth/viewer.ts'
import { massDeletionKind } from '#lib/google/failure-kind.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import type { Result } from '#lib/result.ts'
import { linkKey } from '../link-key.ts'
import { requestRuns, tryAgain } from '../request-runs.ts'
import { unlink } from '../unlink.ts'
import { notLinked, type SavedBusy, saveBusyCalendars } from './save.ts'
import { busyCalendarsSchema } from './schema.ts'

/** A member's actions on their own account. No input names a member: it is always the viewer. */

type Denied = 'signed-out' | 'not-linked'

export const saveMyCalendars = async (
  input: unknown,
): Promise<SavedBusy | Extract<Result<object, 'signed-out' | 'invalid'>, { ok: false }>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = busyCalendarsSchema.safeParse(input)
  if (!parsed.success) return { ok: false, code: 'invalid', message: 'Choose from the calendars of the list.' }
  const saved = await saveBusyCalendars(acting.viewer, parsed.data.calendarIds)
  drainAfterResponse()
  return saved
}

export const syncMyCalendars = async (): Promise<Result<object, Denied>> => requestSync(() => tryAgain)

/** The next full read of each calendar that waits for this may remove most of its mirror. */
export const approveMyBulkDeletion = async (): Promise<Result<object, Denied>> =>
  requestSync(({ lastFailureKind }) =>
    lastFailureKind === massDeletionKind ? { ...tryAgain, bulkDeletionApproved: true } : null,
  )

const requestSync = async (
  changesOf: (calendar: SyncedCalendar) => SyncedCalendarChanges | null,
): Promise<Result<object, Denied>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const link = await readLink(tenantDbOf(acting.viewer), linkKey(acting.viewer, 'member'))
  if (!link) return notLinked
  await requestRuns(acting.viewer, link.busy, changesOf)
  return { ok: true }
}

export const unlinkMyGoogle = async (): Promise<Result<object, Denied>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  drainAfterResponse()
  return (await unlink(acting.viewer, 'member')) === 'unlinked' ? { ok: true } : notLinked
}
