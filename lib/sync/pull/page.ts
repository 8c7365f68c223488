import type { Tx } from '#db/client.ts'
import { readAppointment } from '#db/queries/appointments.ts'
import {
  type CopyRow,
  markCopiesSeen,
  markCopiesUnread,
  readCopies,
  readCopiesAround,
  readCopiesByEvent,
  saveCopy,
} from '#db/queries/mappings.ts'
import { readEtags, readKnownInstances } from '#db/queries/mirror.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { log } from '#lib/observe/log.ts'
import { firstInstanceId, seriesIdOf } from '#lib/recurrence/instance-id.ts'
import type { SyncContext } from '../context.ts'
import type { Seen } from '../core/content.ts'
import { claimedAppointment, isGivenUp, readCopyEventId } from '../core/event-id.ts'
import {
  isBare,
  isSeries,
  type KnownInstance,
  type Readings,
  readEvent,
  readSeen,
} from '../core/read-event.ts'
import { emptyCopy } from '../fence.ts'
import { standingFor } from '../resolve-event.ts'
import { applySightings, type Sighting } from './apply-remote.ts'
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
  const copies = await copiesAmong(tx, context, page.items)
  if (copies.size > 0) context.unsettled = true
  const { id: connectionId } = context.connection
  const etags = await readEtags(
    tx,
    connectionId,
    idsOf(page.items, (raw, id) => copies.has(id) && isSeries(raw)),
  )
  const instances = await readKnownInstances(tx, connectionId, idsOf(page.items, isBare))
  const placed = page.items.map((raw) =>
    placeOf(raw, copies.get(raw.id ?? ''), { context, etags, instances, readings: page.readings }),
  )
  const sightings = placed.flatMap((place) => place.sighting ?? [])
  const seenIds = [...copies.values()].map((copy) => copy.appointmentId)
  if (sightings.length > 0) await applySightings(tx, context, sightings, { generation: read.generation })
  await askToRead(
    tx,
    context,
    placed.flatMap((place) => place.unread ?? []),
  )
  if (read.mode === 'full')
    await markCopiesSeen(tx, context.place, { appointmentIds: seenIds, generation: read.generation })
  await writeMirror(tx, context, {
    events: placed.flatMap((place) => place.event ?? []),
    deleted: placed.flatMap((place) => place.deleted ?? []),
    horizon: read.horizon,
    generation: read.generation,
  })
  const isNews = (place: Placed, n: number) =>
    place.sighting || place.unread || !copies.has(page.items[n]?.id ?? '')
  return { skipped: placed.filter((place) => place.skipped).length, news: placed.some(isNews) }
}

/** What becomes of one item of a page. */
type Placed = {
  sighting?: Sighting
  /** Only Google can say what stands for the appointment now. */
  unread?: CopyRow
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

const placeOf = (raw: RawEvent, copy: CopyRow | undefined, known: Known): Placed => {
  const { context, etags } = known
  if (!copy) return mirrored(raw, known)
  if (raw.status !== 'cancelled' && isSeries(raw)) {
    const stands = isFollowed(raw, copy, context) ? { appointmentId: copy.appointmentId } : {}
    const isNews = etags.get(raw.id ?? '') !== raw.etag
    return { ...mirrored(raw, known, stands), ...(isNews && { unread: copy }) }
  }
  if (raw.id !== seriesIdOf(copy.eventId)) return placeInstance(raw, copy, known)
  return {
    ...sightingOf(
      raw,
      standingFor(copy, {
        eventId: raw.id,
        seen: readSeen(raw, context.rules.timeZone),
        members: context.members,
      }),
      context,
    ),
    deleted: raw.id,
  }
}

/** The instance that stands for the appointment. Deleted alone, or because the whole series changed? Google is asked. */
const placeInstance = (raw: RawEvent, copy: CopyRow, known: Known): Placed => {
  const place = mirrored(raw, known, { appointmentId: copy.appointmentId })
  if (raw.status !== 'cancelled') return { ...place, ...sightingOf(raw, copy, known.context) }
  return copy.state === 'live' ? { ...place, unread: copy } : place
}

/** Whether the first instance of this series is the appointment. */
const isFollowed = (raw: RawEvent, copy: CopyRow, { calendarZone }: SyncContext): boolean =>
  copy.state === 'live' ||
  copy.state === 'pending' ||
  copy.eventId === raw.id ||
  copy.eventId === firstInstanceId({ id: raw.id ?? '', start: raw.start }, calendarZone)

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
const askToRead = async (tx: Tx, context: SyncContext, unread: CopyRow[]): Promise<void> => {
  for (const copy of unread) if (copy.state === 'pending') await saveCopy(tx, copy, { unread: true })
  const ids = unread.map((copy) => copy.appointmentId)
  await markCopiesUnread(tx, context.place, ids)
}

/**
 * By stored id first; then a series whose instance stands for an appointment; then an event that is ours by id and marker,
 * though nobody recorded it (a crash after a push). Keyed by the id of the item.
 */
const copiesAmong = async (
  tx: Tx,
  context: SyncContext,
  items: RawEvent[],
): Promise<Map<string, CopyRow>> => {
  const ids = items.flatMap((raw) => raw.id ?? [])
  const byEvent = new Map(
    (await readCopiesByEvent(tx, context.place, ids)).map((copy) => [copy.eventId, copy]),
  )
  for (const [id, copy] of await copiesOfSeries(
    tx,
    context,
    ids.filter((id) => !byEvent.has(id)),
  ))
    byEvent.set(id, copy)
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
const copiesOfSeries = async (tx: Tx, context: SyncContext, ids: string[]): Promise<[string, CopyRow][]> => {
  const named = ids.flatMap((id) => readCopyEventId(id)?.appointmentId ?? [])
  const found = await readCopies(tx, context.place, [...new Set(named)])
  return found.flatMap((copy): [string, CopyRow][] => {
    const series = seriesIdOf(copy.eventId)
    return series !== copy.eventId && ids.includes(series) ? [[series, copy]] : []
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
): Promise<CopyRow | null> => {
  const { known, elsewhere } = await readCopiesAround(tx, context.place, [claim.appointmentId])
  if (known.has(claim.appointmentId)) return null
  if (isGivenUp(elsewhere.get(claim.appointmentId) ?? [], claim.epoch)) return null
  if (!(await readAppointment(tx, { businessId: context.businessId, id: claim.appointmentId }))) return null
  return { ...emptyCopy(context, claim.appointmentId), eventId: claim.id, idEpoch: claim.epoch }
}

/** Our own write comes back with the etag we know: no sighting at all. */
const sightingOf = (raw: RawEvent, copy: CopyRow, context: SyncContext): Placed => {
  if (raw.status === 'cancelled') return { sighting: { copy, remote: { state: 'gone' } } }
  if (copy.state === 'live' && copy.etag === raw.etag) return {}
  const seen = readSeen(raw, context.rules.timeZone)
  if (!seen || isOlder(seen, copy)) return {}
  const remote = { state: 'present' as const, seen, etag: raw.etag ?? '', htmlLink: raw.htmlLink ?? '' }
  return { sighting: { copy, remote } }
}

/** Reads may lag behind writes: a version from before the one we know is no news. */
const isOlder = (seen: Seen, copy: CopyRow) => {
  const known = (copy.seen as Seen | null)?.updated
  return copy.state === 'live' && known && seen.updated ? Date.parse(seen.updated) < Date.parse(known) : false
}
