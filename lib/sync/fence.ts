import type { Tx } from '#db/client.ts'
import { holdsFence } from '#db/queries/sync/calendars.ts'
import type { SyncContext } from './context.ts'
import { enqueueOthers } from './enqueue.ts'

/**
 * Runs `work` in a transaction that holds the fence. Returns false without running it when the
 * calendar was unlinked, reconnected or moved to another calendar since the run began. What the
 * transaction changes of appointments requests runs of their other calendars.
 */
export const withFence = (
  context: SyncContext,
  work: (tx: Tx, fence: { isShared: boolean }) => Promise<void>,
): Promise<boolean> =>
  context.db.transaction(async (tx) => {
    const { businessId, calendar } = context
    const fence = await holdsFence(tx, calendar)
    if (!fence) return false
    await work(tx, fence)
    if (fence.isShared) await enqueueOthers(tx, { businessId, syncedCalendarId: calendar.id })
    return true
  })
