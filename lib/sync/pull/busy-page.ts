import type { Tx } from '#db/client.ts'
import { readEventIdsOf } from '#db/queries/mappings/mappings.ts'
import { readKnownInstances, touchEvents } from '#db/queries/mirror.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { seriesIdOf } from '#lib/recurrence/instance-id.ts'
import { isPrivate, type SyncContext } from '../context.ts'
import { markerKeys, parseEventId } from '../core/event-id.ts'
import { isBare, isSeries } from '../core/read-event.ts'
import type { ParsedPage, Read } from './cursor.ts'
import { type MirroredItem, writeMirror } from './mirror.ts'
import { toMirror, unidentified, type WrittenPage } from './page.ts'

/**
 * One page of a busy calendar. Of a member's own, only when they are busy is stored; of one of the
 * business, what is shown. Our own events are left out: an appointment does not block its own
 * assignee.
 */
export const writeBusyPage = async (
  tx: Tx,
  context: SyncContext,
  read: Read,
  page: ParsedPage,
): Promise<WrittenPage> => {
  const { generation, horizon, mode } = read
  const { items, parsed, unreadableIds } = page
  const bare = items.flatMap((raw) => (raw.id && isBare(raw) ? raw.id : []))
  const [instances, ownIds] = await Promise.all([
    readKnownInstances(tx, context.calendar.id, bare),
    readOwnIds(tx, context, items),
  ])
  const routed = items.map((raw) => {
    const appointmentId = appointmentOf(raw, ownIds, context)
    if (appointmentId && !isSeries(raw)) return { deleted: raw.id ?? '' }
    return toMirror(raw, { context, instances, parsed }, appointmentId ? { appointmentId } : {})
  })
  const notRead = routed.flatMap((item) => item.skipped ?? [])
  const notStored = [...notRead.map(({ id }) => id), ...unreadableIds]
  if (mode === 'full') await touchEvents(tx, { syncedCalendarId: context.calendar.id, generation }, notStored)
  const storedOf = isPrivate(context.calendar) ? withoutContent : (event: MirroredItem) => event
  const events = routed.flatMap((item) => (item.event ? storedOf(item.event) : []))
  const deleted = routed.flatMap((item) => item.deleted ?? [])
  const partly = await writeMirror(tx, context, { events, deleted, horizon, generation })
  return {
    skipped: [...notRead, ...partly, ...unidentified(page)],
    changed: items.length > 0 || page.unreadableItems > 0,
  }
}

/** Only times are requested; whatever else an answer has is not stored either. */
const withoutContent = (event: MirroredItem): MirroredItem => ({
  ...event,
  ...{ title: '', location: '', description: '', isPrivate: false, eventType: 'default' },
  ...{ guestEmails: [], selfEmail: null, isDeclinedByAll: false },
  blocksWhy: event.blocks ? 'busy' : 'free',
})

/** Appointments by the ids of their events, in whichever calendar those are. */
type OwnIds = ReadonlyMap<string, string>

const readOwnIds = async (tx: Tx, { businessId }: SyncContext, items: RawEvent[]): Promise<OwnIds> => {
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
const appointmentOf = (raw: RawEvent, ownIds: OwnIds, { businessId }: SyncContext): string | null => {
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
