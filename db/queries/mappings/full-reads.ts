import { and, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../client.ts'
import { eventMappings } from '../../schema/appointments.ts'
import { rowsOf } from '../rows.ts'
import { type CalendarKey, inCalendar } from './mappings.ts'

/** The generation of a mapping is the full read that last contained its event. */

export const touchGeneration = async (
  tx: Tx,
  key: CalendarKey,
  read: { appointmentIds: string[]; generation: number },
) => {
  if (read.appointmentIds.length === 0) return
  await tx
    .update(eventMappings)
    .set({ generation: read.generation, missingSince: null })
    .where(and(inCalendar(key), inArray(eventMappings.appointmentId, read.appointmentIds)))
}

/**
 * Appointments whose event a complete full read from `from` should have contained and did not:
 * live, agreed, and not pushed since the read began.
 */
export const readUnseenMappings = async (
  tx: Tx,
  key: CalendarKey,
  read: { generation: number; from: string; startedAt: string },
): Promise<string[]> => {
  const rows = await rowsOf<{ id: string }>(
    tx,
    sql`
    select c.appointment_id as id from event_mappings c
    where c.business_id = ${key.businessId} and c.google_sub = ${key.googleSub}
      and c.calendar_id = ${key.calendarId} and c.state = 'live' and c.generation < ${read.generation}
      and (c.pushed_at is null or c.pushed_at < ${read.startedAt}::timestamptz)
      and coalesce(c.remote_snapshot->'times'->>'end', c.base->'times'->>'end')::timestamptz > ${read.from}::timestamptz`,
  )
  return rows.map((row) => row.id)
}

/**
 * A full read did not contain the events of these appointments. That proves nothing by itself (the
 * read may lag behind a write, the event may have been moved out of its window): push fetches each
 * by its id.
 */
export const markMissing = async (
  tx: Tx,
  key: CalendarKey,
  read: { appointmentIds: string[]; now: string },
): Promise<void> => {
  if (read.appointmentIds.length === 0) return
  await tx
    .update(eventMappings)
    .set({
      needsRefetch: true,
      // Due at once, and found among the waiting ones if this run ends before it asks.
      nextAttemptAt: read.now,
      missingSince: sql`coalesce(${eventMappings.missingSince}, ${read.now}::timestamptz)`,
    })
    .where(and(inCalendar(key), inArray(eventMappings.appointmentId, read.appointmentIds)))
}

/** Mappings whose event a complete full read from `from` could contain. */
export const countLiveMappings = async (tx: Tx, key: CalendarKey, from: string): Promise<number> => {
  const [row] = await rowsOf<{ count: number }>(
    tx,
    sql`
    select count(*)::int as count from event_mappings c
    where c.business_id = ${key.businessId} and c.google_sub = ${key.googleSub}
      and c.calendar_id = ${key.calendarId} and c.state = 'live'
      and coalesce(c.remote_snapshot->'times'->>'end', c.base->'times'->>'end')::timestamptz > ${from}::timestamptz`,
  )
  return row?.count ?? 0
}
