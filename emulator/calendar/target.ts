import type { CalendarStore, StoredEvent } from '../model.ts'
import { type Instance, instanceStarting, splitInstanceId } from './recurrence/expansion.ts'

/** A stored event, or an instance generated from its series (`virtual`). */
export type Target = { event: StoredEvent; master?: StoredEvent; virtual: boolean }

export function findTarget(calendar: CalendarStore, eventId: string): Target | undefined {
  const stored = calendar.events.get(eventId)
  if (stored) {
    const master = stored.masterId ? calendar.events.get(stored.masterId) : undefined
    return { event: withMasterStatus(stored, master), master, virtual: false }
  }
  const parts = splitInstanceId(eventId)
  const master = parts && calendar.events.get(parts.masterId)
  if (!master?.content.recurrence || !parts) return
  const instance = instanceStarting(master, calendar.timeZone, parts.stamp)
  if (instance) return { event: virtualInstance(master, instance), master, virtual: true }
}

/** An exception of a cancelled series is cancelled, regardless of its own status. */
export function withMasterStatus(event: StoredEvent, master: StoredEvent | undefined): StoredEvent {
  return master?.status === 'cancelled' && event.status !== 'cancelled' ? { ...event, status: 'cancelled' } : event
}

/** Has the etag, sequence and `createdByClient` of its series. */
export function virtualInstance(master: StoredEvent, instance: Instance): StoredEvent {
  const { recurrence: _, ...content } = master.content
  return {
    ...master,
    id: instance.id,
    masterId: master.id,
    originalStart: instance.originalStart,
    start: instance.start,
    end: instance.end,
    content,
  }
}

export function isMaster(event: StoredEvent): boolean {
  return event.content.recurrence !== undefined && event.masterId === undefined
}
