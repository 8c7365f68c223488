import { type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '#db/client.ts'
import { arrayOf, type Column, excludedOf, namesOf, tableOf } from './columns.ts'
import { rowsOf } from './rows.ts'

/** Set-based writes to the mirror: one statement per page. */

type Owner = { businessId: string; syncedCalendarId: string }

export type MirroredEvent = {
  eventId: string
  kind: 'single' | 'master' | 'exception'
  recurringEventId: string | null
  originalStart: string | null
  cancelled: boolean
  title: string
  location: string
  description: string
  isPrivate: boolean
  eventType: string
  blocks: boolean
  blocksWhy: string
  guestMemberIds: string[]
  /** `EventTimes`; null for a cancelled exception. */
  times: unknown
  recurrence: string[] | null
  htmlLink: string
  icalUid: string
  etag: string
  googleUpdatedAt: string | null
  endsAt: string | null
  appointmentId: string | null
  /** The times of a single event; null for masters and exceptions, which the series expands. */
  occurrence: { start: string; startDate: string | null; endDate: string | null } | null
}

const eventColumns: Column<MirroredEvent>[] = [
  { name: 'event_id', type: 'text', of: (event) => event.eventId },
  { name: 'kind', type: 'text', of: (event) => event.kind },
  { name: 'recurring_event_id', type: 'text', of: (event) => event.recurringEventId },
  { name: 'original_start', type: 'text', of: (event) => event.originalStart },
  { name: 'cancelled', type: 'boolean', of: (event) => event.cancelled },
  { name: 'title', type: 'text', of: (event) => event.title },
  { name: 'location', type: 'text', of: (event) => event.location },
  { name: 'description', type: 'text', of: (event) => event.description },
  { name: 'is_private', type: 'boolean', of: (event) => event.isPrivate },
  { name: 'event_type', type: 'text', of: (event) => event.eventType },
  { name: 'blocks', type: 'boolean', of: (event) => event.blocks },
  { name: 'blocks_why', type: 'text', of: (event) => event.blocksWhy },
  { name: 'guest_member_ids', type: 'uuid[]', of: (event) => arrayOf(event.guestMemberIds) },
  { name: 'times', type: 'jsonb', of: (event) => (event.times ? JSON.stringify(event.times) : null) },
  { name: 'recurrence', type: 'text[]', of: (event) => event.recurrence && arrayOf(event.recurrence) },
  { name: 'html_link', type: 'text', of: (event) => event.htmlLink },
  { name: 'ical_uid', type: 'text', of: (event) => event.icalUid },
  { name: 'etag', type: 'text', of: (event) => event.etag },
  { name: 'google_updated_at', type: 'timestamptz', of: (event) => event.googleUpdatedAt },
  { name: 'ends_at', type: 'timestamptz', of: (event) => event.endsAt },
  { name: 'appointment_id', type: 'uuid', of: (event) => event.appointmentId },
]

const placeColumns: Column<MirroredEvent>[] = [
  { name: 'starts_at', type: 'timestamptz', of: ({ occurrence }) => occurrence?.start ?? null },
  { name: 'start_date', type: 'text', of: ({ occurrence }) => occurrence?.startDate ?? null },
  { name: 'end_date', type: 'text', of: ({ occurrence }) => occurrence?.endDate ?? null },
]

/**
 * Inserts or replaces events and the occurrences of single events; within one read an older version
 * never replaces a newer one. Occurrences from when an event was a series are deleted.
 */
export const upsertEvents = async (
  tx: Tx,
  owner: Owner & { generation: number },
  events: MirroredEvent[],
): Promise<void> => {
  if (events.length === 0) return
  const { businessId, syncedCalendarId, generation } = owner
  await tx.execute(sql`
    with page as materialized (${tableOf([...eventColumns, ...placeColumns], events)}),
    written as (
      insert into google_events (business_id, synced_calendar_id, generation, ${namesOf(eventColumns)})
      select ${businessId}, ${syncedCalendarId}, ${generation}, ${namesOf(eventColumns)} from page
      on conflict (synced_calendar_id, event_id) do update set generation = excluded.generation, ${excludedOf(eventColumns)}
      where google_events.generation < excluded.generation or google_events.google_updated_at is null
        or excluded.google_updated_at is null or excluded.google_updated_at >= google_events.google_updated_at
      returning event_id),
    placed as (
      insert into google_occurrences (business_id, synced_calendar_id, ${namesOf(occurrenceColumns)})
      select ${businessId}, ${syncedCalendarId}, event_id, event_id, event_id, tstzrange(starts_at, ends_at, case when starts_at = ends_at then '[]' else '[)' end),
        start_date, end_date, blocks
      from page join written using (event_id) where starts_at is not null
      on conflict (synced_calendar_id, instance_id) do update set ${excludedOf(occurrenceColumns)}
      returning instance_id)
    ${deleteInstances(owner, sql`array(select instance_id from placed)`)}`)
}

/**
 * With an array each id is looked up in the index; a derived table, whose length the planner cannot
 * know, would be joined with the whole mirror.
 */
const textArray = (texts: string[]) => sql`array(select jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb))`

/**
 * Guests of an event have it under the same id in their calendars. The calendar is compared in a
 * way that no index serves, so that the index of the business is used.
 */
const inCalendar = ({ businessId, syncedCalendarId }: Owner) =>
  sql`business_id = ${businessId} and synced_calendar_id is not distinct from ${syncedCalendarId}::uuid`

/** The instances of series, by their own index; see the note at the indexes in `schema.ts`. */
const deleteInstances = (owner: Owner, seriesIds: SQL) =>
  sql`delete from google_occurrences where ${inCalendar(owner)} and series_id = any(${seriesIds}) and instance_id <> series_id`

/** The occurrences of single events, by the primary key. */
const deleteSingles = ({ syncedCalendarId }: Owner, eventIds: SQL) =>
  sql`delete from google_occurrences where synced_calendar_id = ${syncedCalendarId} and instance_id = any(${eventIds}) and instance_id = series_id`

/** Deletes events, and with a master its exceptions. */
export const deleteEvents = async (tx: Tx, owner: Owner, eventIds: string[]): Promise<void> => {
  if (eventIds.length === 0) return
  const { syncedCalendarId } = owner
  const ids = textArray(eventIds)
  // The occurrence of an exception carries the series id of its master.
  await tx.execute(sql`
    with exceptions as (
      select event_id from google_events where ${inCalendar(owner)} and recurring_event_id = any(${ids})),
    doomed as (
      delete from google_events where synced_calendar_id = ${syncedCalendarId}
        and event_id = any(${ids} || array(select event_id from exceptions))
      returning event_id, recurring_event_id),
    singles as (${deleteSingles(owner, sql`array(select event_id from doomed)`)})
    ${deleteInstances(owner, sql`array(select event_id from doomed union select recurring_event_id from doomed)`)}
      and (series_id in (select event_id from doomed) or event_id in (select event_id from doomed))`)
}

export type SeriesRow = {
  eventId: string
  kind: 'single' | 'master' | 'exception'
  recurringEventId: string | null
  originalStart: string | null
  cancelled: boolean
  blocks: boolean
  times: unknown
  recurrence: string[] | null
  appointmentId: string | null
}

/** Every row of the named series: master and exceptions, or a single event. */
export const readSeriesRows = async (tx: Db | Tx, owner: Owner, seriesIds: string[]): Promise<SeriesRow[]> => {
  if (seriesIds.length === 0) return []
  const ids = textArray(seriesIds)
  const columns = sql`event_id as "eventId", kind, recurring_event_id as "recurringEventId",
    original_start as "originalStart", cancelled, blocks, times, recurrence, appointment_id as "appointmentId"`
  return rowsOf<SeriesRow>(
    tx,
    sql`
    select ${columns} from google_events where synced_calendar_id = ${owner.syncedCalendarId} and event_id = any(${ids})
    union
    select ${columns} from google_events where ${inCalendar(owner)} and recurring_event_id = any(${ids})`,
  )
}

/**
 * The appointment gets a new event: what is left of the series that its old event became is an
 * ordinary Google series.
 */
export const releaseSeries = async (tx: Tx, owner: { businessId: string; appointmentId: string }): Promise<void> => {
  await tx.execute(sql`
    update google_events set appointment_id = null
    where business_id = ${owner.businessId} and appointment_id = ${owner.appointmentId}`)
}

/** Which of the events are instances of a series, with series id and original start. */
export const readKnownInstances = async (
  tx: Tx,
  syncedCalendarId: string,
  eventIds: string[],
): Promise<Map<string, { recurringEventId: string; originalStart: string }>> => {
  if (eventIds.length === 0) return new Map()
  const rows = await rowsOf<{ eventId: string; recurringEventId: string; originalStart: string }>(
    tx,
    sql`
    select event_id as "eventId", recurring_event_id as "recurringEventId", original_start as "originalStart"
    from google_events where synced_calendar_id = ${syncedCalendarId} and event_id = any(${textArray(eventIds)})
      and recurring_event_id is not null and original_start is not null`,
  )
  return new Map(rows.map((row) => [row.eventId, row]))
}

/** Epoch milliseconds of Google's last change to a stored event, as a list had it. */
export const readUpdatedAt = async (db: Db | Tx, syncedCalendarId: string, eventId: string): Promise<number | null> => {
  const [row] = await rowsOf<{ ms: number | null }>(
    db,
    sql`
    select (extract(epoch from google_updated_at) * 1000)::float8 as ms from google_events
    where synced_calendar_id = ${syncedCalendarId} and event_id = ${eventId}`,
  )
  return row?.ms ?? null
}

/** The etags of the events as last read. */
export const readEtags = async (
  db: Db | Tx,
  syncedCalendarId: string,
  eventIds: string[],
): Promise<Map<string, string>> => {
  if (eventIds.length === 0) return new Map()
  const rows = await rowsOf<{ eventId: string; etag: string }>(
    db,
    sql`
    select event_id as "eventId", etag from google_events
    where synced_calendar_id = ${syncedCalendarId} and event_id = any(${textArray(eventIds)})`,
  )
  return new Map(rows.map((row) => [row.eventId, row.etag]))
}

export type MirroredOccurrence = {
  instanceId: string
  eventId: string
  seriesId: string
  /** UTC instants. */
  start: string
  end: string
  startDate: string | null
  endDate: string | null
  blocks: boolean
}

const occurrenceColumns: Column<MirroredOccurrence>[] = [
  { name: 'instance_id', type: 'text', of: (occurrence) => occurrence.instanceId },
  { name: 'event_id', type: 'text', of: (occurrence) => occurrence.eventId },
  { name: 'series_id', type: 'text', of: (occurrence) => occurrence.seriesId },
  { name: 'during', type: 'tstzrange', of: (occurrence) => rangeOf(occurrence) },
  { name: 'start_date', type: 'text', of: (occurrence) => occurrence.startDate },
  { name: 'end_date', type: 'text', of: (occurrence) => occurrence.endDate },
  { name: 'blocks', type: 'boolean', of: (occurrence) => occurrence.blocks },
]

/**
 * An event without length becomes a closed range of one instant: an empty range overlaps nothing.
 */
const rangeOf = ({ start, end }: MirroredOccurrence) =>
  `[${start},${end}${Date.parse(start) === Date.parse(end) ? ']' : ')'}`

/** Replaces every occurrence of the series with the given ones. */
export const replaceOccurrences = async (
  tx: Tx,
  owner: Owner,
  change: { seriesIds: string[]; occurrences: MirroredOccurrence[] },
): Promise<void> => {
  if (change.seriesIds.length === 0) return
  const ids = textArray(change.seriesIds)
  await tx.execute(sql`with singles as (${deleteSingles(owner, ids)}) ${deleteInstances(owner, ids)}`)
  if (change.occurrences.length === 0) return
  // Two events may claim the same instance: Postgres refuses to write one row twice.
  const occurrences = [...new Map(change.occurrences.map((each) => [each.instanceId, each])).values()]
  await tx.execute(sql`
    insert into google_occurrences (business_id, synced_calendar_id, ${namesOf(occurrenceColumns)})
    select ${owner.businessId}, ${owner.syncedCalendarId}, o.* from (${tableOf(occurrenceColumns, occurrences)}) o
    on conflict (synced_calendar_id, instance_id) do update set ${excludedOf(occurrenceColumns)}`)
}

/**
 * Events of an older generation that end after `from`: a complete full read from there should have
 * contained them.
 */
const unseen = (read: { syncedCalendarId: string; generation: number; from: string }) =>
  sql`synced_calendar_id = ${read.syncedCalendarId} and generation < ${read.generation}
    and (ends_at is null or ends_at > ${read.from}::timestamptz)`

export const countUnseen = async (
  tx: Tx,
  read: { syncedCalendarId: string; generation: number; from: string },
): Promise<{ unseen: number; stored: number }> => {
  const [row] = await tx.execute(sql`
    select count(*) filter (where ${unseen(read)})::int as unseen, count(*)::int as stored
    from google_events where synced_calendar_id = ${read.syncedCalendarId}`)
  return row as { unseen: number; stored: number }
}

/**
 * Some of them, without exceptions and the events of `page`: those are asked for by id before any
 * is removed.
 */
export const readUnseenSample = async (
  db: Db,
  read: { syncedCalendarId: string; generation: number; from: string; page: string[]; limit: number },
): Promise<{ eventId: string; isException: boolean; etag: string }[]> =>
  rowsOf(
    db,
    sql`
    select event_id as "eventId", kind = 'exception' as "isException", etag from google_events
    where ${unseen(read)} and not cancelled and appointment_id is null
      and event_id <> all(${textArray(read.page)})
    order by kind = 'exception'
    limit ${read.limit}`,
  )

/** Events that a full read contained and that could not be read: they exist. */
export const touchEvents = async (
  tx: Tx,
  { syncedCalendarId, generation }: { syncedCalendarId: string; generation: number },
  eventIds: string[],
): Promise<void> => {
  if (eventIds.length === 0) return
  await tx.execute(sql`
    update google_events set generation = ${generation}
    where synced_calendar_id = ${syncedCalendarId} and event_id = any(${textArray(eventIds)})`)
}

/** Events that a complete full read did not contain. */
export const readUnseen = async (
  tx: Tx,
  read: { syncedCalendarId: string; generation: number; from: string },
): Promise<{ eventId: string; recurringEventId: string | null }[]> => {
  return rowsOf<{ eventId: string; recurringEventId: string | null }>(
    tx,
    sql`
    select event_id as "eventId", recurring_event_id as "recurringEventId" from google_events where ${unseen(read)}`,
  )
}

export const eraseMirror = async (tx: Tx, syncedCalendarId: string): Promise<void> => {
  await tx.execute(sql`delete from google_occurrences where synced_calendar_id = ${syncedCalendarId}`)
  await tx.execute(sql`delete from google_events where synced_calendar_id = ${syncedCalendarId}`)
}

/**
 * A batch of masters whose series reaches beyond `from`, for rolling the horizon within a sync run.
 */
export const readMastersBeyond = async (
  tx: Db | Tx,
  page: { syncedCalendarId: string; from: string; after: string; limit: number },
): Promise<string[]> => {
  const rows = await rowsOf<{ eventId: string }>(
    tx,
    sql`
    select event_id as "eventId" from google_events
    where synced_calendar_id = ${page.syncedCalendarId} and kind = 'master' and event_id > ${page.after}
      and (ends_at is null or ends_at > ${page.from}::timestamptz)
    order by event_id limit ${page.limit}`,
  )
  return rows.map((row) => row.eventId)
}
