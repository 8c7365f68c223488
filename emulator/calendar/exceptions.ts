import type { CalendarStore, StoredEvent } from '../model.ts'
import type { World } from '../world.ts'
import { instanceStamp, instanceStarting } from './recurrence/expansion.ts'
import { isDeepEqual } from './restrictions.ts'
import { exceptionsOf, putEvent } from './store.ts'

/**
 * After a series changed: exceptions whose original start it no longer has are gone, the others take over what was
 * changed in the series and not in them. Coming back from deletion brings them back too.
 */
export function updateExceptions(
  world: World,
  calendar: CalendarStore,
  change: { before: StoredEvent; event: StoredEvent },
): void {
  const { before, event } = change
  const restored = before.status === 'cancelled' && event.status !== 'cancelled'
  for (const exception of exceptionsOf(calendar, event.id)) {
    if (!hasInstance(calendar, event, exception)) {
      if (exception.status !== 'cancelled') putEvent(world, calendar, { ...exception, status: 'cancelled' })
    } else {
      const content = inheritContent(exception, change)
      const follows = exception.status !== 'cancelled' && !isDeepEqual(content, exception.content)
      if (restored || follows) putEvent(world, calendar, { ...exception, content })
    }
  }
}

/** Whether an exception has a place in its series, deleted or not. */
export function hasInstance(calendar: CalendarStore, master: StoredEvent, exception: StoredEvent): boolean {
  if (!master.content.recurrence || !exception.originalStart) return false
  return instanceStarting(master, calendar.timeZone, instanceStamp(exception.originalStart)) !== undefined
}

function inheritContent(
  exception: StoredEvent,
  { before, event }: { before: StoredEvent; event: StoredEvent },
) {
  const content: Record<string, unknown> = { ...exception.content }
  const old = before.content as Record<string, unknown>
  const fresh = event.content as Record<string, unknown>
  for (const name of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
    if (
      name === 'recurrence' ||
      isDeepEqual(old[name], fresh[name]) ||
      !isDeepEqual(content[name], old[name])
    )
      continue
    if (fresh[name] === undefined) delete content[name]
    else content[name] = fresh[name]
  }
  return content as StoredEvent['content']
}
