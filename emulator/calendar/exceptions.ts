import type { CalendarStore, StoredEvent } from '../model.ts'
import type { World } from '../world.ts'
import { instanceStamp, instanceStarting } from './recurrence/expansion.ts'
import { isDeepEqual } from './restrictions.ts'
import { exceptionsOf, putEvent } from './store.ts'

/**
 * Applies a change of a series to its exceptions: cancels those whose original start no longer
 * exists, and changes fields of the others that still had the old value of the series. Restoring
 * a series writes its exceptions again, and so does a change by which an original start exists
 * again: clients store them for the lifetime of the series only.
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
      const returns = !hasInstance(calendar, before, exception)
      if (restored || follows || returns) putEvent(world, calendar, { ...exception, content })
    }
  }
}

/** Whether the series still has an instance at the exception's original start. */
export function hasInstance(calendar: CalendarStore, master: StoredEvent, exception: StoredEvent): boolean {
  if (!master.content.recurrence || !exception.originalStart) return false
  return instanceStarting(master, calendar.timeZone, instanceStamp(exception.originalStart)) !== undefined
}

function inheritContent(exception: StoredEvent, { before, event }: { before: StoredEvent; event: StoredEvent }) {
  const content: Record<string, unknown> = { ...exception.content }
  const old = before.content as Record<string, unknown>
  const fresh = event.content as Record<string, unknown>
  for (const name of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
    if (name === 'recurrence' || isDeepEqual(old[name], fresh[name]) || !isDeepEqual(content[name], old[name])) continue
    if (fresh[name] === undefined) delete content[name]
    else content[name] = fresh[name]
  }
  return content as StoredEvent['content']
}
