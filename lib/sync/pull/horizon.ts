import { readMastersBeyond } from '#db/queries/mirror.ts'
import { updateSyncedCalendar } from '#db/queries/sync/calendars.ts'
import type { SyncContext } from '../context.ts'
import { msBetween } from '../core/instant.ts'
import { isolateFailing } from '../core/item-error.ts'
import { withFence } from '../fence.ts'
import { horizonAt } from './cursor.ts'
import { expandSeries } from './mirror.ts'

const batchSize = 200
const dueMs = 15 * 24 * 60 * 60_000

/** Moves the rolling horizon on every half a month: endless series get their next instances. */
export const rollHorizon = async (context: SyncContext): Promise<void> => {
  const { calendar } = context.state
  const horizon = horizonAt(context.now())
  const from = calendar.horizonEnd
  if (!from || msBetween(from, horizon.end) < dueMs) return
  for (let after = ''; ; ) {
    const range = { syncedCalendarId: calendar.id, from, after, limit: batchSize }
    const seriesIds = await readMastersBeyond(context.db, range)
    if (seriesIds.length === 0) break
    await isolateFailing(seriesIds, async (part) => {
      await withFence(context, async (tx) => void (await expandSeries(tx, context, { seriesIds: part, horizon })))
    })
    after = seriesIds.at(-1) ?? ''
  }
  const change = { horizonStart: horizon.start, horizonEnd: horizon.end }
  await withFence(context, (tx) => updateSyncedCalendar(tx, calendar.id, change))
}
