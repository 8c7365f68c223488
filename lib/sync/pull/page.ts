import type { Tx } from '#db/client.ts'
import { touchGeneration } from '#db/queries/mappings/full-reads.ts'
import { markForRefetch, saveMapping } from '#db/queries/mappings/mappings.ts'
import { readEtags, readKnownInstances, touchEvents } from '#db/queries/mirror.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { log } from '#lib/observe/log.ts'
import { firstInstanceId, seriesIdOf } from '#lib/recurrence/instance-id.ts'
import { applyRemoteChanges, type RemoteChange } from '../apply-remote.ts'
import type { SyncContext } from '../context.ts'
import { isBare, isSeries, type KnownInstance, type ParsedItems, readEvent, readSnapshot } from '../core/read-event.ts'
import type { SkippedEvent } from '../core/skipped.ts'
import { fetchedEvent } from '../decide.ts'
import { isOlderVersion, type Mapping } from '../mapping.ts'
import { mappingForEvent } from '../resolve-event.ts'
import type { ParsedPage, Read } from './cursor.ts'
import { findMappings, findMappingsById } from './find-mappings.ts'
import { type MirroredItem, writeMirror } from './mirror.ts'
import { appointmentOf, type OwnIds, readOwnIds } from './own-events.ts'
import { withoutContent } from './private.ts'

/** One page of events: our own go to their appointments, all others into the mirror. */

/**
 * `changed`: the page had more than our own writes. `skipped`: events that were not stored, or not
 * in full.
 */
export type WrittenPage = { skipped: SkippedEvent[]; changed: boolean }

export const writePage = async (tx: Tx, context: SyncContext, read: Read, page: ParsedPage): Promise<WrittenPage> => {
  const { generation, horizon } = read
  const mappings = await findMappings(tx, context, page.items)
  const known = await readKnown(tx, context, page, mappings)
  const routed = page.items.map((raw) => routeItem(raw, mappings.get(raw.id ?? ''), known))
  const remoteChanges = routed.flatMap((item) => item.remoteChange ?? [])
  if (remoteChanges.length > 0) await applyRemoteChanges(tx, context, remoteChanges, { generation })
  const needRefetch = routed.flatMap(({ needsRefetch, updated }) =>
    needsRefetch ? { mapping: needsRefetch, updated } : [],
  )
  await requestRefetch(tx, context, needRefetch)
  const appointmentIds = [...mappings.values()].map((mapping) => mapping.appointmentId)
  if (read.mode === 'full') await touchGeneration(tx, context.calendarKey, { appointmentIds, generation })
  const notRead = routed.flatMap((item) => item.skipped ?? [])
  const notStored = [...notRead.map(({ id }) => id), ...page.unreadableIds]
  await keepUnread(tx, context, read, notStored)
  if (remoteChanges.length + needRefetch.length + notStored.length > 0) context.state.mayBeDirty = true
  const isPrivate = context.calendar.memberId !== null
  const events = routed.flatMap(({ event }) => (event ? (isPrivate ? withoutContent(event) : event) : []))
  const deleted = routed.flatMap((item) => item.deleted ?? [])
  const partly = await writeMirror(tx, context, { events, deleted, horizon, generation })
  const isChange = (item: RoutedItem, n: number) =>
    item.remoteChange || item.needsRefetch || !mappings.has(page.items[n]?.id ?? '')
  return {
    skipped: [...notRead, ...partly, ...unidentified(page)],
    changed: routed.some(isChange) || page.unreadableItems > 0,
  }
}

/** Items that the reader of the answer refused. */
export const unidentified = ({ unreadableItems, unreadableIds }: ParsedPage): SkippedEvent[] => [
  ...unreadableIds.map((id) => ({ id, reason: 'unreadable' })),
  ...Array.from({ length: unreadableItems - unreadableIds.length }, () => ({ id: '', reason: 'unreadable' })),
]

