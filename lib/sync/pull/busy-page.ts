import type { Tx } from '#db/client.ts'
import { readKnownInstances, touchEvents } from '#db/queries/mirror.ts'
import { isOnlyTimes, type SyncContext } from '../context.ts'
import { isBare, isSeries } from '../core/read-event.ts'
import type { ParsedPage, Read } from './cursor.ts'
import { type MirroredItem, writeMirror } from './mirror.ts'
import { appointmentOf, readOwnIds } from './own-events.ts'
import { toMirror, unidentified, type WrittenPage } from './page.ts'
import { withoutContent } from './private.ts'

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
  const storedOf = isOnlyTimes(context.calendar) ? withoutContent : (event: MirroredItem) => event
  const events = routed.flatMap((item) => (item.event ? storedOf(item.event) : []))
  const deleted = routed.flatMap((item) => item.deleted ?? [])
  const partly = await writeMirror(tx, context, { events, deleted, horizon, generation })
  return {
    skipped: [...notRead, ...partly, ...unidentified(page)],
    changed: items.length > 0 || page.unreadableItems > 0,
  }
}
