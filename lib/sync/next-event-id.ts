import type { Tx } from '#db/client.ts'
import { readMappingsAround, saveMapping } from '#db/queries/mappings/mappings.ts'
import { releaseSeries } from '#db/queries/mirror.ts'
import { eventIdFor, freeSuffix, tailOf } from './core/event-id.ts'
import type { Mapping } from './mapping.ts'

/**
 * Google never frees the id of a deleted event: an appointment that is inserted again needs
 * another.
 */

export type NextId = { idSuffix: number; eventId: string }

/**
 * Null when an appointment has used up its ids. An id in use by a mapping elsewhere is skipped: a
 * guest with both calendars would have one event for two.
 */
export const nextId = async (tx: Tx, mapping: Mapping): Promise<NextId | null> => {
  const { elsewhere } = await readMappingsAround(tx, mapping, [mapping.appointmentId])
  const { appointmentId, eventId } = mapping
  const tail = tailOf(eventId)
  const others = (elsewhere.get(appointmentId) ?? []).filter((other) => tailOf(other.eventId) === tail)
  const idSuffix = freeSuffix(others, mapping.idSuffix + 1)
  return idSuffix === null ? null : { idSuffix, eventId: eventIdFor(appointmentId, idSuffix, tail) }
}

/** The next push inserts it. The event under the old id, should a person restore it, is theirs. */
export const resetToPending = async (tx: Tx, mapping: Mapping, next: NextId) => {
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
      missingSince: null,
      pendingRemoval: false,
    },
  )
}
