import { type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../client.ts'
import { rowsOf } from '../rows.ts'
import type { CalendarKey } from './mappings.ts'

/** Mappings and where their appointments belong. `a` is the appointment. */

/** Without calendars of members everything belongs into that of the business: no check. */
const isOnlyCalendar = (businessId: string | SQL) => sql`not exists (select from synced_calendars s
  where s.business_id = ${businessId} and s.purpose = 'appointments' and s.member_id is not null)`

/**
 * Joined to `a`: `p.here` is whether it belongs into this linked calendar. For the few rows of a
 * run; of `placedInAll`, for all appointments of a business, the planner can make a join.
 */
export const placedIn = (key: CalendarKey) =>
  joined(key, sql`belongs_to_calendar(a.business_id, a.id, ${key.googleSub}, ${key.calendarId})`)

export const placedInAll = (key: CalendarKey) =>
  joined(
    key,
    sql`exists (select from calendars_of_appointment(a.business_id, a.id) k
    where k.google_sub = ${key.googleSub} and k.calendar_id = ${key.calendarId})`,
  )

const joined = (key: CalendarKey, belongs: SQL) =>
  sql`cross join lateral (select ${isOnlyCalendar(key.businessId)} or ${belongs} as here offset 0) p`

/** Whether its event exists in the calendars where it belongs, as far as they can be written. */
export const hasSuccessors = sql`has_successors(a.business_id, a.id)`

/** Whether its events in other calendars may be removed. */
export const readMayLeave = async (
  db: Db | Tx,
  of: { businessId: string; appointmentId: string },
): Promise<boolean> => {
  const [row] = await rowsOf<{ may: boolean }>(
    db,
    sql`select ${hasSuccessors} as may from appointments a where a.business_id = ${of.businessId} and a.id = ${of.appointmentId}`,
  )
  return row?.may ?? false
}

type Of = { businessId: string; appointmentIds: string[] }

/**
 * These have become live in a calendar: those that wait for it in another one, where they do not
 * belong any more, count as changed, so that its run finds them. Locked in id order.
 */
export const touchWaiting = async (tx: Tx, { businessId, appointmentIds }: Of): Promise<void> => {
  if (appointmentIds.length === 0) return
  await touch(
    tx,
    sql`a.business_id = ${businessId}
      and a.id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(appointmentIds)}::jsonb))`,
  )
}

/** The same for all that wait for this calendar, which cannot be written any more. */
export const touchWaitingFor = (tx: Tx, calendar: { businessId: string; syncedCalendarId: string }): Promise<void> =>
  touch(
    tx,
    sql`a.business_id = ${calendar.businessId} and exists (
      select from calendars_of_appointment(a.business_id, a.id) k where k.id = ${calendar.syncedCalendarId})`,
  )

const touch = async (tx: Tx, which: SQL): Promise<void> => {
  await tx.execute(sql`
    with waiting as materialized (
      select a.id from appointments a
      where ${which}
        and exists (select from event_mappings m
          where m.appointment_id = a.id and m.state in ('live', 'pending')
            and (m.revision_pushed < a.revision or m.pending_removal)
            and not exists (select from calendars_of_appointment(a.business_id, a.id) k
              where k.google_sub = m.google_sub and k.calendar_id = m.calendar_id))
      order by a.id for update)
    update appointments a set revision = a.revision from waiting where a.id = waiting.id`)
}

/** Whether its event was removed in another linked calendar, and the question to people is open. */
export const isRemovedElsewhere = async (
  tx: Tx,
  { businessId, appointmentId, googleSub, calendarId }: CalendarKey & { appointmentId: string },
): Promise<boolean> => {
  const rows = await rowsOf<Record<string, unknown>>(
    tx,
    sql`
    select from event_mappings m
      join google_accounts g on g.business_id = m.business_id and g.google_sub = m.google_sub
      join synced_calendars c on c.account_id = g.id and c.calendar_id = m.calendar_id and c.purpose = 'appointments'
    where m.business_id = ${businessId} and m.appointment_id = ${appointmentId} and m.state = 'removed'
      and not (m.google_sub = ${googleSub} and m.calendar_id = ${calendarId})
    limit 1`,
  )
  return rows.length > 0
}

/**
 * Ends the question of a removal in calendars where the appointment does not belong any more: it
 * was given to other members. True if it was open and is over.
 */
export const endAnsweredRemoval = async (
  tx: Tx,
  { businessId, appointmentId }: { businessId: string; appointmentId: string },
): Promise<boolean> => {
  const rows = await rowsOf<{ id: string }>(
    tx,
    sql`
    update appointments a set removed_in_google_at = null
    where a.business_id = ${businessId} and a.id = ${appointmentId} and a.removed_in_google_at is not null
      and exists (select from event_mappings m
        where m.appointment_id = a.id and m.state = 'removed' and m.member_id is not null)
      and not exists (select from event_mappings m
        join calendars_of_appointment(a.business_id, a.id) k
          on k.google_sub = m.google_sub and k.calendar_id = m.calendar_id
        where m.appointment_id = a.id and m.state = 'removed')
    returning a.id`,
  )
  return rows.length > 0
}

/** Of a change of these appointments: the calendars where they belong, or have an event. */
export const calendarsWith = ({ businessId, appointmentIds }: Of) => sql`select c.id from synced_calendars c
  where c.business_id = ${businessId} and c.purpose = 'appointments' and (${isOnlyCalendar(businessId)}
    or exists (select from jsonb_array_elements_text(${JSON.stringify(appointmentIds)}::jsonb) a(id)
      where exists (select from calendars_of_appointment(${businessId}, a.id::uuid) k where k.id = c.id)
        or exists (select from event_mappings m join google_accounts g on g.google_sub = m.google_sub
          where m.appointment_id = a.id::uuid and g.id = c.account_id
            and (m.calendar_id = c.calendar_id or m.pending_removal))))`

/** Of what this transaction changed: the other calendars that are behind it. */
export const calendarsBehind = (of: { businessId: string; exceptId: string }) => sql`select c.id
  from appointments a
    join synced_calendars c on c.business_id = a.business_id and c.purpose = 'appointments'
    join google_accounts g on g.id = c.account_id
    left join event_mappings m on m.appointment_id = a.id and m.google_sub = g.google_sub and m.calendar_id = c.calendar_id
  where a.business_id = ${of.businessId} and a.changed_in = pg_current_xact_id_if_assigned() and c.id <> ${of.exceptId}
    and (m.revision_pushed < a.revision
      or (m.appointment_id is null
        and exists (select from calendars_of_appointment(a.business_id, a.id) k where k.id = c.id))
      or exists (select from event_mappings o
        where o.appointment_id = a.id and o.google_sub = g.google_sub and o.pending_removal))`
