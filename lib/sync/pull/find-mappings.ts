import type { Db, Tx } from '#db/client.ts'
import { readAppointment } from '#db/queries/appointments.ts'
import { readMappings, readMappingsAround, readMappingsByEvent } from '#db/queries/mappings/mappings.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { seriesIdOf } from '#lib/recurrence/instance-id.ts'
import type { SyncContext } from '../context.ts'
import { claimedAppointment, isSuperseded, type ParsedEventId, parseEventId, tailOf } from '../core/event-id.ts'
import { type Mapping, mappingOf, newMapping } from '../mapping.ts'
import { isStranger } from '../resolve-event.ts'

/**
 * The mappings of a page's items, keyed by event id: by stored id first; then a series whose
 * instance is an appointment; then an event that is ours by id and marker but was never recorded (a
 * crash after a push).
 */
export const findMappings = async (tx: Tx, context: SyncContext, items: RawEvent[]): Promise<Map<string, Mapping>> => {
  const rows = await readMappingsByEvent(tx, context.calendarKey, idsOf(items))
  const byEvent = new Map(rows.map((row) => [row.eventId, mappingOf(row)]))
  for (const raw of items) {
    const mapping = byEvent.get(raw.id ?? '')
    if (mapping && isStranger(raw, mapping)) byEvent.delete(mapping.eventId)
  }
  const unknown = idsOf(items).filter((id) => !byEvent.has(id))
  for (const [id, mapping] of await mappingsOfSeries(tx, context, unknown)) byEvent.set(id, mapping)
  for (const raw of items) {
    const id = raw.id ?? ''
    const marker = { id, privateProperties: raw.extendedProperties?.private ?? {} }
    const claim = byEvent.has(id) ? null : claimedAppointment(marker, context.businessId, context.idTail)
    const adopted = claim && (await adoptable(tx, context, { ...claim, eventId: id }))
    if (adopted) byEvent.set(id, adopted)
  }
  return byEvent
}

/** Of events that are known by their ids alone. */
export const findMappingsById = async (db: Db | Tx, context: SyncContext, eventIds: string[]): Promise<Mapping[]> => {
  if (eventIds.length === 0) return []
  const rows = await readMappingsByEvent(db, context.calendarKey, eventIds)
  const ofSeries = await mappingsOfSeries(db, context, eventIds)
  return [...rows.map(mappingOf), ...ofSeries.map(([, mapping]) => mapping)]
}

const idsOf = (items: RawEvent[]) => items.flatMap((raw) => raw.id ?? [])

/** Found by the id alone, which names the appointment: a bare deletion has no marker. */
const mappingsOfSeries = async (db: Db | Tx, context: SyncContext, ids: string[]): Promise<[string, Mapping][]> => {
  const appointmentIds = ids.flatMap((id) => parseEventId(id)?.appointmentId ?? [])
  const rows = await readMappings(db, context.calendarKey, [...new Set(appointmentIds)])
  return rows.flatMap((row): [string, Mapping][] => {
    const seriesId = seriesIdOf(row.eventId)
    return seriesId !== row.eventId && ids.includes(seriesId) ? [[seriesId, mappingOf(row)]] : []
  })
}

/**
 * Not where a mapping has another id, even a pending one: this is then an earlier event that a
 * person restored or moved here, and theirs. The event of the pending one may exist without an
 * acknowledgement.
 */
const adoptable = async (
  tx: Tx,
  context: SyncContext,
  { appointmentId, suffix, eventId }: ParsedEventId & { eventId: string },
): Promise<Mapping | null> => {
  const { known, elsewhere } = await readMappingsAround(tx, context.calendarKey, [appointmentId])
  if (known.has(appointmentId)) return null
  const others = (elsewhere.get(appointmentId) ?? []).filter((other) => tailOf(other.eventId) === context.idTail)
  if (isSuperseded(others, suffix)) return null
  const row = await readAppointment(tx, { businessId: context.businessId, id: appointmentId })
  return row ? newMapping(context, { appointmentId, eventId, idSuffix: suffix }) : null
}
