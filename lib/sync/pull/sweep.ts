import type { Tx } from '#db/client.ts'
import { updateConnection } from '#db/queries/connections.ts'
import { countLiveMappings, readMappings, readUnseenMappings } from '#db/queries/mappings.ts'
import { countUnseen, deleteEvents, readUnseen } from '#db/queries/mirror.ts'
import { recordActivity } from '#lib/activity/record.ts'
import type { SyncContext } from '../context.ts'
import { applyRemoteChanges } from './apply-remote.ts'
import type { Read } from './cursor.ts'
import { expandSeries } from './mirror.ts'

const guardShare = 0.5
const guardCount = 50

/** The full read would remove most of what is stored: nothing is removed, the owner is asked. */
export type DeletionGuard = { state: 'mass-deletion'; wouldRemove: number }

/** After the last page of a full read: what it should have contained and did not is gone. */
export const sweep = async (tx: Tx, context: SyncContext, read: Read): Promise<DeletionGuard | null> => {
  const { connection } = context
  const scope = { connectionId: connection.id, generation: read.generation, from: read.horizon.start }
  const { unseen, stored } = await countUnseen(tx, scope)
  const missing = await readUnseenMappings(tx, context.place, {
    generation: read.generation,
    from: read.horizon.start,
    startedAt: read.startedAt,
  })
  const wouldRemove = unseen + missing.length
  const all = stored + (await countLiveMappings(tx, context.place, read.horizon.start))
  if (wouldRemove > guardCount && wouldRemove > all * guardShare && !connection.bulkDeletionApproved)
    return { state: 'mass-deletion', wouldRemove }
  const gone = await readUnseen(tx, scope)
  await deleteEvents(
    tx,
    { businessId: context.businessId, connectionId: connection.id },
    gone.map((event) => event.eventId),
  )
  const series = gone.flatMap((event) => event.recurringEventId ?? [])
  await expandSeries(tx, context, { seriesIds: [...new Set(series)], horizon: read.horizon })

  const mappings = await readMappings(tx, context.place, missing)
  await applyRemoteChanges(
    tx,
    context,
    mappings.map((mapping) => ({ mapping, remote: { state: 'gone' } })),
    { generation: read.generation },
  )
  if (connection.bulkDeletionApproved)
    await updateConnection(tx, connection.id, { bulkDeletionApproved: false })
  if (unseen > 0)
    await recordActivity(tx, [
      {
        businessId: context.businessId,
        actor: { kind: 'google' },
        what: 'google.events-removed',
        detail: `${unseen} events are no longer in the calendar.`,
      },
    ])
  return null
}
