import type { Tx } from '#db/client.ts'
import { readAppointment } from '#db/queries/appointments.ts'
import {
  type MappingRow,
  markForRefetch,
  readMappings,
  readMappingsAround,
  readMappingsByEvent,
  saveMapping,
  touchGeneration,
} from '#db/queries/mappings.ts'
import { readEtags, readKnownInstances } from '#db/queries/mirror.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { log } from '#lib/observe/log.ts'
import { firstInstanceId, seriesIdOf } from '#lib/recurrence/instance-id.ts'
import type { SyncContext } from '../context.ts'
import type { RemoteSnapshot } from '../core/content.ts'
import { claimedAppointment, isGivenUp, parseEventId } from '../core/event-id.ts'
import {
  isBare,
  isSeries,
  type KnownInstance,
  type Readings,
  readEvent,
  readSnapshot,
} from '../core/read-event.ts'
import { newMapping } from '../fence.ts'
import { mappingForEvent } from '../resolve-event.ts'
import { applyRemoteChanges, type RemoteChange } from './apply-remote.ts'
import type { Read, ReadPage } from './cursor.ts'
import { type Mirrored, writeMirror } from './mirror.ts'

/** One page of Google's events: which of them are copies, and where each goes. */

/** `news`: something besides our own writes, which come back as they are known. `skipped`: how many events could not be read. */
type Written = { skipped: number; news: boolean }

/** Copies go to their appointments, all others into the mirror. */
export const writePage = async (
  tx: Tx,
  context: SyncContext,
  read: Read,
  page: ReadPage,
): Promise<Written> => {
  const mappings = await mappingsAmong(tx, context, page.items)
  if (mappings.size > 0) context.unsettled = true
  const { id: connectionId } = context.connection
  const etags = await readEtags(
    tx,
    connectionId,
    idsOf(page.items, (raw, id) => mappings.has(id) && isSeries(raw)),
  )
  const instances = await readKnownInstances(tx, connectionId, idsOf(page.items, isBare))
  const placed = page.items.map((raw) =>
    placeOf(raw, mappings.get(raw.id ?? ''), { context, etags, instances, readings: page.readings }),
  )
  const remoteChanges = placed.flatMap((place) => place.remoteChange ?? [])
  const seenIds = [...mappings.values()].map((mapping) => mapping.appointmentId)
  if (remoteChanges.length > 0)
    await applyRemoteChanges(tx, context, remoteChanges, { generation: read.generation })
  await askToRead(
    tx,
    context,
    placed.flatMap((place) => place.needsRefetch ?? []),
  )
  if (read.mode === 'full')
    await touchGeneration(tx, context.place, { appointmentIds: seenIds, generation: read.generation })
  await writeMirror(tx, context, {
    events: placed.flatMap((place) => place.event ?? []),
    deleted: placed.flatMap((place) => place.deleted ?? []),
    horizon: read.horizon,
    generation: read.generation,
  })
  const isNews = (place: Placed, n: number) =>
    place.remoteChange || place.needsRefetch || !mappings.has(page.items[n]?.id ?? '')
  return { skipped: placed.filter((place) => place.skipped).length, news: placed.some(isNews) }
}

/** What becomes of one item of a page. */
type Placed = {
  remoteChange?: RemoteChange
  /** Only Google can say what stands for the appointment now. */
  needsRefetch?: MappingRow
  event?: Mirrored
  deleted?: string
  skipped?: true
}

/** What the mirror knows of the items: series that copies became, as they were last read; instances that say only their id. */
type Known = {
  context: SyncContext
  etags: Map<string, string>
  instances: Map<string, KnownInstance>
  readings: Readings
}

const idsOf = (items: RawEvent[], which: (raw: RawEvent, id: string) => boolean): string[] =>
  items.flatMap((raw) => (raw.id && which(raw, raw.id) ? raw.id : []))

const placeOf = (raw: RawEvent, mapping: MappingRow | undefined, known: Known): Placed => {
  const { context, etags } = known
  if (!mapping) return mirrored(raw, known)
  if (raw.status !== 'cancelled' && isSeries(raw)) {
    const stands = isFollowed(raw, mapping, context) ? { appointmentId: mapping.appointmentId } : {}
    const isNews = etags.get(raw.id ?? '') !== raw.etag
    return { ...mirrored(raw, known, stands), ...(isNews && { needsRefetch: mapping }) }
  }
  if (raw.id !== seriesIdOf(mapping.eventId)) return placeInstance(raw, mapping, known)
  return {
    ...remoteChangeOf(
      raw,
      mappingForEvent(mapping, {
        eventId: raw.id,
        remoteSnapshot: readSnapshot(raw, context.rules.timeZone),
        members: context.members,
      }),
      context,
    ),
    deleted: raw.id,
  }
}

/** The instance that stands for the appointment. Deleted alone, or because the whole series changed? Google is asked. */
const placeInstance = (raw: RawEvent, mapping: MappingRow, known: Known): Placed => {
  const place = mirrored(raw, known, { appointmentId: mapping.appointmentId })
  if (raw.status !== 'cancelled') return { ...place, ...remoteChangeOf(raw, mapping, known.context) }
  return mapping.state === 'live' ? { ...place, needsRefetch: mapping } : place
}