/**
 * An event that could not be read exists all the same: a full read has contained it. An
 * appointment's is fetched by its id.
 */
const keepUnread = async (tx: Tx, context: SyncContext, read: Read, eventIds: string[]): Promise<void> => {
  if (eventIds.length === 0) return
  const { generation } = read
  const mappings = await findMappingsById(tx, context, eventIds)
  const appointmentIds = mappings.map((mapping) => mapping.appointmentId)
  await markForRefetch(tx, context.calendarKey, appointmentIds)
  if (read.mode === 'delta') return
  await touchGeneration(tx, context.calendarKey, { appointmentIds, generation })
  await touchEvents(tx, { syncedCalendarId: context.calendar.id, generation }, eventIds)
}

/** Where one item of a page goes. */
type RoutedItem = {
  remoteChange?: RemoteChange
  /** The event of the appointment may have changed: it has to be fetched. */
  needsRefetch?: Mapping
  /** Of the version to fetch, where the list had it and it could not be read. */
  updated?: string
  event?: MirroredItem
  deleted?: string
  skipped?: SkippedEvent
}

/**
 * `etags`: of mirrored series that our events became. `instances`: stored ones that items name only
 * by id.
 */
type Known = {
  context: SyncContext
  etags: Map<string, string>
  withoutText: ReadonlySet<string>
  instances: Map<string, KnownInstance>
  parsed: ParsedItems
  /** In a member's calendar: events of appointments in whichever calendar. */
  ownIds: OwnIds | null
}

const readKnown = async (
  tx: Tx,
  context: SyncContext,
  { items, parsed, withoutTextIds }: ParsedPage,
  mappings: Map<string, Mapping>,
): Promise<Known> => {
  const { id } = context.calendar
  const series = idsOf(items, (raw, eventId) => mappings.has(eventId) && isSeries(raw))
  const etags = await readEtags(tx, id, series)
  const instances = await readKnownInstances(tx, id, idsOf(items, isBare))
  const ownIds = context.calendar.memberId === null ? null : await readOwnIds(tx, context, items)
  return { context, etags, withoutText: new Set(withoutTextIds), instances, parsed, ownIds }
}

const idsOf = (items: RawEvent[], which: (raw: RawEvent, id: string) => boolean): string[] =>
  items.flatMap((raw) => (raw.id && which(raw, raw.id) ? raw.id : []))

const routeItem = (raw: RawEvent, mapping: Mapping | undefined, known: Known): RoutedItem => {
  const { context, etags, withoutText } = known
  if (!mapping) return routeOther(raw, known)
  if (raw.status !== 'cancelled' && isSeries(raw)) {
    const owner = isFirstInstanceOurs(raw, mapping, context) ? { appointmentId: mapping.appointmentId } : {}
    const isNewVersion = etags.get(raw.id ?? '') !== raw.etag
    return { ...toMirror(raw, known, owner), ...(isNewVersion && { needsRefetch: mapping }) }
  }
  const { remoteChange, ...item } =
    raw.id === seriesIdOf(mapping.eventId) ? routeOwn(raw, mapping, context) : routeInstance(raw, mapping, known)
  // Fetched by its id: the text that the answer lost would count as removed by people.
  if (withoutText.has(raw.id ?? '')) return { ...item, needsRefetch: mapping }
  return { ...item, ...(remoteChange && { remoteChange }) }
}

/** A guest's copy of an appointment in another calendar does not block the guest. */
const routeOther = (raw: RawEvent, known: Known): RoutedItem => {
  const appointmentId = known.ownIds && appointmentOf(raw, known.ownIds, known.context)
  if (appointmentId && !isSeries(raw)) return { deleted: raw.id ?? '' }
  return toMirror(raw, known, appointmentId ? { appointmentId } : {})
}

