import { type SyncedCalendar, type SyncedCalendarChanges, updateSyncedCalendar } from '#db/queries/sync/calendars.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { publishChange } from '#lib/live/publish.ts'
import { enqueueSync } from '#lib/sync/enqueue.ts'

/** The count of failures stays, so that the next failure waits as long as before. */
export const tryAgain = { failingSince: null, lastFailureKind: null, waitsForPerson: false, retryAt: null }

/** Changes calendars and requests their runs; null leaves a calendar as it is. */
export const requestRuns = async (
  viewer: Viewer,
  calendars: readonly SyncedCalendar[],
  changesOf: (calendar: SyncedCalendar) => SyncedCalendarChanges | null,
): Promise<void> => {
  await tenantDbOf(viewer).transaction(async (tx) => {
    for (const calendar of calendars) {
      const changes = changesOf(calendar)
      if (changes === null) continue
      await updateSyncedCalendar(tx, calendar.id, changes)
      await enqueueSync(tx, calendar.id)
    }
    await publishChange(tx, viewer.businessId)
  })
  drainAfterResponse()
}
