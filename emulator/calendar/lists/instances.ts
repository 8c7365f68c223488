import type { Context, Reply } from '../../http.ts'
import type { CalendarStore, StoredEvent } from '../../model.ts'
import { authenticate, openCalendar } from '../access.ts'
import { invalid, refused } from '../errors.ts'
import { instancesBetween } from '../recurrence/expansion.ts'
import { DAY } from '../recurrence/zone.ts'
import { resourceReply } from '../reply.ts'
import { renderEvent } from '../resource.ts'
import { exceptionsOf, timeToMs } from '../store.ts'
import { makeSyncToken } from '../sync-token.ts'
import { findTarget, isMaster, virtualInstance, withMasterStatus } from '../target.ts'
import { viewFor } from './lag.ts'
import { pageTokens } from './page-tokens.ts'
import { readListQuery } from './query.ts'
import { keepSnapshot, pageToken, readPageToken } from './snapshots.ts'

type Range = {
  from: number
  to: number
  showDeleted: boolean
  /** Without exceptions, which lists read from the stored events. */
  generatedOnly?: boolean
}

/** Instances of a series in a range, with exceptions in place of the instances they replace. */
export function expandMaster(calendar: CalendarStore, master: StoredEvent, range: Range): StoredEvent[] {
  if (master.status === 'cancelled' && !range.showDeleted) return []
  const exceptions = new Map(exceptionsOf(calendar, master.id).map((event) => [event.id, event]))
  const generated = instancesBetween(master, calendar.timeZone, range)
    .filter(({ id }) => !exceptions.has(id))
    .map((instance) => withInstants(calendar, virtualInstance(master, instance)))
  if (range.generatedOnly) return generated
  const changed = [...exceptions.values()]
    .map((event) => withMasterStatus(event, master))
    .filter(
      (event) =>
        (event.status !== 'cancelled' || range.showDeleted) && event.startMs < range.to && event.endMs > range.from,
    )
  return [...generated, ...changed].sort((a, b) => a.startMs - b.startMs)
}

function withInstants({ timeZone }: CalendarStore, event: StoredEvent): StoredEvent {
  return { ...event, startMs: timeToMs(event.start, timeZone), endMs: timeToMs(event.end, timeZone) }
}

/** `GET /calendars/{id}/events/{eventId}/instances` */
export function listInstances(context: Context): Reply {
  const caller = authenticate(context, 'events.instances')
  const newest = openCalendar(context, caller)
  const { calendar, seq } = viewFor(context.world, newest.calendar, 'list')
  const access = { ...newest, calendar }
  const query = readListQuery(context.query)
  const owner = `${calendar.id}|${caller.email}|${context.params.eventId}`
  const found = findTarget(calendar, context.params.eventId ?? '')?.event
  context.logFields.eventId = context.params.eventId
  if (!found) throw refused(404, 'notFound')
  const page = query.pageToken ? readPageToken(query.pageToken) : undefined
  if (query.pageToken && page?.snapshot.owner !== owner) throw invalid(undefined, 'pageToken')
  const snapshot = page?.snapshot ?? {
    owner,
    syncToken: null,
    seq,
    requestedAt: context.world.state.seq,
    items: isMaster(found) ? instancesFor(context, { calendar, master: found }) : [],
  }
  const offset = page?.offset ?? 0
  const end = offset + query.maxResults
  const more = end < snapshot.items.length
  const view = { world: context.world, ...access, zone: query.zone, maxAttendees: query.maxAttendees }
  return resourceReply(context, {
    kind: 'calendar#events',
    etag: calendar.etag,
    summary: calendar.summary,
    updated: new Date(calendar.updated).toISOString(),
    timeZone: query.zone ?? calendar.timeZone,
    accessRole: access.role,
    defaultReminders: [],
    ...pageTokens(context, {
      more,
      pageToken: (at) => pageToken(page?.id ?? keepSnapshot(snapshot), at === 'next' ? end : offset),
      syncToken: () => makeSyncToken(context.world, { owner, seq: snapshot.seq }),
    }),
    items: snapshot.items.slice(offset, end).map((event) => renderEvent(event, view)),
  })
}

function instancesFor(
  context: Context,
  { calendar, master }: { calendar: CalendarStore; master: StoredEvent },
): StoredEvent[] {
  const query = readListQuery(context.query)
  const years = context.world.state.switches.expansionYears
  const items = expandMaster(calendar, master, {
    from: query.timeMin ?? Number.NEGATIVE_INFINITY,
    to: query.timeMax ?? context.world.now() + years * 365 * DAY,
    showDeleted: query.showDeleted,
  })
  const original = context.query.get('originalStart')
  if (original === null) return items
  const allDay = master.start.date !== undefined
  if (Number.isNaN(Date.parse(original)) || (original.length === 10) !== allDay)
    throw invalid(undefined, 'originalStart')
  return items.filter(({ originalStart }) =>
    allDay ? originalStart?.date === original : originalStart?.ms === Date.parse(original),
  )
}