const routeOwn = (raw: RawEvent, mapping: Mapping, context: SyncContext): RoutedItem => {
  const eventId = raw.id ?? ''
  const remoteSnapshot = readSnapshot(raw, context.rules.timeZone)
  const resolved = mappingForEvent(mapping, { eventId, remoteSnapshot, members: context.members })
  return { ...remoteChangeOf(raw, resolved, context), deleted: eventId }
}

/**
 * The instance that is the appointment. If it is cancelled, it has to be fetched: it may have been
 * deleted alone, or the whole series may have changed.
 */
const routeInstance = (raw: RawEvent, mapping: Mapping, known: Known): RoutedItem => {
  const item = toMirror(raw, known, { appointmentId: mapping.appointmentId })
  if (raw.status !== 'cancelled') {
    known.context.state.listedInstances.add(mapping.eventId)
    return { ...item, ...remoteChangeOf(raw, mapping, known.context) }
  }
  return mapping.state === 'live' ? { ...item, needsRefetch: mapping } : item
}

const isFirstInstanceOurs = (raw: RawEvent, mapping: Mapping, { state }: SyncContext): boolean =>
  mapping.state === 'live' ||
  mapping.state === 'pending' ||
  mapping.eventId === raw.id ||
  mapping.eventId === firstInstanceId({ id: raw.id ?? '', start: raw.start }, state.calendarZone)

/** `owner`: the appointment that one instance of the event is. */
export const toMirror = (
  raw: RawEvent,
  { context, instances, parsed }: Pick<Known, 'context' | 'instances' | 'parsed'>,
  owner: { appointmentId?: string } = {},
): Pick<RoutedItem, 'event' | 'deleted' | 'skipped'> => {
  const item = parsed.get(raw) ?? readEvent(raw, context.state.calendarZone, instances.get(raw.id ?? ''))
  if (item.kind === 'live') return { event: { ...item.event, ...owner } }
  if (item.kind === 'deleted') return { deleted: item.id }
  log('warn', 'sync.unreadable-event', {
    syncedCalendarId: context.calendar.id,
    eventId: item.id,
    reason: item.reason,
  })
  return { skipped: { id: item.id, reason: item.reason } }
}

type Refetch = { mapping: Mapping; updated: string | undefined }

/**
 * A pending mapping is saved with the id of the event that was found for it. With `updated`,
 * earlier versions count as out of date.
 */
const requestRefetch = async (tx: Tx, context: SyncContext, refetches: Refetch[]): Promise<void> => {
  for (const { mapping, updated } of refetches) {
    const { remoteSnapshot } = mapping
    if (mapping.state === 'pending') await saveMapping(tx, mapping, { needsRefetch: true })
    else if (updated && remoteSnapshot)
      await saveMapping(tx, mapping, { remoteSnapshot: { ...remoteSnapshot, updated } })
  }
  const ids = refetches.map(({ mapping }) => mapping.appointmentId)
  await markForRefetch(tx, context.calendarKey, ids)
}

/** Our own write comes back with the etag that is stored: no change. */
const remoteChangeOf = (raw: RawEvent, mapping: Mapping, context: SyncContext): RoutedItem => {
  if (raw.status === 'cancelled') return removalOf(raw, mapping)
  if (mapping.state === 'live' && mapping.etag === raw.etag) return {}
  const remoteSnapshot = readSnapshot(raw, context.rules.timeZone)
  // Fetched by its id: what cannot be read there either is shown at the appointment.
  if (!remoteSnapshot) return { needsRefetch: mapping, ...(raw.updated && { updated: raw.updated }) }
  if (isOlderVersion(raw, mapping)) return mapping.state === 'live' ? {} : { needsRefetch: mapping }
  return { remoteChange: { mapping, event: fetchedEvent(raw, remoteSnapshot) } }
}

/** A deletion from before the stored version may be out of date: the event is fetched by its id. */
const removalOf = (raw: RawEvent, mapping: Mapping): RoutedItem =>
  isOlderVersion(raw, mapping) ? { needsRefetch: mapping } : { remoteChange: { mapping, event: { state: 'gone' } } }
