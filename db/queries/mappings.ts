import { and, eq, inArray, isNotNull, ne, sql } from 'drizzle-orm'
import type { Db, Tx } from '../client.ts'
import { eventMappings } from '../schema.ts'
import { rowsOf } from './rows.ts'

/** A copy belongs to an appointment and to a calendar of a Google account; it outlives the connection. */
export type CalendarKey = { businessId: string; googleSub: string; calendarId: string }
export type MappingRow = typeof eventMappings.$inferSelect
type MappingChanges = Partial<typeof eventMappings.$inferInsert>

const inPlace = (place: CalendarKey) =>
  and(
    eq(eventMappings.businessId, place.businessId),
    eq(eventMappings.googleSub, place.googleSub),
    eq(eventMappings.calendarId, place.calendarId),
  )

export const readMappingsByEvent = async (
  db: Db | Tx,
  place: CalendarKey,
  eventIds: string[],
): Promise<MappingRow[]> =>
  eventIds.length === 0
    ? []
    : await db
        .select()
        .from(eventMappings)
        .where(
          and(
            inPlace(place),
            sql`${eventMappings.eventId} in (select jsonb_array_elements_text(${JSON.stringify(eventIds)}::jsonb))`,
          ),
        )

export const readMappings = async (
  db: Db | Tx,
  place: CalendarKey,
  appointmentIds: string[],
): Promise<MappingRow[]> =>
  appointmentIds.length === 0
    ? []
    : await db
        .select()
        .from(eventMappings)
        .where(and(inPlace(place), inArray(eventMappings.appointmentId, appointmentIds)))

/** Of the named appointments: which have a copy here, and the id epochs of all copies in other calendars. */
export const readMappingsAround = async (
  tx: Tx,
  place: CalendarKey,
  appointmentIds: string[],
): Promise<{ known: Set<string>; elsewhere: Map<string, Elsewhere[]> }> => {
  const rows = await tx
    .select()
    .from(eventMappings)
    .where(
      and(
        eq(eventMappings.businessId, place.businessId),
        inArray(eventMappings.appointmentId, appointmentIds),
      ),
    )
  const isHere = (mapping: MappingRow) =>
    mapping.googleSub === place.googleSub && mapping.calendarId === place.calendarId
  const others = rows.filter((mapping) => !isHere(mapping))
  const byAppointment = Map.groupBy(others, (mapping) => mapping.appointmentId)
  return {
    known: new Set(rows.filter(isHere).map((mapping) => mapping.appointmentId)),
    elsewhere: new Map([...byAppointment].map(([id, list]) => [id, list.map(elsewhereOf)])),
  }
}

/** `lives`: or may live, for all that is known. */
type Elsewhere = { suffix: number; mayExist: boolean }

const elsewhereOf = ({ idSuffix, state }: MappingRow): Elsewhere => ({
  suffix: idSuffix,
  mayExist: state === 'live' || state === 'pending',
})

/** Copies about to be made. */
export const insertPendingMappings = async (
  tx: Tx,
  place: CalendarKey,
  intended: { appointmentId: string; eventId: string; idSuffix: number; unacknowledgedWrites: unknown }[],
): Promise<void> => {
  if (intended.length === 0) return
  await tx
    .insert(eventMappings)
    .values(intended.map((mapping) => ({ ...place, ...mapping })))
    .onConflictDoNothing()
}

/** Inserts the copy or changes the given columns of it. */
export const saveMapping = async (
  tx: Tx,
  key: CalendarKey & { appointmentId: string; eventId: string },
  changes: MappingChanges,
): Promise<void> => {
  await tx
    .insert(eventMappings)
    .values({ ...key, ...changes })
    .onConflictDoUpdate({
      target: [eventMappings.appointmentId, eventMappings.googleSub, eventMappings.calendarId],
      set: { ...changes, eventId: key.eventId },
    })
}

/** Marks copies as seen by a full read, without touching anything else of them. */
export const touchGeneration = async (
  tx: Tx,
  place: CalendarKey,
  remoteSnapshot: { appointmentIds: string[]; generation: number },
) => {
  if (remoteSnapshot.appointmentIds.length === 0) return
  await tx
    .update(eventMappings)
    .set({ generation: remoteSnapshot.generation })
    .where(and(inPlace(place), inArray(eventMappings.appointmentId, remoteSnapshot.appointmentIds)))
}

