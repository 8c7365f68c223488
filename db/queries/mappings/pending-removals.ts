import { and, eq, inArray, lt, ne, type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../client.ts'
import { eventMappings } from '../../schema/appointments.ts'
import type { CalendarKey, MappingRow } from './mappings.ts'
import { hasSuccessors } from './placement.ts'

/** Mappings whose event is to be deleted from the previous calendar, after "Change calendar". */

/**
 * About three days with the waits between them. After that no attempt is made; the mapping stays,
 * so that its event is still known as ours when its calendar is chosen again.
 */
export const mostRemovalAttempts = 20

/** Upcoming events in other calendars are to be removed there. */
export const markPendingRemoval = async (tx: Tx, key: CalendarKey, now: string): Promise<void> => {
  await tx.execute(sql`
    update event_mappings c set pending_removal = true, next_attempt_at = null, attempts = 0,
      waiting_since = null
    from appointments a
    where a.id = c.appointment_id and c.business_id = ${key.businessId} and c.google_sub = ${key.googleSub}
      and c.calendar_id <> ${key.calendarId}
      and c.state in ('live', 'pending') and a.ends_at > ${now}::timestamptz and ${isNotSynced(sql`c`)}`)
}

/** Not an appointments calendar of the business, such as that of a member with the same account. */
const isNotSynced = (mapping: SQL) => sql`not exists (select from synced_calendars s
  where s.business_id = ${mapping}.business_id and s.purpose = 'appointments' and s.calendar_id = ${mapping}.calendar_id)`

/**
 * Those whose appointment has its successors, or is cancelled.
 */
export const readPendingRemovals = async (
  db: Db | Tx,
  key: CalendarKey,
  options: { now: string; limit: number },
): Promise<MappingRow[]> =>
  await db
    .select()
    .from(eventMappings)
    .where(
      and(
        isSuperseded(key),
        sql`(${eventMappings.nextAttemptAt} is null or ${eventMappings.nextAttemptAt} <= ${options.now}::timestamptz)`,
      ),
    )
    .limit(options.limit)

/** The mapping of an appointment in the previous calendar; the latest if there are several. */
export const readPendingRemovalOf = async (
  db: Db | Tx,
  key: CalendarKey,
  appointmentId: string,
): Promise<MappingRow | null> => {
  const [mapping] = await db
    .select()
    .from(eventMappings)
    .where(
      and(
        isPendingElsewhere(key),
        eq(eventMappings.appointmentId, appointmentId),
        // The insert of a pending one may have succeeded without an answer.
        inArray(eventMappings.state, ['live', 'pending']),
      ),
    )
    .orderBy(sql`${eventMappings.pushedAt} desc nulls last`)
    .limit(1)
  return mapping ?? null
}

export const isPendingElsewhere = (key: CalendarKey) =>
  and(
    eq(eventMappings.businessId, key.businessId),
    eq(eventMappings.googleSub, key.googleSub),
    ne(eventMappings.calendarId, key.calendarId),
    eq(eventMappings.pendingRemoval, true),
    isNotSynced(sql`${eventMappings}`),
  )

export const isSuperseded = (key: CalendarKey) =>
  and(
    isPendingElsewhere(key),
    lt(eventMappings.attempts, mostRemovalAttempts),
    sql`exists (select from appointments a
      where a.id = ${eventMappings.appointmentId} and (a.status = 'cancelled' or ${hasSuccessors}))`,
  )
