import type { Tx } from '#db/client.ts'
import { readAppointment } from '#db/queries/appointments.ts'
import { type CopyRow, markCopiesSeen, readCopies, readCopiesByEvent } from '#db/queries/copies.ts'
import type { EventPage } from '#lib/google/calendar-api.ts'
import { log } from '#lib/log.ts'
import type { SyncContext } from './context.ts'
import type { Seen } from './core/content.ts'
import { claimedAppointment } from './core/identity.ts'
import { type RawEvent, readEvent, readSeen } from './core/read-event.ts'
import type { Read } from './cursor.ts'
import { applySightings, type Sighting } from './follow.ts'
import { type Mirrored, writeMirror } from './mirror.ts'
import { emptyCopy } from './record.ts'

/** One page of Google's events: which of them are copies, and where each goes. */

/** `news`: something besides our own writes, which come back as they are known. `skipped`: how many events could not be read. */
type Written = { skipped: number; news: boolean }

/** Copies go to their appointments, all others into the mirror. */
export const writePage = async (
  tx: Tx,
  context: SyncContext,
  read: Read,
  page: EventPage,
): Promise<Written> => {
  const zone = context.calendarZone
  const copies = await copiesAmong(tx, context, page.items)
  if (copies.size > 0) context.unsettled = true
  const ours = page.items.filter((raw) => copies.has(raw.id ?? ''))
  const sightings = ours.flatMap((raw) => sightingOf(raw, copies, context))
  const seenIds = [...copies.values()].map((copy) => copy.appointmentId)

  const events: Mirrored[] = []
  const deleted: string[] = []
  let skipped = 0
  for (const raw of page.items) {
    const copy = copies.get(raw.id ?? '')
    const series = (raw.recurrence?.length ?? 0) > 0
    if (copy && !series) {
      deleted.push(copy.eventId)
      continue
    }
    const item = readEvent(raw, zone)
    if (item.kind === 'live')
      events.push(copy ? { ...item.event, appointmentId: copy.appointmentId } : item.event)
    if (item.kind === 'deleted') deleted.push(item.id)
    if (item.kind === 'unreadable') {
      skipped++
      log('warn', 'sync.unreadable-event', {
        connectionId: context.connection.id,
        eventId: item.id,
        reason: item.reason,
      })
    }
  }
  if (sightings.length > 0) await applySightings(tx, context, sightings, { generation: read.generation })
  if (read.mode === 'full')
    await markCopiesSeen(tx, context.place, { appointmentIds: seenIds, generation: read.generation })
  await writeMirror(tx, context, { events, deleted, horizon: read.horizon, generation: read.generation })
  return { skipped, news: sightings.length > 0 || ours.length < page.items.length }
}

/** By stored id first; then an event that is ours by id and marker, though nobody recorded it (a crash after a push). */
const copiesAmong = async (
  tx: Tx,
  context: SyncContext,
  items: RawEvent[],
): Promise<Map<string, CopyRow>> => {
  const ids = items.flatMap((raw) => raw.id ?? [])
  const byEvent = new Map(
    (await readCopiesByEvent(tx, context.place, ids)).map((copy) => [copy.eventId, copy]),
  )
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

const adoptable = async (
  tx: Tx,
  context: SyncContext,
  claim: { id: string; appointmentId: string; epoch: number },
): Promise<CopyRow | null> => {
  const [recorded] = await readCopies(tx, context.place, [claim.appointmentId])
  if (recorded && recorded.state !== 'pending') return null
  if (!(await readAppointment(tx, { businessId: context.businessId, id: claim.appointmentId }))) return null
  return { ...emptyCopy(context, claim.appointmentId), eventId: claim.id, idEpoch: claim.epoch }
}

/** Our own write comes back with the etag we know: no sighting at all. */
const sightingOf = (raw: RawEvent, copies: Map<string, CopyRow>, context: SyncContext): Sighting[] => {
  const copy = copies.get(raw.id ?? '')
  if (!copy) return []
  if (raw.status === 'cancelled') return [{ copy, remote: { state: 'gone' } }]
  if (copy.state === 'live' && copy.etag === raw.etag) return []
  const seen = readSeen(raw, context.rules.timeZone)
  if (!seen || isOlder(seen, copy)) return []
  return [{ copy, remote: { state: 'present', seen, etag: raw.etag ?? '', htmlLink: raw.htmlLink ?? '' } }]
}

/** Reads may lag behind writes: a version from before the one we know is no news. */
const isOlder = (seen: Seen, copy: CopyRow) => {
  const known = (copy.seen as Seen | null)?.updated
  return copy.state === 'live' && known && seen.updated ? Date.parse(seen.updated) < Date.parse(known) : false
}
