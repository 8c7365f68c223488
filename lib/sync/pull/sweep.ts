import type { Tx } from '#db/client.ts'
import { countLiveMappings, readUnseenMappings } from '#db/queries/mappings/full-reads.ts'
import { readMappings } from '#db/queries/mappings/mappings.ts'
import { countUnseen, deleteEvents, readUnseen } from '#db/queries/mirror.ts'
import { updateConnection } from '#db/queries/sync/connections.ts'
import { recordActivity } from '#lib/activity/record.ts'
import { applyRemoteChanges } from '../apply-remote.ts'
import type { SyncContext } from '../context.ts'
import { mappingOf } from '../mapping.ts'
import type { Read } from './cursor.ts'
import { expandSeries } from './mirror.ts'

const guardShare = 0.5
const guardCount = 50

/** The mass-deletion guard: nothing is removed before the owner confirms. */
export type DeletionGuard = { state: 'mass-deletion'; wouldRemove: number }

/** After the last page of a full read: removes what it should have contained and did not. */
export const sweep = async (tx: Tx, context: SyncContext, read: Read): Promise<DeletionGuard | null> => {
  const { connection, calendarKey } = context
  const { generation, startedAt } = read
  const from = read.horizon.start
  const { unseen, stored } = await countUnseen(tx, { connectionId: connection.id, generation, from })
  const missing = await readUnseenMappings(tx, calendarKey, { generation, from, startedAt })
  const wouldRemove = unseen + missing.length
  const all = stored + (await countLiveMappings(tx, calendarKey, from))
  if (wouldRemove > guardCount && wouldRemove > all * guardShare && !connection.bulkDeletionApproved)
    return { state: 'mass-deletion', wouldRemove }
  await removeEvents(tx, context, read)
  const mappings = await readMappings(tx, calendarKey, missing)
  const removed = mappings.map((row) => ({ mapping: mappingOf(row), event: { state: 'gone' as const } }))
  await applyRemoteChanges(tx, context, removed, { generation })
  if (connection.bulkDeletionApproved) await updateConnection(tx, connection.id, { bulkDeletionApproved: false })
  if (unseen > 0) await recordActivity(tx, [sweptEntry(context, unseen)])
  return null
}

/**
 * The series of removed exceptions are expanded again: their instances are as the rule places them.
 */
const removeEvents = async (tx: Tx, context: SyncContext, { generation, horizon }: Read): Promise<void> => {
  const { id: connectionId, businessId } = context.connection
  const events = await readUnseen(tx, { connectionId, generation, from: horizon.start })
  await deleteEvents(
    tx,
    { businessId, connectionId },
    events.map((event) => event.eventId),
  )
  const seriesIds = [...new Set(events.flatMap((event) => event.recurringEventId ?? []))]
  await expandSeries(tx, context, { seriesIds, horizon })
}

const sweptEntry = ({ businessId }: SyncContext, count: number) => ({
  businessId,
  actor: { kind: 'google' as const },
  what: 'google.events-removed',
  detail: `${count} events are no longer in the calendar.`,
})
