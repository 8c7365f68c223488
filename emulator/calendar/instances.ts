import type { Ask, Reply } from '../http.ts'
import type { CalendarStore, StoredEvent } from '../model.ts'
import { authenticate, openCalendar } from './access.ts'
import { invalid, refused } from './errors.ts'
import { readListQuery } from './query.ts'
import { instancesBetween } from './recurrence/expansion.ts'
import { DAY } from './recurrence/zone.ts'
import { answer } from './reply.ts'
import { renderEvent } from './resource.ts'
import { keepSnapshot, pageToken, readPageToken } from './snapshots.ts'
import { exceptionsOf, timeToMs } from './store.ts'
import { makeSyncToken } from './sync-token.ts'
import { virtualInstance, withMasterStatus } from './target.ts'

type Expansion = {
  from: number
  to: number
  showDeleted: boolean
  /** Without the exceptions, which a list finds among the stored events. */
  generatedOnly?: boolean
}

/** Instances of a series in a window, exceptions in the place of what they replace. */
export function expandMaster(calendar: CalendarStore, master: StoredEvent, asked: Expansion): StoredEvent[] {
  if (master.status === 'cancelled' && !asked.showDeleted) return []
  const exceptions = new Map(exceptionsOf(calendar, master.id).map((event) => [event.id, event]))
  const generated = instancesBetween(master, calendar.timeZone, asked)
    .filter(({ id }) => !exceptions.has(id))
    .map((instance) => withTimes(calendar, virtualInstance(master, instance)))
  if (asked.generatedOnly) return generated
  const changed = [...exceptions.values()]
    .map((event) => withMasterStatus(event, master))
    .filter(
      (event) =>
        (event.status !== 'cancelled' || asked.showDeleted) &&
        event.startMs < asked.to &&
        event.endMs > asked.from,
    )
  return [...generated, ...changed].sort((a, b) => a.startMs - b.startMs)
}

function withTimes(calendar: CalendarStore, event: StoredEvent): StoredEvent {
  return { ...event, ...timesOf(calendar, event) }
}

function timesOf(calendar: CalendarStore, { start, end }: StoredEvent) {
  return { startMs: timeToMs(start, calendar.timeZone), endMs: timeToMs(end, calendar.timeZone) }
}

/** `GET /calendars/{id}/events/{eventId}/instances` */
export function listInstances(ask: Ask): Reply {
  const caller = authenticate(ask, 'events.instances')
  const access = openCalendar(ask, caller)
  const { calendar } = access
  const query = readListQuery(ask.query)
  const owner = `${calendar.id}|${caller.email}|${ask.params.eventId}`
  const master = calendar.events.get(ask.params.eventId ?? '')
  ask.note.eventId = ask.params.eventId
  if (!master) throw refused(404, 'notFound')
  const page = query.pageToken ? readPageToken(query.pageToken) : undefined
  if (query.pageToken && page?.snapshot.owner !== owner) throw invalid(undefined, 'pageToken')
  const snapshot = page?.snapshot ?? {
    owner,
    syncToken: null,
    seq: ask.world.state.seq,
    items: instancesFor(ask, { calendar, master }),
  }
  const offset = page?.offset ?? 0
  const end = offset + query.maxResults
  const more = end < snapshot.items.length
  const view = { world: ask.world, ...access, zone: query.zone, maxAttendees: query.maxAttendees }
  return answer(ask, {
    kind: 'calendar#events',
    etag: calendar.etag,
    summary: calendar.summary,
    updated: new Date(calendar.updated).toISOString(),
    timeZone: query.zone ?? calendar.timeZone,
    accessRole: access.role,
    defaultReminders: [],
    ...(more && { nextPageToken: pageToken(page?.id ?? keepSnapshot(snapshot), end) }),
    ...(!more && { nextSyncToken: makeSyncToken(ask.world, { owner, seq: snapshot.seq }) }),
    items: snapshot.items.slice(offset, end).map((event) => renderEvent(event, view)),
  })
}

function instancesFor(
  ask: Ask,
  { calendar, master }: { calendar: CalendarStore; master: StoredEvent },
): StoredEvent[] {
  const query = readListQuery(ask.query)
  const years = ask.world.state.switches.expansionYears
  const items = expandMaster(calendar, master, {
    from: query.timeMin ?? Number.NEGATIVE_INFINITY,
    to: query.timeMax ?? ask.world.now() + years * 365 * DAY,
    showDeleted: query.showDeleted,
  })
  const original = ask.query.get('originalStart')
  if (original === null) return items
  const allDay = master.start.date !== undefined
  if (Number.isNaN(Date.parse(original)) || (original.length === 10) !== allDay)
    throw invalid(undefined, 'originalStart')
  return items.filter(({ originalStart }) =>
    allDay ? originalStart?.date === original : originalStart?.ms === Date.parse(original),
  )
}
