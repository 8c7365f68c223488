import { and, eq, getTableColumns, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../client.ts'
import { eventMappings } from '../../schema/appointments.ts'

/** Rows of `event_mappings`: an appointment, its event, and what was agreed and last read of it. */

/**
 * A mapping belongs to an appointment and to a calendar; it outlives the link. `googleSub` is
 * the account that reaches the calendar now: see `adoptMappings`.
 */
export type CalendarKey = { businessId: string; googleSub: string; calendarId: string }
export type MappingRow = typeof eventMappings.$inferSelect
/** `memberId`: whose own calendar it is. */
type OwnedKey = CalendarKey & { memberId: string | null }
type MappingChanges = Partial<typeof eventMappings.$inferInsert>

export const inCalendar = (key: CalendarKey) =>
  and(
    eq(eventMappings.businessId, key.businessId),
    eq(eventMappings.googleSub, key.googleSub),
    eq(eventMappings.calendarId, key.calendarId),
  )

export const readMappingsByEvent = async (db: Db | Tx, key: CalendarKey, eventIds: string[]): Promise<MappingRow[]> =>
  eventIds.length === 0
    ? []
    : await db
        .select()
        .from(eventMappings)
        .where(
          and(
            inCalendar(key),
            sql`${eventMappings.eventId} in (select jsonb_array_elements_text(${JSON.stringify(eventIds)}::jsonb))`,
          ),
        )

export const readMappings = async (db: Db | Tx, key: CalendarKey, appointmentIds: string[]): Promise<MappingRow[]> =>
  appointmentIds.length === 0
    ? []
    : await db
        .select()
        .from(eventMappings)
        .where(and(inCalendar(key), inArray(eventMappings.appointmentId, appointmentIds)))

/** The ids of the events that the appointments have, in any calendar. */
export const readEventIdsOf = async (
  db: Db | Tx,
  of: { businessId: string; appointmentIds: string[] },
): Promise<{ appointmentId: string; eventId: string }[]> =>
  of.appointmentIds.length === 0
    ? []
    : await db
        .select({ appointmentId: eventMappings.appointmentId, eventId: eventMappings.eventId })
        .from(eventMappings)
        .where(
          and(
            eq(eventMappings.businessId, of.businessId),
            sql`${eventMappings.appointmentId} in (
              select jsonb_array_elements_text(${JSON.stringify(of.appointmentIds)}::jsonb)::uuid)`,
          ),
        )

/**
 * Of the given appointments: those with a mapping in this calendar, and their mappings in others.
 */
export const readMappingsAround = async (
  tx: Tx,
  key: CalendarKey,
  appointmentIds: string[],
): Promise<{ known: Set<string>; elsewhere: Map<string, MappingElsewhere[]> }> => {
  const rows = await tx
    .select()
    .from(eventMappings)
    .where(and(eq(eventMappings.businessId, key.businessId), inArray(eventMappings.appointmentId, appointmentIds)))
  const isHere = (row: MappingRow) => row.googleSub === key.googleSub && row.calendarId === key.calendarId
  const others = Map.groupBy(
    rows.filter((row) => !isHere(row)),
    (row) => row.appointmentId,
  )
  return {
    known: new Set(rows.filter(isHere).map((row) => row.appointmentId)),
    elsewhere: new Map([...others].map(([id, list]) => [id, list.map(elsewhereOf)])),
  }
}

/** `mayExist`: its event is in Google, or an insert was never acknowledged. */
type MappingElsewhere = { suffix: number; mayExist: boolean; eventId: string }

const elsewhereOf = ({ idSuffix, state, eventId }: MappingRow): MappingElsewhere => ({
  suffix: idSuffix,
  eventId,
  mayExist: state === 'live' || state === 'pending',
})

/**
 * The same event in another calendar or account, with a base: people moved it here, or it is
 * shared.
 */
export const readAgreedElsewhere = async (
  tx: Tx,
  mapping: { businessId: string; appointmentId: string; eventId: string },
): Promise<MappingRow | null> => {
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

/** Mappings of events that are about to be inserted. */
export const insertPendingMappings = async (
  tx: Tx,
  key: OwnedKey,
  pending: { appointmentId: string; eventId: string; idSuffix: number; unacknowledgedWrites: unknown }[],
): Promise<void> => {
  if (pending.length === 0) return
  await tx
    .insert(eventMappings)
    .values(pending.map((mapping) => ({ ...key, ...mapping })))
    .onConflictDoNothing()
}

/** Inserts the mapping, or changes the given columns of it. */
export const saveMapping = async (
  tx: Tx,
  key: OwnedKey & { appointmentId: string; eventId: string },
  changes: MappingChanges,
): Promise<void> => {
  await tx
    .insert(eventMappings)
    .values({ ...key, ...changes })
    .onConflictDoUpdate({
      target: [eventMappings.appointmentId, eventMappings.googleSub, eventMappings.calendarId],
      set: ofInserted({ ...changes, eventId: key.eventId }),
    })
}

/** From the row of the insert: each value is sent once, so that the statement is prepared. */
const ofInserted = (changes: MappingChanges) => {
  const columns = getTableColumns(eventMappings)
  const names = (Object.keys(changes) as (keyof MappingChanges)[]).filter((name) => changes[name] !== undefined)
  return Object.fromEntries(names.map((name) => [name, sql`excluded.${sql.identifier(columns[name].name)}`]))
}

/** The series that people made of these events changed: push fetches them again. */
export const markForRefetch = async (tx: Tx, key: CalendarKey, appointmentIds: string[]): Promise<void> => {
  if (appointmentIds.length === 0) return
  await tx
    .update(eventMappings)
    .set({ needsRefetch: true })
    .where(and(inCalendar(key), inArray(eventMappings.appointmentId, appointmentIds)))
}

/**
 * A calendar is chosen that another account reached before: its mappings belong to this account
 * from now on. Calendar ids are the same in every account. Where both accounts have a mapping for
 * one appointment, that of this account stays.
 */
export const adoptMappings = async (tx: Tx, key: CalendarKey): Promise<void> => {
  await tx.execute(sql`
    with latest as (
      select distinct on (c.appointment_id) c.appointment_id, c.google_sub from event_mappings c
      where c.business_id = ${key.businessId} and c.calendar_id = ${key.calendarId} and c.google_sub <> ${key.googleSub}
        and not exists (select from event_mappings o where o.appointment_id = c.appointment_id
          and o.google_sub = ${key.googleSub} and o.calendar_id = ${key.calendarId})
      order by c.appointment_id, c.state = 'live' desc, c.pushed_at desc nulls last)
    update event_mappings c set google_sub = ${key.googleSub} from latest l
    where c.appointment_id = l.appointment_id and c.google_sub = l.google_sub and c.calendar_id = ${key.calendarId}`)
}

/**
 * A calendar is chosen: no full read of this link has contained its events yet. Those that were
 * pending removal stay, but their removal may be under way, or done without an answer: they are
 * fetched before anything else. So are those of appointments that count as removed, in the calendar
 * before: here the event may exist.
 */
export const resetMappings = async (tx: Tx, { memberId, ...key }: OwnedKey): Promise<void> => {
  await tx
    .update(eventMappings)
    .set({
      memberId,
      generation: 0,
      needsRefetch: sql`${eventMappings.needsRefetch} or ${eventMappings.pendingRemoval} or (
        ${eventMappings.state} = 'live' and exists (select from appointments a
          where a.id = ${eventMappings.appointmentId} and a.removed_in_google_at is not null))`,
      missingSince: null,
      attempts: 0,
      nextAttemptAt: null,
    })
    .where(inCalendar(key))
}

/** Nothing of ours is left in that calendar: chosen again, it starts over with this appointment. */
export const deleteMapping = async (tx: Tx, mapping: CalendarKey & { appointmentId: string }): Promise<void> => {
  await tx.delete(eventMappings).where(and(inCalendar(mapping), eq(eventMappings.appointmentId, mapping.appointmentId)))
}

/** Retries a refused or waiting item at once. The id comes from a form and is compared as text. */
export const clearTrouble = async (tx: Tx, item: { businessId: string; appointmentId: string }): Promise<void> => {
  await tx
    .update(eventMappings)
    .set({
      rejectedRevision: null,
      nextAttemptAt: sql`case when ${eventMappings.missingSince} is not null then now() end`,
      attempts: 0,
    })
    .where(
      and(
        eq(eventMappings.businessId, item.businessId),
        sql`${eventMappings.appointmentId}::text = ${item.appointmentId}`,
      ),
    )
}
