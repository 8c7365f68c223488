import { setImmediate } from 'node:timers/promises'
import type { Tx } from '#db/client.ts'
import {
  deleteEvents,
  type MirroredEvent,
  type MirroredOccurrence,
  readSeriesRows,
  replaceOccurrences,
  type SeriesRow,
  upsertEvents,
} from '#db/queries/mirror.ts'
import { log } from '#lib/observe/log.ts'
import { type ExpandBudget, expand, lastInstant } from '#lib/recurrence/expand.ts'
import { instanceId } from '#lib/recurrence/instance-id.ts'
import { type EventTimes, epochMs, isEventTimes, type Span, spanOf } from '#lib/recurrence/times.ts'
import type { SyncContext } from '../context.ts'
import type { ForeignEvent } from '../core/read-event.ts'
import type { SkippedEvent } from '../core/skipped.ts'
import { breather } from './breathe.ts'

/** Google events into the mirror: their rows and their occurrences within the horizon. */

/**
 * A series that people made of our event is mirrored too, without the instance that is the
 * appointment.
 */
export type MirroredItem = ForeignEvent & { appointmentId?: string }

/** Returns the series of which not all occurrences could be stored. */
export const writeMirror = async (
  tx: Tx,
  context: SyncContext,
  change: { events: MirroredItem[]; deleted: string[]; horizon: Span; generation: number },
): Promise<SkippedEvent[]> => {
  const { deleted, horizon, generation } = change
  const events = newest(change.events)
  const series = new Set(events.flatMap((event) => seriesOf(event) ?? []))
  const horizonStart = epochMs(horizon.start)
  const past: string[] = []
  const writing: Promise<void>[] = []
  const breathe = breather()
  for (let from = 0, to = firstChunk; from < events.length; from = to, to += chunkSize) {
    const rows: MirroredEvent[] = []
    for (const event of events.slice(from, to)) {
      rows.push(mirrorRowOf(event, context, series))
      await breathe()
    }
    const kept = rows.filter((row) => !endsBefore(row, horizonStart))
    if (kept.length < rows.length)
      past.push(...rows.filter((row) => endsBefore(row, horizonStart)).map((row) => row.eventId))
    writing.push(sendEvents(tx, context, { generation, rows: kept }))
    // Sent before the next chunk is prepared, so that Postgres and this process work in parallel.
    await setImmediate()
  }
  await Promise.all(writing)
  await deleteEvents(tx, ownerOf(context), [...deleted, ...past])
  return expandSeries(tx, context, { seriesIds: [...series], horizon })
}

/** A quarter of a page; the first chunk is small, since Postgres is idle until it arrives. */
const chunkSize = 625
const firstChunk = 125

const ownerOf = ({ businessId, calendar }: SyncContext) => ({ businessId, syncedCalendarId: calendar.id })

const sendEvents = (
  tx: Tx,
  context: SyncContext,
  { generation, rows }: { generation: number; rows: MirroredEvent[] },
) => {
  const writing = upsertEvents(tx, { ...ownerOf(context), generation }, rows)
  // Awaited by the caller with all chunks; this only silences the unhandled-rejection warning.
  writing.catch(() => {})
  return writing
}

/**
 * The share of one page or batch: 300 daily series over the horizon fit, hostile ones end. Steps
 * count work that produces no occurrence.
 */
const budgetPerPage = (): ExpandBudget => ({ occurrences: 300_000, steps: 5_000_000 })

/** Eight hours of every working day over the horizon; one series keeps the event loop no longer. */
const occurrencesPerSeries = 6_000

const occurrencesPerStatement = 5_000

/**
 * Rewrites the occurrences of the named series from their rows. Returns the series that are stored
 * without some of their occurrences, because of their rules or of the budget.
 */
export const expandSeries = async (
  tx: Tx,
  context: SyncContext,
  change: { seriesIds: string[]; horizon: Span },
): Promise<SkippedEvent[]> => {
  const { calendarZone: zone } = context.state
  const { seriesIds, horizon } = change
  const owner = ownerOf(context)
  const rows = await readSeriesRows(tx, owner, seriesIds)
  const bySeries = Map.groupBy(rows, (row) => row.recurringEventId ?? row.eventId)
  const budget = budgetPerPage()
  const breathe = breather()
  const partly: SkippedEvent[] = []
  let batch: { seriesIds: string[]; occurrences: MirroredOccurrence[] } = { seriesIds: [], occurrences: [] }
  for (const seriesId of seriesIds) {
    const series = bySeries.get(seriesId) ?? []
    const expanded = occurrencesOf({ seriesId, rows: series, horizon, zone, budget })
    batch.seriesIds.push(seriesId)
    for (const occurrence of expanded.occurrences) batch.occurrences.push(occurrence)
    if (expanded.missing) partly.push({ id: seriesId, reason: expanded.missing })
    await breathe()
    if (batch.occurrences.length < occurrencesPerStatement) continue
    await replaceOccurrences(tx, owner, batch)
    batch = { seriesIds: [], occurrences: [] }
  }
  await replaceOccurrences(tx, owner, batch)
  for (const { id: eventId, reason } of partly)
    log('warn', 'sync.series-cut', { syncedCalendarId: owner.syncedCalendarId, eventId, reason })
  return partly
}

/** `missing`: why occurrences within the horizon are left out; a stable code. */
export type ExpandedSeries = { occurrences: MirroredOccurrence[]; missing: 'rule-too-large' | 'too-many' | null }

