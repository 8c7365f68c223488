import { sql } from 'drizzle-orm'
import type { Db, Tx } from '../../client.ts'
import { rowsOf } from '../rows.ts'
import { dirty, isAskedAgain } from './dirty.ts'
import type { CalendarKey } from './mappings.ts'
import { placedInAll } from './placement.ts'

/** What Settings and the status show of the mappings of a calendar. */

export type MappingCounts = {
  inGoogle: number
  waiting: number
  waitingSince: string | null
  needAttention: number
  upcoming: number
}

/** Refused, or removed in Google and not answered. `a` is the appointment, `c` its mapping. */
const needsAttention = sql`(c.rejected_revision >= a.revision
  or (c.state = 'removed' and a.status = 'booked' and a.removed_in_google_at is not null))`

/** An event that is only asked for once more does not wait for anything. */
const unpushed = (selectedAt: string) =>
  sql`(${dirty(selectedAt)} and not coalesce(${isAskedAgain} and c.revision_pushed >= a.revision, false))`

export const countMappings = async (
  db: Db | Tx,
  key: CalendarKey,
  options: { selectedAt: string; now: string },
): Promise<MappingCounts> => {
  const isWaiting = sql`${unpushed(options.selectedAt)} and not coalesce(${needsAttention}, false)`
  const [row] = await rowsOf<MappingCounts>(
    db,
    sql`
    select count(*) filter (where c.state = 'live' and a.status = 'booked')::int as "inGoogle",
      count(*) filter (where ${isWaiting})::int as waiting,
      to_char(min(coalesce(c.waiting_since, a.updated_at)) filter (where ${isWaiting}) at time zone 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "waitingSince",
      count(*) filter (where coalesce(${needsAttention}, false))::int as "needAttention",
      count(*) filter (where a.status = 'booked' and a.ends_at > ${options.now}::timestamptz
        and p.here)::int as upcoming
    from appointments a
    left join event_mappings c on c.appointment_id = a.id and c.google_sub = ${key.googleSub}
      and c.calendar_id = ${key.calendarId} ${placedInAll(key)}
    where a.business_id = ${key.businessId}`,
  )
  if (!row) throw new Error('A count without a row.')
  return row
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

/** The appointments behind the counts "waiting" and "need attention", soonest first. */
export const readTroubles = (
  db: Db | Tx,
  key: CalendarKey,
  options: { selectedAt: string; limit: number },
): Promise<MappingTrouble[]> =>
  rowsOf<MappingTrouble>(
    db,
    sql`
    select a.id as "appointmentId", a.title, c.state, c.last_error_kind as "errorKind",
      c.last_error_detail as "errorDetail",
      to_char(a.starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start,
      to_char(coalesce(c.waiting_since, a.updated_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
    from appointments a
    left join event_mappings c on c.appointment_id = a.id and c.google_sub = ${key.googleSub}
      and c.calendar_id = ${key.calendarId} ${placedInAll(key)}
    where a.business_id = ${key.businessId}
      and (${unpushed(options.selectedAt)} or ${needsAttention})
    order by a.starts_at limit ${options.limit}`,
  )