/** Whether the first instance of this series is the appointment. */
const isFollowed = (raw: RawEvent, mapping: MappingRow, { calendarZone }: SyncContext): boolean =>
  mapping.state === 'live' ||
  mapping.state === 'pending' ||
  mapping.eventId === raw.id ||
  mapping.eventId === firstInstanceId({ id: raw.id ?? '', start: raw.start }, calendarZone)

const mirrored = (
  raw: RawEvent,
  { context, instances, readings }: Known,
  stands: { appointmentId?: string } = {},
): Placed => {
  const item = readings.get(raw) ?? readEvent(raw, context.calendarZone, instances.get(raw.id ?? ''))
  if (item.kind === 'live') return { event: { ...item.event, ...stands } }
  if (item.kind === 'deleted') return { deleted: item.id }
  log('warn', 'sync.unreadable-event', {
    connectionId: context.connection.id,
    eventId: item.id,
    reason: item.reason,
  })
  return { skipped: true }
}

/** An intended copy that was found is recorded under the id it was found with. */
const askToRead = async (tx: Tx, context: SyncContext, needsRefetch: MappingRow[]): Promise<void> => {
  for (const mapping of needsRefetch)
    if (mapping.state === 'pending') await saveMapping(tx, mapping, { needsRefetch: true })
  const ids = needsRefetch.map((mapping) => mapping.appointmentId)
  await markForRefetch(tx, context.place, ids)
}

/**
 * By stored id first; then a series whose instance stands for an appointment; then an event that is ours by id and marker,
 * though nobody recorded it (a crash after a push). Keyed by the id of the item.
 */
const mappingsAmong = async (
  tx: Tx,
  context: SyncContext,
  items: RawEvent[],
): Promise<Map<string, MappingRow>> => {
  const ids = items.flatMap((raw) => raw.id ?? [])
  const byEvent = new Map(
    (await readMappingsByEvent(tx, context.place, ids)).map((mapping) => [mapping.eventId, mapping]),
  )
  for (const [id, mapping] of await mappingsOfSeries(
    tx,
    context,
    ids.filter((id) => !byEvent.has(id)),
  ))
    byEvent.set(id, mapping)
  for (const raw of items) {
    const id = raw.id ?? ''
    const claim = byEvent.has(id)
      ? null
      : claimedAppointment(
          { id, privateProperties: raw.extendedProperties?.private ?? {} },
          context.businessId,
        )
    const adopted = claim && (await adoptable(tx, context, { id, ...claim }))
    if (adopted) byEvent.set(id, adopted)
  }
  return byEvent
}

/** A copy's id names its appointment, also where nothing else is said of it. */
const mappingsOfSeries = async (
  tx: Tx,
  context: SyncContext,
  ids: string[],
): Promise<[string, MappingRow][]> => {
  const named = ids.flatMap((id) => parseEventId(id)?.appointmentId ?? [])
  const found = await readMappings(tx, context.place, [...new Set(named)])
  return found.flatMap((mapping): [string, MappingRow][] => {
    const series = seriesIdOf(mapping.eventId)
    return series !== mapping.eventId && ids.includes(series) ? [[series, mapping]] : []
  })
}

/**
 * Where another id is recorded, also one that was only intended, this event is one of before: brought back by a person, or
 * moved here, and theirs. The other one may be in Google already, without anybody here having heard of it.
 */
const adoptable = async (
  tx: Tx,
  context: SyncContext,
  claim: { id: string; appointmentId: string; epoch: number },
): Promise<MappingRow | null> => {
  const { known, elsewhere } = await readMappingsAround(tx, context.place, [claim.appointmentId])
  if (known.has(claim.appointmentId)) return null
  if (isGivenUp(elsewhere.get(claim.appointmentId) ?? [], claim.epoch)) return null
  if (!(await readAppointment(tx, { businessId: context.businessId, id: claim.appointmentId }))) return null
  return { ...newMapping(context, claim.appointmentId), eventId: claim.id, idSuffix: claim.epoch }
}

/** Our own write comes back with the etag we know: no sighting at all. */
const remoteChangeOf = (raw: RawEvent, mapping: MappingRow, context: SyncContext): Placed => {
  if (raw.status === 'cancelled') return { remoteChange: { mapping, remote: { state: 'gone' } } }
  if (mapping.state === 'live' && mapping.etag === raw.etag) return {}
  const remoteSnapshot = readSnapshot(raw, context.rules.timeZone)
  if (!remoteSnapshot || isOlder(remoteSnapshot, mapping)) return {}
  const remote = {
    state: 'present' as const,
    remoteSnapshot,
    etag: raw.etag ?? '',
    htmlLink: raw.htmlLink ?? '',
  }
  return { remoteChange: { mapping, remote } }
}

/** Reads may lag behind writes: a version from before the one we know is no news. */
const isOlder = (remoteSnapshot: RemoteSnapshot, mapping: MappingRow) => {
  const known = (mapping.remoteSnapshot as RemoteSnapshot | null)?.updated
  return mapping.state === 'live' && known && remoteSnapshot.updated
    ? Date.parse(remoteSnapshot.updated) < Date.parse(known)
    : false
}
