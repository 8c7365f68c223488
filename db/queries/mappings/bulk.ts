import { and, inArray, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../client.ts'
import { eventMappings } from '../../schema/appointments.ts'
import type { CalendarKey } from './mappings.ts'
import { isPendingElsewhere } from './pending-removals.ts'

/** Mappings of many appointments, changed in one statement. */

export type AcknowledgedWrite = {
  appointmentId: string
  revision: number
  base: unknown
  remoteSnapshot: unknown
  etag: string | null
  htmlLink: string
}

/** Google has acknowledged these inserts and patches: both sides agree up to their revision. */
export const saveAcknowledgedWrites = async (
  tx: Tx,
  key: CalendarKey,
  { writes, now }: { writes: AcknowledgedWrite[]; now: string },
): Promise<void> => {
  if (writes.length === 0) return
  await tx.execute(sql`
    update event_mappings c set state = 'live', base = w.base, unacknowledged_writes = null,
      remote_snapshot = w."remoteSnapshot", etag = w.etag, html_link = w."htmlLink", pushed_at = ${now}::timestamptz,
      pending_removal = false, revision_pushed = w.revision, ${withoutTrouble}
    from jsonb_to_recordset(${JSON.stringify(writes)}::jsonb) as w("appointmentId" uuid, revision int, base jsonb,
      "remoteSnapshot" jsonb, etag text, "htmlLink" text)
    where c.appointment_id = w."appointmentId" and ${inCalendarOf(key)}`)
}

/** Google has deleted the events of these cancelled appointments. */
export const saveDeletedEvents = async (
  tx: Tx,
  key: CalendarKey,
  deleted: { appointmentId: string; revision: number }[],
): Promise<void> => {
  if (deleted.length === 0) return
  await tx.execute(sql`
    update event_mappings c set state = 'gone', pending_removal = false, revision_pushed = w.revision, ${withoutTrouble}
    from jsonb_to_recordset(${JSON.stringify(deleted)}::jsonb) as w("appointmentId" uuid, revision int)
    where c.appointment_id = w."appointmentId" and ${inCalendarOf(key)}`)
}

/** The writes that are about to be sent: their contents, or that the event is to be deleted. */
export const saveSentWrites = async (
  tx: Tx,
  key: CalendarKey,
  sent: { appointmentId: string; unacknowledgedWrites: unknown; pendingRemoval: boolean }[],
): Promise<void> => {
  if (sent.length === 0) return
  await tx.execute(sql`
    update event_mappings c set unacknowledged_writes = w."unacknowledgedWrites", pending_removal = w."pendingRemoval"
    from jsonb_to_recordset(${JSON.stringify(sent)}::jsonb)
      as w("appointmentId" uuid, "unacknowledgedWrites" jsonb, "pendingRemoval" boolean)
    where c.appointment_id = w."appointmentId" and ${inCalendarOf(key)}`)
}

/** Of the given appointments, those that have an event to be removed from a previous calendar. */
export const readPendingElsewhere = async (
  db: Db | Tx,
  key: CalendarKey,
  appointmentIds: string[],
): Promise<Set<string>> => {
  const rows = await db
    .select({ id: eventMappings.appointmentId })
    .from(eventMappings)
    .where(
      and(
        isPendingElsewhere(key),
        inArray(eventMappings.appointmentId, appointmentIds),
        inArray(eventMappings.state, ['live', 'pending']),
      ),
    )
  return new Set(rows.map((row) => row.id))
}

const withoutTrouble = sql`attempts = 0, next_attempt_at = null, waiting_since = null, last_error_kind = null,
  last_error_detail = null, rejected_revision = null`

const inCalendarOf = (key: CalendarKey) => sql`c.business_id = ${key.businessId}
  and c.google_sub = ${key.googleSub} and c.calendar_id = ${key.calendarId}`
