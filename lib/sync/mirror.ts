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
import type { SyncContext } from './context.ts'
import type { ForeignEvent } from './core/read-event.ts'
import { expand, lastInstant } from './core/recurrence.ts'
import { instanceId } from './core/recurrence-ids.ts'
import { type EventTimes, type Span, spanOf } from './core/times.ts'

/** Google events into the mirror: their rows and their occurrences within the horizon. */

/** A copy that people turned into a series is mirrored too, without the instance that is the appointment. */
export type Mirrored = ForeignEvent & { appointmentId?: string }

export const writeMirror = async (
  tx: Tx,
  context: SyncContext,
  change: { events: Mirrored[]; deleted: string[]; horizon: Span; generation: number },
): Promise<void> => {
  const { connection, businessId } = context
  const owner = { businessId, connectionId: connection.id }
  const rows = newest(change.events).map((event) => rowOf(event, context))
  const horizonStart = Date.parse(change.horizon.start)
  const past = rows.filter((row) => endsBefore(row, horizonStart))
  const kept = past.length === 0 ? rows : rows.filter((row) => !endsBefore(row, horizonStart))
  const written = await upsertEvents(tx, { ...owner, generation: change.generation }, kept)
  await deleteEvents(tx, connection.id, [...change.deleted, ...past.map((row) => row.eventId)])
  const seriesIds = [...kept, ...past].flatMap((row) =>
    row.kind === 'single' ? [] : [row.recurringEventId ?? row.eventId],
  )
  const series = new Set(seriesIds)
  // A single event is its only occurrence: nothing about it has to be read back.
  const singles = kept.filter(
    (row) => row.kind === 'single' && written.has(row.eventId) && !series.has(row.eventId),
  )
  await rewriteOccurrences(tx, context, { seriesIds: [...series], singles, horizon: change.horizon })
}

/** Rewrites the occurrences of the named series and single events from their rows. */
export const expandSeries = (
  tx: Tx,
  context: SyncContext,
  change: { seriesIds: string[]; horizon: Span },
): Promise<void> => rewriteOccurrences(tx, context, { ...change, singles: [] })

const rewriteOccurrences = async (
  tx: Tx,
  context: SyncContext,
  change: { seriesIds: string[]; singles: SeriesRow[]; horizon: Span },
): Promise<void> => {
  const { connection, businessId, calendarZone: zone } = context
  const { seriesIds, singles, horizon } = change
  const rows = await readSeriesRows(tx, connection.id, seriesIds)
  const bySeries = Map.groupBy([...rows, ...singles], (row) => row.recurringEventId ?? row.eventId)
  const occurrences = [...bySeries].flatMap(([seriesId, series]) =>
    occurrencesOf({ seriesId, rows: series, horizon, zone }),
  )
  await replaceOccurrences(
    tx,
    { businessId, connectionId: connection.id },
    { seriesIds: [...seriesIds, ...singles.map((row) => row.eventId)], occurrences },
  )
}

/** Pure: the rows of one series (or one single event) to occurrences inside the horizon. */
export const occurrencesOf = (series: {
  seriesId: string
  rows: SeriesRow[]
  horizon: Span
  zone: string
}): MirroredOccurrence[] => {
  const { seriesId, rows, horizon, zone } = series
  const place = (row: SeriesRow, times: EventTimes, instance: string): MirroredOccurrence => ({
    instanceId: instance,
    eventId: row.eventId,
    seriesId,
    ...spanOf(times, zone),
    startDate: times.allDay ? times.start : null,
    endDate: times.allDay ? times.end : null,
    blocks: row.blocks,
  })
  const master = rows.find((row) => row.kind === 'master')
  if (!master)
    return rows.flatMap((row) => (row.cancelled || !row.times ? [] : [place(row, timesOf(row), row.eventId)]))

  const exceptions = rows.filter((row) => row.kind === 'exception')
  const byStart = new Map(exceptions.map((row) => [row.originalStart, row]))
  const { occurrences } = expand({
    master: { eventId: master.eventId, times: timesOf(master), recurrence: master.recurrence ?? [] },
    exceptions: exceptions.map((row) => ({
      eventId: row.eventId,
      originalStart: row.originalStart ?? '',
      cancelled: row.cancelled,
      times: row.times ? timesOf(row) : null,
    })),
    window: horizon,
    calendarZone: zone,
  })
  const own = master.appointmentId ? firstOriginalStart(timesOf(master)) : null
  return occurrences
    .filter((occurrence) => occurrence.originalStart !== own)
    .map((occurrence) =>
      place(
        byStart.get(occurrence.originalStart) ?? master,
        occurrence.times,
        instanceId(seriesId, occurrence.originalStart),
      ),
    )
}

const firstOriginalStart = (times: EventTimes) =>
  times.allDay ? times.start.replaceAll('-', '') : `${times.start.replace(/[-:]/g, '').slice(0, 15)}Z`

/** `times` of a row is written by this module only. */
const timesOf = (row: { times: unknown }) => row.times as EventTimes

/** The same id may come twice in one read: the newest `updated` wins, the later one among equals. */
const newest = (events: Mirrored[]): Mirrored[] => {
  const byId = new Map<string, Mirrored>()
  for (const event of events) {
    const known = byId.get(event.id)
    if (!known || (event.updated ?? '') >= (known.updated ?? '')) byId.set(event.id, event)
  }
  return [...byId.values()]
}

const rowOf = (event: Mirrored, context: SyncContext): MirroredEvent => ({
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
  guestMemberIds: event.guestEmails.flatMap((email) => context.memberIdByEmail.get(email) ?? []),
  times: event.times,
  recurrence: event.recurrence,
  htmlLink: event.htmlLink,
  etag: event.etag,
  googleUpdatedAt: event.updated,
  endsAt: endOf(event, context.calendarZone),
  appointmentId: event.appointmentId ?? null,
})

/** UTC instant; null = endless. A cancelled instance ends where it would have begun. */
const endOf = (event: Mirrored, zone: string): string | null => {
  if (event.kind === 'master' && event.times)
    return lastInstant({ eventId: event.id, times: event.times, recurrence: event.recurrence ?? [] }, zone)
  if (event.times) return spanOf(event.times, zone).end
  return event.originalStart ? instantOfStamp(event.originalStart) : null
}

const instantOfStamp = (stamp: string) =>
  stamp.replace(
    /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z)?$/,
    (_, y, m, d, h = '00', min = '00', s = '00') => `${y}-${m}-${d}T${h}:${min}:${s}Z`,
  )

/** Exceptions stay as long as their series: one moved into the past must still take its place. */
const endsBefore = (row: MirroredEvent, horizonStart: number): boolean =>
  row.kind !== 'exception' && row.endsAt !== null && Date.parse(row.endsAt) <= horizonStart
