import type { Context, Reply } from '../../http.ts'
import type { CalendarStore, StoredEvent } from '../../model.ts'
import type { World } from '../../world.ts'
import { type Access, authenticate, openCalendar } from '../access.ts'
import { ApiError, invalid } from '../errors.ts'
import { endsAfter, instancesBetween } from '../recurrence/expansion.ts'
import { DAY } from '../recurrence/zone.ts'
import { resourceReply } from '../reply.ts'
import { renderEvent, type View } from '../resource.ts'
import { changedSince } from '../store.ts'
import { fullSyncRequired, makeSyncToken, readSyncToken } from '../sync-token.ts'
import { isMaster, withMasterStatus } from '../target.ts'
import { expandMaster } from './instances.ts'
import { type CalendarView, viewFor } from './lag.ts'
import { pageTokens } from './page-tokens.ts'
import { type ListQuery, readListQuery } from './query.ts'
import { keepSnapshot, pageToken, readPageToken, type Snapshot } from './snapshots.ts'

const HALF_YEAR = 183 * DAY
const YEAR = 365 * DAY

/** `GET /calendars/{id}/events` */
export function listEvents(context: Context): Reply {
  const caller = authenticate(context, 'events.list')
  const newest = openCalendar(context, caller)
  const view = viewFor(context.world, newest.calendar, 'list')
  const access = { ...newest, calendar: view.calendar }
  const read = readListQuery(context.query)
  const query = access.role === 'freeBusyReader' ? { ...read, singleEvents: true } : read
  const owner = `${access.calendar.id}|${caller.email}`
  // As sent: a role that narrows does not make the client's parameters differ.
  const parameters = syncParameters(read)
  const page = query.pageToken ? nextPage(query, owner) : firstPage(context.world, { view, query, owner, parameters })
  const { id, offset, snapshot } = page
  if (query.syncToken && snapshot.requestedAt <= access.calendar.tokensDeadUpTo) throw fullSyncRequired()
  const isEmpty = context.world.state.switches.emptyFirstPage && !query.pageToken
  const end = isEmpty ? 0 : offset + Math.min(query.maxResults, maxItems(context.world))
  const more = isEmpty || end < snapshot.items.length
  const rendering: View = {
    world: context.world,
    ...access,
    zone: query.zone,
    maxAttendees: query.maxAttendees,
    deletedDetails: query.showDeleted,
  }
  return resourceReply(context, {
    ...listHead(access, query),
    ...pageTokens(context, {
      more,
      pageToken: (at) => pageToken(id || keepSnapshot(snapshot), at === 'next' ? end : offset),
      syncToken: () =>
        query.orderBy ? undefined : makeSyncToken(context.world, { owner, seq: snapshot.seq, parameters }),
    }),
    items: pageItems(context.world, { snapshot, offset, end }).map((event) => renderEvent(event, rendering)),
  })
}

/** Limit of the `itemsPerPage` switch: Google may send shorter pages than requested. */
const maxItems = ({ state }: World) => state.switches.itemsPerPage || Number.POSITIVE_INFINITY

/**
 * Parameters that must be the same in a delta and its first read, unlike `maxResults` and
 * `showDeleted`.
 */
function syncParameters({ singleEvents, eventTypes, zone, maxAttendees }: ListQuery): string {
  return JSON.stringify([singleEvents, eventTypes.toSorted(), zone, maxAttendees])
}

function listHead({ calendar, role }: Access, query: ListQuery) {
  return {
    kind: 'calendar#events',
    etag: `"p${Number(calendar.etag.slice(1, -1)).toString(32)}g"`,
    summary: calendar.summary,
    description: calendar.description ?? '',
    updated: new Date(calendar.updated).toISOString(),
    timeZone: query.zone ?? calendar.timeZone,
    accessRole: role,
    defaultReminders: role === 'owner' ? [{ method: 'popup', minutes: 30 }] : [],
  }
}

type Page = { id: string; offset: number; snapshot: Snapshot }

function nextPage(query: ListQuery, owner: string): Page {
  const page = readPageToken(query.pageToken ?? '')
  if (!page || page.snapshot.owner !== owner || page.snapshot.syncToken !== query.syncToken) {
    throw invalid(undefined, 'pageToken')
  }
  return page
}

function firstPage(
  world: World,
  { view, query, owner, parameters }: { view: CalendarView; query: ListQuery; owner: string; parameters: string },
): Page {
  const { calendar } = view
  const since = query.syncToken
    ? readSyncToken(world, {
        owner,
        token: query.syncToken,
        deadUpTo: calendar.tokensDeadUpTo,
        parameters,
      })
    : 0
  const items = query.syncToken ? deltaItems(world, { calendar, query, since }) : fullItems(world, { calendar, query })
  return {
    id: '',
    offset: 0,
    snapshot: {
      owner,
      syncToken: query.syncToken,
      items: arrange(world, { items, query }),
      seq: Math.max(view.seq, since),
      requestedAt: world.state.seq,
    },
  }
}

function pageItems(world: World, { snapshot, offset, end }: { snapshot: Snapshot; offset: number; end: number }) {
  const items = snapshot.items.slice(offset, end)
  const previous = world.state.switches.duplicateAcrossPages ? snapshot.items[offset - 1] : undefined
  return previous ? [...items, previous] : items
}

