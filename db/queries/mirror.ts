import { sql } from 'drizzle-orm'
import type { Db, Tx } from '#db/client.ts'
import { rowsOf } from './rows.ts'

/** Rows of the mirror, set-based: one statement per page, whatever its size. Ids are the sync engine's own. */

type Owner = { businessId: string; connectionId: string }

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
  etag: string
  googleUpdatedAt: string | null
  endsAt: string | null
  appointmentId: string | null
}

/**
 * Inserts or replaces; within one read an older version of an event never replaces a newer one. Returns the ids of
 * those that were written.
 */
export const upsertEvents = async (
  tx: Tx,
  owner: Owner & { generation: number },
  events: MirroredEvent[],
): Promise<Set<string>> => {
  if (events.length === 0) return new Set()
  const rows = await rowsOf<{ eventId: string }>(
    tx,
    sql`
    insert into google_events (business_id, connection_id, event_id, kind, recurring_event_id, original_start,
      cancelled, title, location, description, is_private, event_type, blocks, blocks_why, guest_member_ids, times,
      recurrence, html_link, etag, google_updated_at, ends_at, appointment_id, generation)
    select ${owner.businessId}, ${owner.connectionId}, e."eventId", e.kind, e."recurringEventId", e."originalStart",
      e.cancelled, e.title, e.location, e.description, e."isPrivate", e."eventType", e.blocks, e."blocksWhy",
      e."guestMemberIds", e.times, e.recurrence, e."htmlLink", e.etag, e."googleUpdatedAt", e."endsAt",
      e."appointmentId", ${owner.generation}
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as e("eventId" text, kind text,
      "recurringEventId" text, "originalStart" text, cancelled boolean, title text, location text, description text,
      "isPrivate" boolean, "eventType" text, blocks boolean, "blocksWhy" text, "guestMemberIds" uuid[], times jsonb,
      recurrence text[], "htmlLink" text, etag text, "googleUpdatedAt" timestamptz, "endsAt" timestamptz,
      "appointmentId" uuid)
    on conflict (connection_id, event_id) do update set
      kind = excluded.kind, recurring_event_id = excluded.recurring_event_id,
      original_start = excluded.original_start, cancelled = excluded.cancelled, title = excluded.title,
      location = excluded.location, description = excluded.description, is_private = excluded.is_private,
      event_type = excluded.event_type, blocks = excluded.blocks, blocks_why = excluded.blocks_why,
      guest_member_ids = excluded.guest_member_ids, times = excluded.times, recurrence = excluded.recurrence,
      html_link = excluded.html_link, etag = excluded.etag, google_updated_at = excluded.google_updated_at,
      ends_at = excluded.ends_at, appointment_id = excluded.appointment_id, generation = excluded.generation
    where google_events.generation < excluded.generation or google_events.google_updated_at is null
      or excluded.google_updated_at is null or excluded.google_updated_at >= google_events.google_updated_at
    returning event_id as "eventId"`,
  )
  return new Set(rows.map((row) => row.eventId))
}

/**
 * As an array, each element is looked up in the index by itself; a table of ids, of unknown length to Postgres, would be joined
 * with the whole mirror.
 */
const textArray = (texts: string[]) =>
  sql`array(select jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb))`

