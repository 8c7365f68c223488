import type { Tx } from '#db/client.ts'
import { type MappingRow, readMappingsAround, saveMapping } from '#db/queries/mappings.ts'
import { releaseSeries } from '#db/queries/mirror.ts'
import { eventIdFor, freeSuffix } from '../core/event-id.ts'

/** Google never frees the id of a deleted event: what is put back takes another one. */

export type NextId = { idSuffix: number; eventId: string }

/** Null when an appointment has used up its ids. One id on two calendars of a person would be one event to Google. */
export const nextId = async (tx: Tx, mapping: MappingRow): Promise<NextId | null> => {
  const { elsewhere } = await readMappingsAround(tx, mapping, [mapping.appointmentId])
  const idSuffix = freeSuffix(elsewhere.get(mapping.appointmentId) ?? [], mapping.idSuffix + 1)
  return idSuffix === null ? null : { idSuffix, eventId: eventIdFor(mapping.appointmentId, idSuffix) }
}

/** The next push inserts it. An earlier event that a person brings back is theirs from now on. */
export const startOver = async (tx: Tx, mapping: MappingRow, next: NextId) => {
  await releaseSeries(tx, mapping)
  await saveMapping(
    tx,
    { ...mapping, eventId: next.eventId },
    {
      state: 'pending',
      idSuffix: next.idSuffix,
      remoteSnapshot: null,
      base: null,
      unacknowledgedWrites: null,
      etag: null,
      revisionPushed: 0,
      nextAttemptAt: null,
      needsRefetch: false,
      pendingRemoval: false,
    },
  )
}
