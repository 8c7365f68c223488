import type { Tx } from '#db/client.ts'
import { updateConnection } from '#db/queries/connections.ts'
import { countLiveCopies, readCopies, readUnseenCopies } from '#db/queries/mappings.ts'
import { countUnseen, deleteEvents, readUnseen } from '#db/queries/mirror.ts'
import { recordActivity } from '#lib/activity/record.ts'
import type { SyncContext } from '../context.ts'
import { applySightings } from './apply-remote.ts'
import type { Read } from './cursor.ts'
import { expandSeries } from './mirror.ts'

const brakeShare = 0.5
const brakeCount = 50

/** The full read would remove most of what is stored: nothing is removed, the owner is asked. */
export type Brake = { state: 'brake'; wouldRemove: number }

/** After the last page of a full read: what it should have contained and did not is gone. */
export const sweep = async (tx: Tx, context: SyncContext, read: Read): Promise<Brake | null> => {
  const { connection } = context
  const scope = { connectionId: connection.id, generation: read.generation, from: read.horizon.start }
  const { unseen, stored } = await countUnseen(tx, scope)
  const missing = await readUnseenCopies(tx, context.place, {
    generation: read.generation,
    from: read.horizon.start,
    startedAt: read.startedAt,
  })
  const wouldRemove = unseen + missing.length
  const all = stored + (await countLiveCopies(tx, context.place, read.horizon.start))
  if (wouldRemove > brakeCount && wouldRemove > all * brakeShare && !connection.brakeReleased)
    return { state: 'brake', wouldRemove }
  const gone = await readUnseen(tx, scope)
  await deleteEvents(
    tx,
    { businessId: context.businessId, connectionId: connection.id },
    gone.map((event) => event.eventId),
  )
  const series = gone.flatMap((event) => event.recurringEventId ?? [])
  await expandSeries(tx, context, { seriesIds: [...new Set(series)], horizon: read.horizon })

  const copies = await readCopies(tx, context.place, missing)
  await applySightings(
    tx,
    context,
    copies.map((copy) => ({ copy, remote: { state: 'gone' } })),
    { generation: read.generation },
  )
  if (connection.brakeReleased) await updateConnection(tx, connection.id, { brakeReleased: false })
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
