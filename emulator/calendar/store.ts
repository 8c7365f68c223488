import type { CalendarStore, StoredEvent, StoredTime } from '../model.ts'
import type { World } from '../world.ts'
import { recordWrite } from './lists/lag.ts'
import { dateToInstant } from './recurrence/zone.ts'

/** A new version of an event without the fields that `putEvent` assigns. */
export type EventVersion = Omit<StoredEvent, 'seq' | 'etag' | 'updated' | 'startMs' | 'endMs'> & {
  updated?: number
}

export function createCalendarStore(
  world: World,
  calendar: Pick<CalendarStore, 'id' | 'kind' | 'summary' | 'timeZone' | 'owner' | 'push'>,
): CalendarStore {
  return {
    ...calendar,
    deleted: false,
    etag: world.nextEtag(),
    updated: world.now(),
    acl: new Map(),
    listed: new Map(),
    tokensDeadUpTo: 0,
    events: new Map(),
    exceptions: new Map(),
    uids: new Map(),
    changeLog: [],
  }
}

export function timeToMs(time: StoredTime, zone: string): number {
  return time.date === undefined ? time.ms : dateToInstant(zone, time.date)
}

/** Stores a new version of an event with the next seq and etag, and notifies listeners. */
export function putEvent(world: World, calendar: CalendarStore, draft: EventVersion): StoredEvent {
  const seq = world.nextSeq()
  recordWrite(world, calendar, { seq, id: draft.id })
  const event: StoredEvent = {
    ...draft,
    seq,
    etag: world.nextEtag(),
    updated: draft.updated ?? world.now(),
    startMs: timeToMs(draft.start, calendar.timeZone),
    endMs: timeToMs(draft.end, calendar.timeZone),
  }
  indexEvent(calendar, event)
  calendar.updated = event.updated
  calendar.etag = event.etag
  world.notify({ calendarId: calendar.id })
  return event
}

/** Adds a stored event to the indexes; also used when the state is read from its file. */
export function indexEvent(calendar: CalendarStore, event: StoredEvent): void {
  calendar.events.set(event.id, event)
  calendar.changeLog.push({ seq: event.seq, id: event.id })
  if (event.masterId) addToIndex(calendar.exceptions, event.masterId, event.id)
  else addToIndex(calendar.uids, event.iCalUID, event.id)
  if (calendar.changeLog.length > 1000 + 2 * calendar.events.size) dropStaleChanges(calendar)
}

export function exceptionsOf(calendar: CalendarStore, masterId: string): StoredEvent[] {
  const ids = calendar.exceptions.get(masterId)
  if (!ids) return []
  return [...ids].map((id) => calendar.events.get(id)).filter((event) => event !== undefined)
}

/**
 * Events changed after a position, oldest change first. The cost depends on the number of changes,
 * not on the number of events.
 */
export function changedSince(calendar: CalendarStore, seq: number): StoredEvent[] {
  const changed: StoredEvent[] = []
  for (let index = firstAfter(calendar.changeLog, seq); index < calendar.changeLog.length; index++) {
    const entry = calendar.changeLog[index]
    const event = entry && calendar.events.get(entry.id)
    if (event && event.seq === entry.seq) changed.push(event)
  }
  return changed
}

function firstAfter(changeLog: CalendarStore['changeLog'], seq: number): number {
  let low = 0
  let high = changeLog.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((changeLog[middle]?.seq ?? 0) > seq) high = middle
    else low = middle + 1
  }
  return low
}

function dropStaleChanges(calendar: CalendarStore): void {
  calendar.changeLog = calendar.changeLog.filter((entry) => calendar.events.get(entry.id)?.seq === entry.seq)
}

function addToIndex(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key)
  if (ids) ids.add(id)
  else index.set(key, new Set([id]))
}
