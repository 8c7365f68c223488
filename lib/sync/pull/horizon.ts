import { updateConnection } from '#db/queries/connections.ts'
import { readMastersBeyond } from '#db/queries/mirror.ts'
import type { SyncContext } from '../context.ts'
import { withFence } from '../fence.ts'
import { horizonAt } from './cursor.ts'
import { expandSeries } from './mirror.ts'

const batch = 200
const dueMs = 15 * 24 * 60 * 60_000

/** Moves the rolling horizon on when half a month has passed: endless series get their next instances. */
export const rollHorizon = async (context: SyncContext): Promise<void> => {
  const { connection } = context
  const horizon = horizonAt(context.now())
  const reached = connection.horizonEnd
  if (!reached || Date.parse(horizon.end) - Date.parse(reached) < dueMs) return
  for (let after = ''; ; ) {
    const seriesIds = await readMastersBeyond(context.db, {
      connectionId: connection.id,
      from: reached,
      after,
      limit: batch,
    })
    if (seriesIds.length === 0) break
    await withFence(context, (tx) => expandSeries(tx, context, { seriesIds, horizon }))
    after = seriesIds.at(-1) ?? ''
  }
  const change = { horizonStart: horizon.start, horizonEnd: horizon.end }
  await withFence(context, (tx) => updateConnection(tx, connection.id, change))
}
