import type { Tx } from '#db/client.ts'
import { holdsFence } from '#db/queries/sync/calendars.ts'
import type { SyncContext } from './context.ts'

/**
 * Runs `work` in a transaction that holds the fence. Returns false without running it when the
 * calendar was unlinked, reconnected or moved to another calendar since the run began.
 */
export const withFence = (context: SyncContext, work: (tx: Tx) => Promise<void>): Promise<boolean> =>
  context.db.transaction(async (tx) => {
    if (!(await holdsFence(tx, context.calendar))) return false
    await work(tx)
    return true
  })
