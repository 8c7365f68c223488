import { sql } from 'drizzle-orm'
import type { Db, Tx } from '../../client.ts'
import { rowsOf } from '../rows.ts'
import type { CalendarKey } from './mappings.ts'
import { isSuperseded, mostRemovalAttempts } from './pending-removals.ts'
import { hasSuccessors, placedIn } from './placement.ts'

/**
 * The outbox, derived: appointments that differ from what Google has. `a` is the appointment, `c`
 * its mapping, if any, `p` whether it belongs here. In order: booked since the calendar was chosen,
 * or upcoming; changed since the last push, or reinstated; put back; cancelled, or gone to other
 * calendars, after its removal in Google; to be fetched again. What belongs elsewhere leaves once
 * it is in those calendars.
 */
export const dirty = (selectedAt: string) => sql`(
    (c.appointment_id is null and a.status = 'booked'
      and (a.ends_at > ${selectedAt}::timestamptz or a.created_at > ${selectedAt}::timestamptz)
      and p.here)
    or (a.revision > greatest(c.revision_pushed, c.rejected_revision)
      and ((c.state in ('pending', 'live') and (a.status = 'cancelled' or p.here or ${hasSuccessors}))
        or (a.status = 'booked' and c.state = 'gone' and p.here)))
    or (a.revision > coalesce(c.rejected_revision, 0) and a.status = 'booked' and c.state = 'removed'
      and a.removed_in_google_at is null and p.here)
    or (c.state = 'removed' and (a.status = 'cancelled' or not p.here))
    or c.needs_refetch)`

/** Missing from a full read and found by its id: it waits to be asked for once more. */
export const isAskedAgain = sql`(c.missing_since is not null and c.attempts = 0)`

/** `changedAt`: when people changed it, if that was in the last five minutes. */
export type DirtyAppointment = { id: string; changedAt: string | null }

/**
 * What people just did, the latest first, then the rest, soonest first. `changed_appointments`
 * reads only rows written since everything was last clean, where that is known
 * (docs/decisions/071). `withMissing`: also those whose event a full read did not contain.
 */
export const readDirty = async (
  db: Db | Tx,
  key: CalendarKey & { syncedCalendarId: string },
  options: { selectedAt: string; now: string; limit: number; except: string[]; withMissing: boolean },
): Promise<DirtyAppointment[]> =>
  rowsOf<DirtyAppointment>(
    db,
    sql`
    select a.id, case when a.updated_at > ${options.now}::timestamptz - interval '5 minutes' then a.updated_at::text end
      as "changedAt"
    from changed_appointments(${key.businessId}, ${key.syncedCalendarId}) a
    left join event_mappings c on c.appointment_id = a.id and c.google_sub = ${key.googleSub}
      and c.calendar_id = ${key.calendarId} ${placedIn(key)}
    where ${dirty(options.selectedAt)}
      and (c.next_attempt_at is null or c.next_attempt_at <= ${options.now}::timestamptz
        or (${isAskedAgain} and a.revision > c.revision_pushed))
      and (c.missing_since is null or ${options.withMissing})
      and a.id not in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(options.except)}::jsonb))
    order by case when a.updated_at > ${options.now}::timestamptz - interval '5 minutes' then a.updated_at end
      desc nulls last, a.starts_at, a.id
    limit ${options.limit}`,
  )

/** When the earliest item that waits for its next attempt is due; null = none waits. */
export const readNextAttempt = async (db: Db | Tx, key: CalendarKey, selectedAt: string): Promise<string | null> => {
  const [row] = await rowsOf<{ at: string | null }>(
    db,
    sql`
    select to_char(min(at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from (
      select c.next_attempt_at as at from appointments a join event_mappings c on c.appointment_id = a.id ${placedIn(key)}
      where c.business_id = ${key.businessId} and c.google_sub = ${key.googleSub}
        and c.calendar_id = ${key.calendarId} and c.next_attempt_at is not null and ${dirty(selectedAt)}
      union all
      select next_attempt_at from event_mappings where ${isSuperseded(key)}) waiting`,
  )
  return row?.at ?? null
}

/**
 * Whether any mapping waits for an attempt or for its removal, and whether any of those is missing
 * from full reads: a single index lookup, and the index is mostly empty.
 */
export const readWaitingMappings = async (
  db: Db | Tx,
  syncedCalendarId: string,
): Promise<{ any: boolean; missing: boolean }> => {
  const [row] = await rowsOf<{ any: boolean; missing: boolean }>(
    db,
    sql`
    select count(*) > 0 as any, coalesce(bool_or(p.missing_since is not null), false) as missing
    from synced_calendars c join google_accounts g on g.id = c.account_id
      join event_mappings p on p.business_id = c.business_id
      and p.google_sub = g.google_sub and (p.pending_removal or p.next_attempt_at is not null)
      and not (p.pending_removal and p.attempts >= ${mostRemovalAttempts})
    where c.id = ${syncedCalendarId}`,
  )
  return row ?? { any: false, missing: false }
}