/** Google spoke of the series that people made of these copies: push reads them anew. */
export const markForRefetch = async (tx: Tx, place: CalendarKey, appointmentIds: string[]): Promise<void> => {
  if (appointmentIds.length === 0) return
  await tx
    .update(eventMappings)
    .set({ needsRefetch: true })
    .where(and(inPlace(place), inArray(eventMappings.appointmentId, appointmentIds)))
}

/**
 * Appointments whose copy a complete full read from `from` did not contain although it should: alive, agreed on, not
 * pushed since the read began.
 */
export const readUnseenMappings = async (
  tx: Tx,
  place: CalendarKey,
  read: { generation: number; from: string; startedAt: string },
): Promise<string[]> => {
  const rows = await rowsOf<{ id: string }>(
    tx,
    sql`
    select c.appointment_id as id from event_mappings c
    where c.business_id = ${place.businessId} and c.google_sub = ${place.googleSub}
      and c.calendar_id = ${place.calendarId} and c.state = 'live' and c.generation < ${read.generation}
      and (c.pushed_at is null or c.pushed_at < ${read.startedAt}::timestamptz)
      and coalesce(c.remote_snapshot->'times'->>'end', c.base->'times'->>'end')::timestamptz > ${read.from}::timestamptz`,
  )
  return rows.map((row) => row.id)
}

/** Copies that a complete full read from `from` could contain. */
export const countLiveMappings = async (tx: Tx, place: CalendarKey, from: string): Promise<number> => {
  const [row] = await tx.execute(sql`
    select count(*)::int as count from event_mappings c
    where c.business_id = ${place.businessId} and c.google_sub = ${place.googleSub}
      and c.calendar_id = ${place.calendarId} and c.state = 'live'
      and coalesce(c.remote_snapshot->'times'->>'end', c.base->'times'->>'end')::timestamptz > ${from}::timestamptz`)
  return (row as { count: number } | undefined)?.count ?? 0
}

/**
 * Appointments that Google does not have as they are: the outbox, derived. New ones since the calendar was chosen and
 * upcoming ones from before it; changed ones; cancelled ones whose copy lives or was removed; reinstated ones and those
 * that people put back. Soonest first, and what people have just done ahead of the rest. Only what was written since
 * everything was last settled is read, where that is known (docs/decisions/071).
 */
export const readDirty = async (
  db: Db | Tx,
  place: CalendarKey,
  options: { selectedAt: string; now: string; limit: number; except: string[] },
): Promise<string[]> => {
  const rows = await rowsOf<{ id: string }>(
    db,
    sql`
    select a.id from changed_appointments(${place.businessId}) a
    left join event_mappings c on c.appointment_id = a.id and c.google_sub = ${place.googleSub}
      and c.calendar_id = ${place.calendarId}
    where ${dirty(options.selectedAt)}
      and (c.next_attempt_at is null or c.next_attempt_at <= ${options.now}::timestamptz)
      and a.id not in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(options.except)}::jsonb))
    order by a.updated_at > ${options.now}::timestamptz - interval '5 minutes' desc, a.starts_at, a.id
    limit ${options.limit}`,
  )
  return rows.map((row) => row.id)
}

const dirty = (selectedAt: string) => sql`(
    (c.appointment_id is null and a.status = 'booked'
      and (a.ends_at > ${selectedAt}::timestamptz or a.created_at > ${selectedAt}::timestamptz))
    or (a.revision > greatest(c.revision_pushed, c.rejected_revision)
      and (c.state in ('pending', 'live') or (a.status = 'booked' and c.state = 'gone')))
    or (a.revision > coalesce(c.rejected_revision, 0)
      and a.status = 'booked' and c.state = 'removed' and a.removed_in_google_at is null)
    or (c.state = 'removed' and a.status = 'cancelled')
    or c.needs_refetch)`

const needsAttention = sql`(c.rejected_revision >= a.revision
  or (c.state = 'removed' and a.status = 'booked' and a.removed_in_google_at is not null))`