function arrange(world: World, { items, query }: { items: StoredEvent[]; query: ListQuery }): StoredEvent[] {
  if (query.orderBy === 'startTime') return items.toSorted((a, b) => a.startMs - b.startMs)
  if (query.orderBy === 'updated') return items.toSorted((a, b) => a.updated - b.updated)
  const { shuffle, exceptionsFirst } = world.state.switches
  if (shuffle)
    items = items
      .map((event) => ({ event, at: Math.random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ event }) => event)
  return exceptionsFirst
    ? items.toSorted((a, b) => Number(b.masterId !== undefined) - Number(a.masterId !== undefined))
    : items
}

/**
 * All changes after the token, including deletions and events outside the window of the first read.
 */
function deltaItems(
  world: World,
  { calendar, query, since }: { calendar: CalendarStore; query: ListQuery; since: number },
): StoredEvent[] {
  const changed = changedSince(calendar, since)
    .map((event) => effective(calendar, event))
    .filter((event) => hasType(event, query))
  if (!query.singleEvents) return changed
  const window = {
    from: world.now() - HALF_YEAR,
    to: world.now() + world.state.switches.expansionYears * YEAR,
  }
  const ids = new Set<string>()
  return changed
    .flatMap((event) => (isMaster(event) ? expandMaster(calendar, event, { ...window, showDeleted: true }) : [event]))
    .filter((event) => !ids.has(event.id) && ids.add(event.id))
}

function fullItems(world: World, { calendar, query }: { calendar: CalendarStore; query: ListQuery }): StoredEvent[] {
  if (query.updatedMin !== undefined && query.updatedMin < world.now() - 30 * DAY) {
    throw new ApiError({ status: 410, reason: 'updatedMinTooLongAgo', location: 'updatedMin' })
  }
  const window = {
    from: query.timeMin ?? Number.NEGATIVE_INFINITY,
    to:
      query.timeMax ??
      (query.singleEvents ? world.now() + world.state.switches.expansionYears * YEAR : Number.POSITIVE_INFINITY),
  }
  const items: StoredEvent[] = []
  for (const stored of calendar.events.values()) {
    const event = effective(calendar, stored)
    if (!matchesQuery(world, { calendar, event, query })) continue
    if (query.singleEvents) items.push(...singleItems(calendar, { event, query, window }))
    else if (inWindow(calendar, event, window)) items.push(event)
  }
  return items
}

type Window = { from: number; to: number }

function singleItems(
  calendar: CalendarStore,
  { event, query, window }: { event: StoredEvent; query: ListQuery; window: Window },
): StoredEvent[] {
  if (isMaster(event)) return expandMaster(calendar, event, { ...window, showDeleted: false, generatedOnly: true })
  if (event.status === 'cancelled' && !query.showDeleted && query.updatedMin === undefined) return []
  return event.startMs < window.to && event.endMs > window.from ? [event] : []
}

function inWindow(calendar: CalendarStore, event: StoredEvent, { from, to }: Window): boolean {
  if (!isMaster(event)) return event.startMs < to && event.endMs > from
  if (from === Number.NEGATIVE_INFINITY) return event.startMs < to
  if (to === Number.POSITIVE_INFINITY) return endsAfter(event, calendar.timeZone, from)
  return instancesBetween(event, calendar.timeZone, { from, to }).length > 0
}

function effective(calendar: CalendarStore, event: StoredEvent): StoredEvent {
  return event.masterId ? withMasterStatus(event, calendar.events.get(event.masterId)) : event
}

function hasType(event: StoredEvent, { eventTypes }: ListQuery): boolean {
  return eventTypes.length === 0 || eventTypes.includes(event.eventType)
}

function matchesQuery(
  world: World,
  { calendar, event, query }: { calendar: CalendarStore; event: StoredEvent; query: ListQuery },
): boolean {
  if (!hasType(event, query)) return false
  if (event.status === 'cancelled' && !showsCancelled(calendar, event, query)) return false
  if (query.updatedMin !== undefined && event.updated < query.updatedMin) return false
  if (query.iCalUID !== null && event.iCalUID !== query.iCalUID) return false
  if (query.q !== null && !containsText(event, query.q)) return false
  const { extendedPropertyMatch } = world.state.switches
  const { private: own, shared } = event.content.extendedProperties ?? {}
  return (
    hasProperties(own, { wanted: query.privateProperties, mode: extendedPropertyMatch }) &&
    hasProperties(shared, { wanted: query.sharedProperties, mode: extendedPropertyMatch })
  )
}

/** Without `singleEvents`, cancelled instances of a series that still exists are always listed. */
function showsCancelled(calendar: CalendarStore, event: StoredEvent, query: ListQuery): boolean {
  if (query.showDeleted || query.updatedMin !== undefined) return true
  if (query.singleEvents || !event.masterId) return false
  const master = calendar.events.get(event.masterId)
  return master !== undefined && master.status !== 'cancelled'
}

function containsText({ content, organizer }: StoredEvent, q: string): boolean {
  const guests = (content.attendees ?? []).flatMap(({ email, displayName }) => [email, displayName])
  const texts = [
    content.summary,
    content.description,
    content.location,
    organizer.email,
    organizer.displayName,
    ...guests,
  ]
  const all = texts.filter(Boolean).join('\n').toLowerCase()
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word))
}

function hasProperties(
  map: Record<string, string> | undefined,
  { wanted, mode }: { wanted: string[]; mode: 'all' | 'any' },
): boolean {
  if (wanted.length === 0) return true
  const has = (pair: string) => map?.[pair.slice(0, pair.indexOf('='))] === pair.slice(pair.indexOf('=') + 1)
  return mode === 'all' ? wanted.every(has) : wanted.some(has)
}
