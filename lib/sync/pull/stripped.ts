import { readMappingsByEvent } from '#db/queries/mappings/mappings.ts'
import { seriesIdOf } from '#lib/recurrence/instance-id.ts'
import type { SyncContext } from '../context.ts'
import { markerKeys, parseEventId } from '../core/event-id.ts'
import { isStripped } from '../resolve-event.ts'
import type { ParsedPage } from './cursor.ts'

const fullRoles = ['owner', 'writer']

/**
 * An event of ours that came without its details. With a role that reads everything, one without
 * its marker has lost it to another program, and is complete.
 */
export const hasStrippedEvent = async ({ db, calendarKey }: SyncContext, page: ParsedPage): Promise<boolean> => {
  const isFull = fullRoles.includes(page.accessRole ?? '')
  const suspects = page.items.filter(
    (raw) =>
      raw.status !== 'cancelled' &&
      parseEventId(seriesIdOf(raw.id ?? '')) &&
      (isStripped(raw) || (!isFull && !raw.extendedProperties?.private?.[markerKeys.appointment])),
  )
  if (suspects.length === 0) return false
  const ids = suspects.flatMap((raw) => raw.id ?? [])
  return (await readMappingsByEvent(db, calendarKey, ids)).some(({ state }) => state === 'live')
}