/** Pure: the occurrences of one series, or of one single event, inside the horizon. */
export const occurrencesOf = (series: {
  seriesId: string
  rows: SeriesRow[]
  horizon: Span
  zone: string
  budget?: ExpandBudget
}): ExpandedSeries => {
  const { seriesId, rows, horizon, zone, budget } = series
  const occurrenceOf = (row: SeriesRow, times: EventTimes, instance: string): MirroredOccurrence => ({
    instanceId: instance,
    eventId: row.eventId,
    seriesId,
    ...spanOf(times, zone),
    ...datesOf(times),
    blocks: row.blocks,
  })
  const master = rows.find((row) => row.kind === 'master')
  if (!master) {
    const single = rows.flatMap((row) =>
      row.cancelled || row.appointmentId || !isEventTimes(row.times) ? [] : [occurrenceOf(row, row.times, row.eventId)],
    )
    return { occurrences: single, missing: null }
  }
  if (!isEventTimes(master.times)) return { occurrences: [], missing: null }

  const exceptions = rows.filter((row) => row.kind === 'exception')
  const byStart = new Map(exceptions.map((row) => [row.originalStart, row]))
  const { occurrences, problems, exhausted } = expand({
    master: { eventId: master.eventId, times: master.times, recurrence: master.recurrence ?? [] },
    exceptions: [...byStart.values()].map((row) => ({
      eventId: row.eventId,
      originalStart: row.originalStart ?? '',
      cancelled: row.cancelled,
      times: isEventTimes(row.times) ? row.times : null,
    })),
    window: horizon,
    calendarZone: zone,
    limit: occurrencesPerSeries,
    ...(budget && { budget }),
  })
  const own = master.appointmentId ? firstOriginalStart(master.times) : null
  const isTooLarge = problems.some((problem) => problem.startsWith('rule-too-large'))
  return {
    occurrences: occurrences
      .filter((occurrence) => occurrence.originalStart !== own)
      .map((occurrence) =>
        occurrenceOf(
          byStart.get(occurrence.originalStart) ?? master,
          occurrence.times,
          instanceId(seriesId, occurrence.originalStart),
        ),
      ),
    missing: exhausted ? (isTooLarge ? 'rule-too-large' : 'too-many') : null,
  }
}

const firstOriginalStart = (times: EventTimes) =>
  times.allDay ? times.start.replaceAll('-', '') : `${times.start.replace(/[-:]/g, '').slice(0, 15)}Z`

/** The series that the occurrences of an event are expanded with; null for a single event. */
const seriesOf = (event: MirroredItem): string | null =>
  event.kind === 'single' ? null : (event.recurringEventId ?? event.id)

/**
 * The same id may come twice in one read: the newest `updated` wins, the later of two equal ones.
 */
const newest = (events: MirroredItem[]): MirroredItem[] => {
  const byId = new Map<string, MirroredItem>()
  for (const event of events) {
    const known = byId.get(event.id)
    if (!known || (event.updated ?? '') >= (known.updated ?? '')) byId.set(event.id, event)
  }
  return [...byId.values()]
}

const mirrorRowOf = (event: MirroredItem, context: SyncContext, series: Set<string>): MirroredEvent => {
  const { calendarZone } = context.state
  const span = event.times && spanOf(event.times, calendarZone)
  return {
    eventId: event.id,
    kind: event.kind,
    recurringEventId: event.recurringEventId,
    originalStart: event.originalStart,
    cancelled: event.cancelled,
    title: event.title,
    location: event.location,
    description: event.description,
    isPrivate: event.isPrivate,
    eventType: event.eventType,
    blocks: event.blocks,
    blocksWhy: event.blocksWhy,
    guestMemberIds: guestsOf(event, context),
    times: event.times,
    recurrence: event.recurrence,
    htmlLink: event.htmlLink,
    icalUid: event.icalUid,
    etag: event.etag,
    googleUpdatedAt: event.updated,
    endsAt: endOf(event, calendarZone),
    appointmentId: event.appointmentId ?? null,
    // A single event needs no expansion, unless exceptions in this page name it as their master.
    occurrence:
      event.kind === 'single' && event.times && span && !series.has(event.id)
        ? { start: span.start, ...datesOf(event.times) }
        : null,
  }
}

/**
 * The members who take part. The linked member does under any address of theirs; a calendar of its
 * own that is invited is no person. Of an event that all guests declined, only the linked member is
 * left.
 */
const guestsOf = (event: MirroredItem, { calendar, memberIdByEmail }: SyncContext): string[] => {
  const { calendarId, googleEmail, linkedBy } = calendar
  const isCalendar = event.selfEmail === calendarId.toLowerCase() && event.selfEmail !== googleEmail.toLowerCase()
  const isLinkedMember = (event.selfEmail !== null && !isCalendar) || event.isDeclinedByAll
  const ids = event.guestEmails.flatMap((email) => memberIdByEmail.get(email) ?? [])
  return [...new Set(isLinkedMember ? [...ids, linkedBy] : ids)]
}

/** UTC instant; null = endless. A cancelled instance ends at its original start. */
export const endOf = (event: MirroredItem, zone: string): string | null => {
  if (event.kind === 'master' && event.times)
    return lastInstant({ eventId: event.id, times: event.times, recurrence: event.recurrence ?? [] }, zone)
  if (event.times) return spanOf(event.times, zone).end
  return event.originalStart ? instantOfStamp(event.originalStart) : null
}

const datesOf = (times: EventTimes) => ({
  startDate: times.allDay ? times.start : null,
  endDate: times.allDay ? times.end : null,
})

const instantOfStamp = (stamp: string) =>
  stamp.replace(
    /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z)?$/,
    (_, y, m, d, h = '00', min = '00', s = '00') => `${y}-${m}-${d}T${h}:${min}:${s}Z`,
  )

/** Exceptions stay as long as their series: one moved into the past still replaces its instance. */
const endsBefore = (row: MirroredEvent, horizonStart: number): boolean =>
  row.kind !== 'exception' && row.endsAt !== null && epochMs(row.endsAt) <= horizonStart