/** When the earliest item that waits for its next attempt is due; null = nothing waits. */
export const readNextAttempt = async (
  db: Db | Tx,
  place: CalendarKey,
  selectedAt: string,
): Promise<string | null> => {
  const [row] = await db.execute(sql`
    select to_char(min(at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from (
      select c.next_attempt_at as at from appointments a join event_mappings c on c.appointment_id = a.id
      where c.business_id = ${place.businessId} and c.google_sub = ${place.googleSub}
        and c.calendar_id = ${place.calendarId} and c.next_attempt_at is not null and ${dirty(selectedAt)}
      union all
      select next_attempt_at from event_mappings where ${leaves(place)}) waiting`)
  return (row as { at: string | null } | undefined)?.at ?? null
}

export type MappingCounts = {
  inGoogle: number
  waiting: number
  waitingSince: string | null
  needAttention: number
  upcoming: number
}

/** What Settings and the status count. `rejected` items and those removed in Google need attention. */
export const countMappings = async (
  db: Db | Tx,
  place: CalendarKey,
  options: { selectedAt: string; now: string },
): Promise<MappingCounts> => {
  const attention = needsAttention
  const [row] = await db.execute(sql`
    select count(*) filter (where c.state = 'live' and a.status = 'booked')::int as "inGoogle",
      count(*) filter (where ${dirty(options.selectedAt)} and not coalesce(${attention}, false))::int as waiting,
      to_char(min(coalesce(c.waiting_since, a.updated_at)) filter (
        where ${dirty(options.selectedAt)} and not coalesce(${attention}, false)) at time zone 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "waitingSince",
      count(*) filter (where coalesce(${attention}, false))::int as "needAttention",
      count(*) filter (where a.status = 'booked' and a.ends_at > ${options.now}::timestamptz)::int as upcoming
    from appointments a
    left join event_mappings c on c.appointment_id = a.id and c.google_sub = ${place.googleSub}
      and c.calendar_id = ${place.calendarId}
    where a.business_id = ${place.businessId}`)
  return row as MappingCounts
}

export type MappingTrouble = {
  appointmentId: string
  title: string
  start: string
  state: string
  since: string
  errorKind: string | null
  errorDetail: string | null
}

/** Appointments behind the counts "waiting" and "need attention", soonest first. */
export const readTroubles = async (
  db: Db | Tx,
  place: CalendarKey,
  options: { selectedAt: string; limit: number },
): Promise<MappingTrouble[]> => {
  return rowsOf<MappingTrouble>(
    db,
    sql`
    select a.id as "appointmentId", a.title, c.state, c.last_error_kind as "errorKind",
      c.last_error_detail as "errorDetail",
      to_char(a.starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start,
      to_char(coalesce(c.waiting_since, a.updated_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
    from appointments a
    left join event_mappings c on c.appointment_id = a.id and c.google_sub = ${place.googleSub}
      and c.calendar_id = ${place.calendarId}
    where a.business_id = ${place.businessId}
      and (${dirty(options.selectedAt)} or ${needsAttention})
    order by a.starts_at limit ${options.limit}`,
  )
}

/** Whether any copy may wait for its next attempt, or to be removed: one look into an index that is mostly empty. */
export const hasWaitingMappings = (db: Db | Tx, connectionId: string): Promise<boolean> =>
  rowsOf<{ found: boolean }>(
    db,
    sql`
    select exists (select from event_mappings p where p.business_id = c.business_id and p.google_sub = c.google_sub
      and (p.pending_removal or p.next_attempt_at is not null)) as found
    from google_connections c where c.id = ${connectionId}`,
  ).then(([row]) => row?.found ?? false)

/** Copies in calendars that were given up whose successor lives, or lived (or whose appointment is cancelled). */
export const readPendingRemovals = async (
  db: Db | Tx,
  place: CalendarKey,
  options: { now: string; limit: number },
): Promise<MappingRow[]> =>
  await db
    .select()
    .from(eventMappings)
    .where(
      and(
        leaves(place),
        sql`(${eventMappings.nextAttemptAt} is null or ${eventMappings.nextAttemptAt} <= ${options.now}::timestamptz)`,
      ),
    )
    .limit(options.limit)

