import { Temporal } from 'temporal-polyfill'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import {
  type CalendarFacts,
  type EventRow,
  type OccurrenceRow,
  readEventsToExpand,
  readOccurrencesInRange,
} from '#db/queries/occurrences.ts'
import { expand } from '#lib/recurrence/expand.ts'
import { type EventTimes, isEventTimes, overlaps, type Span, spanOf } from '#lib/recurrence/times.ts'

type Connection = NonNullable<CalendarFacts['connection']>

/** All Google occurrences that touch `span`: stored within the horizon, expanded beyond it. */
export const readOccurrences = async (
  db: Db | Tx,
  query: { businessId: BusinessId; connection: Connection | null; span: Span; blocking?: boolean },
): Promise<OccurrenceRow[]> => {
  const { businessId, connection, span, blocking } = query
  if (!connection) return []
  const range = { businessId, connectionId: connection.id, from: span.start, to: span.end, blocking }
  const stored = await readOccurrencesInRange(db, range)
  const beyond = beyondHorizon(span, connection)
  if (beyond.length === 0) return stored
  const margin = { from: shifted(span.start, -48), to: shifted(span.end, 48) }
  const events = await readEventsToExpand(db, { ...range, ...margin })
  const byId = new Map(stored.map((row) => [row.instanceId, row]))
  for (const row of expandEvents(events, beyond, connection.calendarZone))
    if (!byId.has(row.instanceId) && (row.blocks || !blocking)) byId.set(row.instanceId, row)
  return [...byId.values()].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
}

const shifted = (instant: string, hours: number) => Temporal.Instant.from(instant).add({ hours }).toString()

/** The parts of `span` beyond the horizon, where no occurrences are stored. */
const beyondHorizon = (span: Span, { horizonStart, horizonEnd }: Connection): Span[] => {
  if (!horizonStart || !horizonEnd) return []
  const before = { start: span.start, end: earlier(span.end, horizonStart) }
  const after = { start: later(span.start, horizonEnd), end: span.end }
  return [before, after].filter((part) => isBefore(part.start, part.end))
}

const isBefore = (a: string, b: string) => Temporal.Instant.compare(a, b) < 0
const earlier = (a: string, b: string) => (isBefore(a, b) ? a : b)
const later = (a: string, b: string) => (isBefore(a, b) ? b : a)

const expandEvents = (events: EventRow[], windows: Span[], calendarZone: string): OccurrenceRow[] => {
  const exceptionsOf = Map.groupBy(
    events.filter((event) => event.kind === 'exception'),
    (event) => event.recurringEventId ?? '',
  )
  const masters = events.filter((event) => event.kind === 'master' && !event.cancelled)
  const known = new Set(masters.map((master) => master.eventId))
  // An exception whose master is not in the mirror is treated like a single event.
  const alone = events.filter(
    (event) => event.kind === 'single' || (event.kind === 'exception' && !known.has(event.recurringEventId ?? '')),
  )
  const series = masters.flatMap((master) => {
    const exceptions = exceptionsOf.get(master.eventId) ?? []
    const byStart = new Map(exceptions.map((exception) => [exception.originalStart, exception]))
    return windows
      .flatMap((window) => instancesOf(master, exceptions, { window, calendarZone }))
      .map((instance) => occurrenceRow(byStart.get(instance.originalStart) ?? master, { ...instance, calendarZone }))
  })
  return [...series, ...alone.flatMap((event) => loneOccurrences(event, windows, calendarZone))]
}

const instancesOf = (master: EventRow, exceptions: EventRow[], within: { window: Span; calendarZone: string }) => {
  const { eventId, times } = master
  if (!isEventTimes(times)) return []
  return expand({
    master: { eventId, times, recurrence: master.recurrence ?? [] },
    exceptions: exceptions.map((event) => ({
      eventId: event.eventId,
      originalStart: event.originalStart ?? '',
      cancelled: event.cancelled,
      times: isEventTimes(event.times) ? event.times : null,
    })),
    ...within,
  }).occurrences
}

const loneOccurrences = (event: EventRow, windows: Span[], calendarZone: string): OccurrenceRow[] => {
  const { times } = event
  if (!isEventTimes(times) || event.cancelled) return []
  const span = spanOf(times, calendarZone)
  if (!windows.some((window) => overlaps(span, window))) return []
  return [occurrenceRow(event, { instanceId: event.eventId, times, calendarZone })]
}

const occurrenceRow = (
  event: EventRow,
  { instanceId, times, calendarZone }: { instanceId: string; times: EventTimes; calendarZone: string },
): OccurrenceRow => ({
  instanceId,
  ...spanOf(times, calendarZone),
  startDate: times.allDay ? times.start : null,
  endDate: times.allDay ? times.end : null,
  blocks: event.blocks,
  blocksWhy: event.blocksWhy,
  title: event.title,
  location: event.location,
  description: event.description,
  isPrivate: event.isPrivate,
  recurring: event.kind !== 'single',
  guestMemberIds: event.guestMemberIds,
  htmlLink: event.htmlLink,
})
