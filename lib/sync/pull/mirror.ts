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
import { expand, lastInstant } from '#lib/recurrence/expand.ts'
import { instanceId } from '#lib/recurrence/instance-id.ts'
import { type EventTimes, type Span, spanOf } from '#lib/recurrence/times.ts'
import type { SyncContext } from '../context.ts'
import type { ForeignEvent } from '../core/read-event.ts'

/** Google events into the mirror: their rows and their occurrences within the horizon. */

/** A copy that people turned into a series is mirrored too, without the instance that is the appointment. */
export type Mirrored = ForeignEvent & { appointmentId?: string }

export const writeMirror = async (
  tx: Tx,
  context: SyncContext,
  change: { events: Mirrored[]; deleted: string[]; horizon: Span; generation: number },
): Promise<void> => {
  const { deleted, horizon, generation } = change
  const events = newest(change.events)
  const series = new Set(events.flatMap((event) => seriesOf(event) ?? []))
  const horizonStart = Date.parse(horizon.start)
  const past: string[] = []
  const writing: Promise<void>[] = []
  for (let from = 0, to = atFirst; from < events.length; from = to, to += atOnce) {
    const rows = events.slice(from, to).map((event) => rowOf(event, context, series))
    const kept = rows.filter((row) => !endsBefore(row, horizonStart))
    if (kept.length < rows.length)
      past.push(...rows.filter((row) => endsBefore(row, horizonStart)).map((row) => row.eventId))
    writing.push(sendEvents(tx, context, { generation, rows: kept }))
    // On its way before the next ones are made ready: Postgres works meanwhile.
    await setImmediate()
  }
  await Promise.all(writing)
  await deleteEvents(tx, ownerOf(context), [...deleted, ...past])
  await expandSeries(tx, context, { seriesIds: [...series], horizon })
}

/** A quarter of a page; the first part is small, for until it is sent Postgres waits. */
const atOnce = 625
const atFirst = 125

const ownerOf = ({ businessId, connection }: SyncContext) => ({ businessId, connectionId: connection.id })

const sendEvents = (
  tx: Tx,
  context: SyncContext,
  { generation, rows }: { generation: number; rows: MirroredEvent[] },
) => {
  const writing = upsertEvents(tx, { ...ownerOf(context), generation }, rows)
  // Its failure is found where all are waited for.
  writing.catch(() => {})
  return writing
}

/** Rewrites the occurrences of the named series from their rows. */
export const expandSeries = async (
  tx: Tx,
  context: SyncContext,
  change: { seriesIds: string[]; horizon: Span },
): Promise<void> => {
  const { calendarZone: zone } = context
  const { seriesIds, horizon } = change
  const rows = await readSeriesRows(tx, ownerOf(context), seriesIds)
  const bySeries = Map.groupBy(rows, (row) => row.recurringEventId ?? row.eventId)
  const occurrences = [...bySeries].flatMap(([seriesId, series]) =>
    occurrencesOf({ seriesId, rows: series, horizon, zone }),
  )
  await replaceOccurrences(tx, ownerOf(context), { seriesIds, occurrences })
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
    ...datesOf(times),
    blocks: row.blocks,
  })
  const master = rows.find((row) => row.kind === 'master')
  if (!master)
    return rows.flatMap((row) =>
      row.cancelled || !row.times || row.appointmentId ? [] : [place(row, timesOf(row), row.eventId)],
    )

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

/** Whose occurrences are expanded together with its own; null for a single event. */
const seriesOf = (event: Mirrored): string | null =>
  event.kind === 'single' ? null : (event.recurringEventId ?? event.id)

/** The same id may come twice in one read: the newest `updated` wins, the later one among equals. */
const newest = (events: Mirrored[]): Mirrored[] => {
  const byId = new Map<string, Mirrored>()
  for (const event of events) {
    const known = byId.get(event.id)
    if (!known || (event.updated ?? '') >= (known.updated ?? '')) byId.set(event.id, event)
  }
  return [...byId.values()]
}

const rowOf = (event: Mirrored, context: SyncContext, series: Set<string>): MirroredEvent => {
  const span = event.times && spanOf(event.times, context.calendarZone)
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
    guestMemberIds: event.guestEmails.flatMap((email) => context.memberIdByEmail.get(email) ?? []),
    times: event.times,
    recurrence: event.recurrence,
    htmlLink: event.htmlLink,
    etag: event.etag,
    googleUpdatedAt: event.updated,
    endsAt: endOf(event, span, context.calendarZone),
    appointmentId: event.appointmentId ?? null,
    // A single event is its only occurrence: nothing about it has to be expanded, unless exceptions took it for their master.
    occurrence:
      event.kind === 'single' && event.times && span && !series.has(event.id)
        ? { start: span.start, ...datesOf(event.times) }
        : null,
  }
}

/** UTC instant; null = endless. A cancelled instance ends where it would have begun. */
const endOf = (event: Mirrored, span: Span | null, zone: string): string | null => {
  if (event.kind === 'master' && event.times)
    return lastInstant({ eventId: event.id, times: event.times, recurrence: event.recurrence ?? [] }, zone)
  if (span) return span.end
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

/** Exceptions stay as long as their series: one moved into the past must still take its place. */
const endsBefore = (row: MirroredEvent, horizonStart: number): boolean =>
  row.kind !== 'exception' && row.endsAt !== null && Date.parse(row.endsAt) <= horizonStart