/** Where an appointment was before "Change calendar", and still is; the latest place if there are several. */
export const readPendingRemovalOf = async (
  db: Db | Tx,
  place: CalendarKey,
  appointmentId: string,
): Promise<MappingRow | null> => {
  const [mapping] = await db
    .select()
    .from(eventMappings)
    .where(
      and(
        eq(eventMappings.businessId, place.businessId),
        eq(eventMappings.googleSub, place.googleSub),
        ne(eventMappings.calendarId, place.calendarId),
        eq(eventMappings.appointmentId, appointmentId),
        eq(eventMappings.pendingRemoval, true),
        // Pending: made perhaps, and nobody heard of it.
        inArray(eventMappings.state, ['live', 'pending']),
      ),
    )
    .orderBy(sql`${eventMappings.pushedAt} desc nulls last`)
    .limit(1)
  return mapping ?? null
}

/** The same event in another calendar or account, with what was last agreed on there: people moved it here, or it is shared. */
export const readAgreedElsewhere = async (tx: Tx, mapping: MappingRow): Promise<MappingRow | null> => {
  const [other] = await tx
    .select()
    .from(eventMappings)
    .where(
      and(
        eq(eventMappings.businessId, mapping.businessId),
        eq(eventMappings.appointmentId, mapping.appointmentId),
        eq(eventMappings.eventId, mapping.eventId),
        isNotNull(eventMappings.base),
      ),
    )
    .orderBy(sql`${eventMappings.pushedAt} desc nulls last`)
    .limit(1)
  return other ?? null
}

const leaves = (place: CalendarKey) =>
  and(
    eq(eventMappings.businessId, place.businessId),
    eq(eventMappings.googleSub, place.googleSub),
    ne(eventMappings.calendarId, place.calendarId),
    eq(eventMappings.pendingRemoval, true),
    sql`exists (select from appointments a
      left join event_mappings n on n.appointment_id = a.id and n.google_sub = ${place.googleSub} and n.calendar_id = ${place.calendarId}
      where a.id = ${eventMappings.appointmentId} and (n.state in ('live', 'removed') or a.status = 'cancelled'))`,
  )

/**
 * A calendar is chosen. Copies of an earlier link were seen by none of its reads yet. Those that were to leave it stay; but
 * our removal of them may be under way, or done and unanswered: they are read before anything is concluded.
 */
export const resetMappings = async (tx: Tx, place: CalendarKey): Promise<void> => {
  await tx
    .update(eventMappings)
    .set({
      generation: 0,
      needsRefetch: sql`${eventMappings.needsRefetch} or ${eventMappings.pendingRemoval}`,
      nextAttemptAt: null,
    })
    .where(inPlace(place))
}

/** "Change calendar": upcoming copies elsewhere are to leave. */
export const markPendingRemoval = async (tx: Tx, place: CalendarKey, now: string): Promise<void> => {
  await tx.execute(sql`
    update event_mappings c set pending_removal = true, next_attempt_at = null
    from appointments a
    where a.id = c.appointment_id and c.business_id = ${place.businessId} and c.google_sub = ${place.googleSub}
      and c.calendar_id <> ${place.calendarId}
      and c.state in ('live', 'pending') and a.ends_at > ${now}::timestamptz`)
}

/** Nothing of ours is left in that calendar: chosen again, it starts over with this appointment. */
export const deleteMapping = async (
  tx: Tx,
  mapping: CalendarKey & { appointmentId: string },
): Promise<void> => {
  await tx
    .delete(eventMappings)
    .where(and(inPlace(mapping), eq(eventMappings.appointmentId, mapping.appointmentId)))
}

/** Lets a refused or waiting item be tried again at once. Ids that are none are none of the business's. */
export const clearTrouble = async (
  tx: Tx,
  item: { businessId: string; appointmentId: string },
): Promise<void> => {
  await tx
    .update(eventMappings)
    .set({ rejectedRevision: null, nextAttemptAt: null, attempts: 0 })
    .where(
      and(
        eq(eventMappings.businessId, item.businessId),
        sql`${eventMappings.appointmentId}::text = ${item.appointmentId}`,
      ),
    )
}