/** Removes events, and of a master its exceptions too. */
export const deleteEvents = async (tx: Tx, connectionId: string, eventIds: string[]): Promise<void> => {
  if (eventIds.length === 0) return
  const ids = textArray(eventIds)
  const found = (column: 'event_id' | 'recurring_event_id') =>
    sql`select event_id from google_events where connection_id = ${connectionId} and ${sql.identifier(column)} = any(${ids})`
  // What an exception shows was made by its master.
  await tx.execute(sql`
    with doomed as (
      delete from google_events where connection_id = ${connectionId}
        and event_id = any(array(${found('event_id')} union ${found('recurring_event_id')}))
      returning event_id, recurring_event_id),
    made as (
      select event_id, event_id as by from doomed union
      select event_id, recurring_event_id from doomed where recurring_event_id is not null)
    delete from google_occurrences o where o.connection_id = ${connectionId}
      and o.series_id = any(array(select by from made))
      and (o.series_id in (select event_id from made) or o.event_id in (select event_id from made))`)
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

/** Every row of the named series (master and exceptions) and the named single events. */
export const readSeriesRows = async (
  tx: Db | Tx,
  connectionId: string,
  seriesIds: string[],
): Promise<SeriesRow[]> => {
  if (seriesIds.length === 0) return []
  const ids = textArray(seriesIds)
  const columns = sql`event_id as "eventId", kind, recurring_event_id as "recurringEventId",
    original_start as "originalStart", cancelled, blocks, times, recurrence, appointment_id as "appointmentId"`
  return rowsOf<SeriesRow>(
    tx,
    sql`
    select ${columns} from google_events where connection_id = ${connectionId} and event_id = any(${ids})
    union
    select ${columns} from google_events where connection_id = ${connectionId} and recurring_event_id = any(${ids})`,
  )
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

/** Replaces every occurrence of the named series by the given ones. */
export const replaceOccurrences = async (
  tx: Tx,
  owner: Owner,
  change: { seriesIds: string[]; occurrences: MirroredOccurrence[] },
): Promise<void> => {
  if (change.seriesIds.length === 0) return
  await tx.execute(sql`
    delete from google_occurrences where connection_id = ${owner.connectionId}
      and series_id = any(${textArray(change.seriesIds)})`)
  if (change.occurrences.length === 0) return
  // An event without length takes its instant: an empty range would meet no question about time.
  await tx.execute(sql`
    insert into google_occurrences (business_id, connection_id, instance_id, event_id, series_id, during, start_date,
      end_date, blocks)
    select ${owner.businessId}, ${owner.connectionId}, o."instanceId", o."eventId", o."seriesId",
      tstzrange(o.start, o."end", case when o.start = o."end" then '[]' else '[)' end), o."startDate", o."endDate",
      o.blocks
    from jsonb_to_recordset(${JSON.stringify(change.occurrences)}::jsonb) as o("instanceId" text, "eventId" text,
      "seriesId" text, start timestamptz, "end" timestamptz, "startDate" text, "endDate" text, blocks boolean)
    on conflict (connection_id, instance_id) do update set event_id = excluded.event_id,
      series_id = excluded.series_id, during = excluded.during, start_date = excluded.start_date,
      end_date = excluded.end_date, blocks = excluded.blocks`)
}

/** Of an older generation and ending after `from`: what a complete full read from there should have contained. */
const unseen = (read: { connectionId: string; generation: number; from: string }) =>
  sql`connection_id = ${read.connectionId} and generation < ${read.generation}
    and (ends_at is null or ends_at > ${read.from}::timestamptz)`

export const countUnseen = async (
  tx: Tx,
  read: { connectionId: string; generation: number; from: string },
): Promise<{ unseen: number; stored: number }> => {
  const [row] = await tx.execute(sql`
    select count(*) filter (where ${unseen(read)})::int as unseen, count(*)::int as stored
    from google_events where connection_id = ${read.connectionId}`)
  return row as { unseen: number; stored: number }
}

/** Ids of the events that a complete full read did not contain. */
export const readUnseen = async (
  tx: Tx,
  read: { connectionId: string; generation: number; from: string },
): Promise<{ eventId: string; recurringEventId: string | null }[]> => {
  return rowsOf<{ eventId: string; recurringEventId: string | null }>(
    tx,
    sql`
    select event_id as "eventId", recurring_event_id as "recurringEventId" from google_events where ${unseen(read)}`,
  )
}

export const eraseMirror = async (tx: Tx, connectionId: string): Promise<void> => {
  await tx.execute(sql`delete from google_occurrences where connection_id = ${connectionId}`)
  await tx.execute(sql`delete from google_events where connection_id = ${connectionId}`)
}

/** Masters whose series reaches beyond `from`, for the nightly roll of the horizon, a batch at a time. */
export const readMastersBeyond = async (
  tx: Db | Tx,
  page: { connectionId: string; from: string; after: string; limit: number },
): Promise<string[]> => {
  const rows = await rowsOf<{ eventId: string }>(
    tx,
    sql`
    select event_id as "eventId" from google_events
    where connection_id = ${page.connectionId} and kind = 'master' and event_id > ${page.after}
      and (ends_at is null or ends_at > ${page.from}::timestamptz)
    order by event_id limit ${page.limit}`,
  )
  return rows.map((row) => row.eventId)
}
