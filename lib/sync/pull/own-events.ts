import type { Tx } from '#db/client.ts'
import { readEventIdsOf } from '#db/queries/mappings/mappings.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { seriesIdOf } from '#lib/recurrence/instance-id.ts'
import type { SyncContext } from '../context.ts'
import { markerKeys, parseEventId } from '../core/event-id.ts'

/** Our own events in a member's calendar: an appointment does not block its own assignee. */

/** Appointments by the ids of their events, in whichever calendar those are. */
export type OwnIds = ReadonlyMap<string, string>

export const readOwnIds = async (tx: Tx, { businessId }: SyncContext, items: RawEvent[]): Promise<OwnIds> => {
  const ids = items.flatMap((raw) => [raw.id ?? '', idInUid(raw)].map(seriesIdOf))
  const appointmentIds = [...new Set(ids.flatMap((id) => parseEventId(id)?.appointmentId ?? []))]
  const rows = await readEventIdsOf(tx, { businessId, appointmentIds })
  return new Map(rows.map(({ eventId, appointmentId }) => [eventId, appointmentId]))
}

/** Google makes the iCalendar UID of an event that was inserted with an id from it. */
const idInUid = ({ iCalUID }: RawEvent) => (iCalUID ?? '').replace(/@google\.com$/, '')

/**
 * The appointment that the event is: by its marker, or by the id that a guest's copy shares. Of a
 * series only the instance that the appointment is.
 */
export const appointmentOf = (raw: RawEvent, ownIds: OwnIds, { businessId }: SyncContext): string | null => {
  if (raw.status === 'cancelled') return null
  const id = raw.id ?? ''
  if (raw.recurringEventId) return ownIds.get(id) ?? null
  const marker = raw.extendedProperties?.private ?? {}
  const marked = marker[markerKeys.business] === businessId ? marker[markerKeys.appointment] : undefined
  return ownOf(ownIds, id) ?? ownOf(ownIds, idInUid(raw)) ?? marked ?? null
}

/** The event itself, or the series of which it became an instance. */
const ownOf = (ownIds: OwnIds, id: string): string | null => {
  const own = ownIds.get(id)
  if (own) return own
  for (const [eventId, appointmentId] of ownIds) if (seriesIdOf(eventId) === id) return appointmentId
  return null
}
