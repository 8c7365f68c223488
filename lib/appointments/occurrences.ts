import { setImmediate } from 'node:timers/promises'
import { Temporal } from 'temporal-polyfill'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import {
  type BlockingTime,
  type EventRow,
  type Mirror,
  type OccurrenceRow,
  readBlockingInRange,
  readEventsToExpand,
  readOccurrencesInRange,
} from '#db/queries/occurrences.ts'
import { epochMs } from '#lib/availability/overlap.ts'
import { expand } from '#lib/recurrence/expand.ts'
import { type EventTimes, isEventTimes, overlaps, type Span, spanOf } from '#lib/recurrence/times.ts'
import { charactersOf, charactersPerRow, type ReadBudget, readPages, spend } from './read-budget.ts'

type OccurrencesQuery = {
  businessId: BusinessId
  calendar: Mirror | null
  span: Span
  blocking?: boolean
  budget: ReadBudget
}

/** All occurrences of a calendar in `span`: stored within the horizon, expanded beyond it. */
export const readOccurrences = async (db: Db | Tx, query: OccurrencesQuery): Promise<OccurrenceRow[]> => {
  const { businessId, calendar, span, blocking, budget } = query
  if (!calendar) return []
  const most = budget.occurrences + 1
  const range = { businessId, syncedCalendarId: calendar.id, from: span.start, to: span.end, most, blocking }
  const stored = await readPages<OccurrenceRow>({ budget, size: 2000, isAnswer: true }, async (page) => {
    const rows = await readOccurrencesInRange(db, range, page)
    const { found = 0 } = rows[0] ?? {}
    if (found === most) spend(budget, { occurrences: found })
    return rows.map(({ found: _, ...row }) => row)
  })
  const beyond = await expandBeyondHorizon(db, { ...query, calendar })
  if (beyond.length === 0) return stored
  const byId = new Map(stored.map((row) => [row.instanceId, row]))
  for (const row of beyond) if (!byId.has(row.instanceId)) byId.set(row.instanceId, row)
  return [...byId.values()].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
}

/** The same, of those that block, without their texts. */
export const readBlockingTimes = async (
  db: Db | Tx,
  { calendar, ...query }: Omit<OccurrencesQuery, 'blocking'>,
): Promise<BlockingTime[]> => {
  const { businessId, span, budget } = query
  if (!calendar) return []
  const most = budget.occurrences + 1
  const range = { businessId, syncedCalendarId: calendar.id, from: span.start, to: span.end, most }
  const { times, found } = await readBlockingInRange(db, range)
  const occurrences = found === most ? found : times.length
  spend(budget, { occurrences, characters: times.length * charactersPerRow })
  const beyond = await expandBeyondHorizon(db, { ...query, calendar, blocking: true })
  const stored = new Set(times.map(({ id }) => id))
  const expanded = beyond.map(({ instanceId: id, start, end, guestMemberIds }) => ({
    ...{ id, guestMemberIds, from: epochMs(start), until: epochMs(end) },
  }))
  return [...times, ...expanded.filter(({ id }) => !stored.has(id))]
}

/** The occurrences in the parts of `span` where none are stored. */
export const expandBeyondHorizon = async (
  db: Db | Tx,
  { businessId, calendar, span, blocking, budget }: OccurrencesQuery & { calendar: Mirror },
): Promise<OccurrenceRow[]> => {
  const windows = beyondHorizon(span, calendar)
  if (windows.length === 0) return []
  const range = { businessId, syncedCalendarId: calendar.id, from: shifted(span.start, -48), to: shifted(span.end, 48) }
  const events = await readPages<EventRow>({ budget, size: 500, isAnswer: false }, (page) =>
    readEventsToExpand(db, range, page),
  )
  const rows: OccurrenceRow[] = []
  for await (const row of expandEvents(events, { windows, calendarZone: calendar.calendarZone, budget }))
    if (row.blocks || !blocking) rows.push(row)
  return rows
}

const shifted = (instant: string, hours: number) => Temporal.Instant.from(instant).add({ hours }).toString()

/** The parts of `span` beyond the horizon, where no occurrences are stored. */
const beyondHorizon = (span: Span, { horizonStart, horizonEnd }: Mirror): Span[] => {
  if (!horizonStart || !horizonEnd) return []
  const before = { start: span.start, end: earlier(span.end, horizonStart) }
  const after = { start: later(span.start, horizonEnd), end: span.end }
  return [before, after].filter((part) => isBefore(part.start, part.end))
}

const isBefore = (a: string, b: string) => Temporal.Instant.compare(a, b) < 0
const earlier = (a: string, b: string) => (isBefore(a, b) ? a : b)
const later = (a: string, b: string) => (isBefore(a, b) ? b : a)

type Expansion = { windows: Span[]; calendarZone: string; budget: ReadBudget }

/** Other requests are served between two series. */
async function* expandEvents(events: EventRow[], expansion: Expansion): AsyncGenerator<OccurrenceRow> {
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
  for (const master of masters) {
    yield* seriesOccurrences(master, exceptionsOf.get(master.eventId) ?? [], expansion)
    await setImmediate()
  }
  for (const event of alone) yield* loneOccurrences(event, expansion)
}

function* seriesOccurrences(master: EventRow, exceptions: EventRow[], expansion: Expansion): Generator<OccurrenceRow> {
  const { windows, calendarZone } = expansion
  const byStart = new Map(exceptions.map((exception) => [exception.originalStart, exception]))
  for (const window of windows)
    for (const instance of instancesOf(master, exceptions, { ...expansion, window }))
      yield charged(
        occurrenceRow(byStart.get(instance.originalStart) ?? master, { ...instance, calendarZone }),
        expansion.budget,
      )
}

const charged = (row: OccurrenceRow, budget: ReadBudget): OccurrenceRow => {
  spend(budget, { occurrences: 1, characters: charactersOf(row) })
  return row
}

const instancesOf = (
  master: EventRow,
  exceptions: EventRow[],
  { window, calendarZone, budget }: Expansion & { window: Span },
) => {
  const { eventId, times } = master
  if (!isEventTimes(times)) return []
  const spent = { occurrences: budget.occurrences, steps: budget.steps }
  const { occurrences, problems } = expand({
    master: { eventId, times, recurrence: master.recurrence ?? [] },
    exceptions: exceptions.map((event) => ({
      eventId: event.eventId,
      originalStart: event.originalStart ?? '',
      cancelled: event.cancelled,
      times: isEventTimes(event.times) ? event.times : null,
    })),
    window,
    calendarZone,
    limit: budget.occurrences,
    budget: spent,
  })
  spend(budget, { steps: budget.steps - spent.steps })
  // The instances beyond the limit would be missing from the answer.
  if (problems.includes('too-many')) spend(budget, { occurrences: budget.occurrences + 1 })
  return occurrences
}

function* loneOccurrences(event: EventRow, { windows, calendarZone, budget }: Expansion): Generator<OccurrenceRow> {
  const { times } = event
  if (!isEventTimes(times) || event.cancelled) return
  const span = spanOf(times, calendarZone)
  if (!windows.some((window) => overlaps(span, window))) return
  yield charged(occurrenceRow(event, { instanceId: event.eventId, times, calendarZone }), budget)
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
  icalUid: event.icalUid,
})
