import type { Context, Reply } from '../http.ts'
import type { CalendarStore, StoredEvent } from '../model.ts'
import type { World } from '../world.ts'
import { authenticate, findCalendar, roleOf } from './access.ts'
import { ownAttendee } from './addresses.ts'
import { refused, required } from './errors.ts'
import { expandMaster } from './lists/instances.ts'
import { parseInstant } from './lists/query.ts'
import { DAY, isZone, renderInstant } from './recurrence/zone.ts'
import { resourceReply } from './reply.ts'
import { isMaster } from './target.ts'

const MAX_RANGE = 92 * DAY

type FreeBusyRequest = {
  timeMin?: string
  timeMax?: string
  timeZone?: string
  calendarExpansionMax?: number
  items?: { id: string }[]
}
type Span = { from: number; to: number }

/** `POST /freeBusy` */
export function queryFreeBusy(context: Context): Reply {
  const caller = authenticate(context, 'freebusy.query')
  const request = readRequest(context)
  const { from, to, zone } = readRange(request)
  const maxCalendars = Math.min(request.calendarExpansionMax ?? 50, 50)
  const calendars: Record<string, unknown> = {}
  for (const [index, { id }] of (request.items ?? []).entries()) {
    const calendar = findCalendar(context.world, id === 'primary' ? caller.email : id)
    const readable = calendar && roleOf(calendar, caller.email)
    if (index >= maxCalendars) calendars[id] = failure('tooManyCalendarsRequested')
    else if (!calendar || !readable) calendars[id] = failure('notFound')
    else
      calendars[id] = {
        busy: busySpans(context.world, calendar, { from, to }).map((span) => renderSpan(span, zone)),
      }
  }
  const head = {
    kind: 'calendar#freeBusy',
    timeMin: renderInstant('UTC', from),
    timeMax: renderInstant('UTC', to),
  }
  return resourceReply(context, { ...head, calendars })
}

function readRequest(context: Context): FreeBusyRequest {
  try {
    return JSON.parse(context.body.toString()) as FreeBusyRequest
  } catch {
    throw refused(400, 'parseError')
  }
}

function readRange(request: FreeBusyRequest): Span & { zone: string } {
  if (!request.timeMin) throw required('Missing timeMin parameter.')
  if (!request.timeMax) throw required('Missing timeMax parameter.')
  const from = parseInstant(request.timeMin)
  const to = parseInstant(request.timeMax)
  const zone = request.timeZone ?? 'UTC'
  if (from === undefined || to === undefined || !isZone(zone)) throw refused(400, 'badRequest')
  if (to <= from) throw refused(400, 'timeRangeEmpty')
  if (to - from > MAX_RANGE) throw refused(400, 'timeRangeTooLong')
  return { from, to, zone }
}

/** Merged spans of the events that block time. */
export function busySpans(world: World, calendar: CalendarStore, window: Span): Span[] {
  const spans = [...calendar.events.values()]
    .flatMap((event) =>
      isMaster(event) ? expandMaster(calendar, event, { ...window, showDeleted: false, generatedOnly: true }) : [event],
    )
    .filter((event) => blocks(world, calendar, event) && event.startMs < window.to && event.endMs > window.from)
    .map(({ startMs, endMs }) => ({ from: Math.max(startMs, window.from), to: Math.min(endMs, window.to) }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from)
  const merged: Span[] = []
  for (const span of spans) {
    const last = merged.at(-1)
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to)
    else merged.push({ ...span })
  }
  return merged
}

function blocks(world: World, calendar: CalendarStore, event: StoredEvent): boolean {
  const master = event.masterId ? calendar.events.get(event.masterId) : undefined
  if (event.status === 'cancelled' || master?.status === 'cancelled') return false
  if (event.content.transparency === 'transparent') return false
  if (event.eventType === 'workingLocation' || event.eventType === 'birthday') return false
  return ownAttendee(world, calendar, event)?.responseStatus !== 'declined'
}

function renderSpan({ from, to }: Span, zone: string) {
  return { start: renderInstant(zone, from), end: renderInstant(zone, to) }
}

function failure(reason: string) {
  return { errors: [{ domain: 'global', reason }], busy: [] }
}
