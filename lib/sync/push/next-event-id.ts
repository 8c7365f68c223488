import type { Tx } from '#db/client.ts'
import { type CopyRow, readCopiesAround, saveCopy } from '#db/queries/mappings.ts'
import { releaseSeries } from '#db/queries/mirror.ts'
import { copyEventId, freeEpoch } from '../core/event-id.ts'

/** Google never frees the id of a deleted event: what is put back takes another one. */

export type NextId = { idEpoch: number; eventId: string }

/** Null when an appointment has used up its ids. One id on two calendars of a person would be one event to Google. */
export const nextId = async (tx: Tx, copy: CopyRow): Promise<NextId | null> => {
  const { elsewhere } = await readCopiesAround(tx, copy, [copy.appointmentId])
  const idEpoch = freeEpoch(elsewhere.get(copy.appointmentId) ?? [], copy.idEpoch + 1)
  return idEpoch === null ? null : { idEpoch, eventId: copyEventId(copy.appointmentId, idEpoch) }
}

/** The next push inserts it. An earlier event that a person brings back is theirs from now on. */
export const startOver = async (tx: Tx, copy: CopyRow, next: NextId) => {
  await releaseSeries(tx, copy)
  await saveCopy(
    tx,
    { ...copy, eventId: next.eventId },
    {
      state: 'pending',
      idEpoch: next.idEpoch,
      seen: null,
      base: null,
      said: null,
      etag: null,
      revisionPushed: 0,
      nextAttemptAt: null,
      unread: false,
      leaving: false,
    },
  )
}
