import { sql } from 'drizzle-orm'
import type { Db, Tx } from '../../client.ts'
import { rowsOf } from '../rows.ts'
import type { CalendarKey } from './mappings.ts'
import { isSuperseded } from './pending-removals.ts'

/**
 * The outbox, derived: appointments that differ from what Google has. `a` is the appointment, `c`
 * its mapping, if any. In order: booked since the calendar was chosen, or upcoming; changed since
 * the last push, or reinstated; put back; cancelled after its removal in Google; to be fetched
 * again.
 */
export const dirty = (selectedAt: string) => sql`(
    (c.appointment_id is null and a.status = 'booked'
      and (a.ends_at > ${selectedAt}::timestamptz or a.created_at > ${selectedAt}::timestamptz))
    or (a.revision > greatest(c.revision_pushed, c.rejected_revision)
      and (c.state in ('pending', 'live') or (a.status = 'booked' and c.state = 'gone')))
    or (a.revision > coalesce(c.rejected_revision, 0)
      and a.status = 'booked' and c.state = 'removed' and a.removed_in_google_at is null)
    or (c.state = 'removed' and a.status = 'cancelled')
    or c.needs_refetch)`

/**
 * Soonest first, and what people just did ahead of the rest. `changed_appointments` reads only rows
 * written since everything was last clean, where that is known (docs/decisions/071).
 */
export const readDirty = async (
  db: Db | Tx,
  key: CalendarKey,
  options: { selectedAt: string; now: string; limit: number; except: string[] },
): Promise<string[]> => {
  const rows = await rowsOf<{ id: string }>(
    db,
    sql`
    select a.id from changed_appointments(${key.businessId}) a
    left join event_mappings c on c.appointment_id = a.id and c.google_sub = ${key.googleSub}
      and c.calendar_id = ${key.calendarId}
    where ${dirty(options.selectedAt)}
      and (c.next_attempt_at is null or c.next_attempt_at <= ${options.now}::timestamptz)
      and a.id not in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(options.except)}::jsonb))
    order by a.updated_at > ${options.now}::timestamptz - interval '5 minutes' desc, a.starts_at, a.id
    limit ${options.limit}`,
  )
  return rows.map((row) => row.id)
}

/** When the earliest item that waits for its next attempt is due; null = none waits. */
export const readNextAttempt = async (db: Db | Tx, key: CalendarKey, selectedAt: string): Promise<string | null> => {
  const [row] = await rowsOf<{ at: string | null }>(
    db,
    sql`
    select to_char(min(at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from (
      select c.next_attempt_at as at from appointments a join event_mappings c on c.appointment_id = a.id
      where c.business_id = ${key.businessId} and c.google_sub = ${key.googleSub}
        and c.calendar_id = ${key.calendarId} and c.next_attempt_at is not null and ${dirty(selectedAt)}
      union all
      select next_attempt_at from event_mappings where ${isSuperseded(key)}) waiting`,
  )
  return row?.at ?? null
}

/**
 * Whether any mapping waits for an attempt or for its removal: a single index lookup, and the index
 * is mostly empty.
 */
export const hasWaitingMappings = async (db: Db | Tx, connectionId: string): Promise<boolean> => {
  const [row] = await rowsOf<{ found: boolean }>(
    db,
    sql`
    select exists (select from event_mappings p where p.business_id = c.business_id and p.google_sub = c.google_sub
      and (p.pending_removal or p.next_attempt_at is not null)) as found
    from google_connections c where c.id = ${connectionId}`,
  )
  return row?.found ?? false
}
