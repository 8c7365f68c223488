import { sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db, Tx } from '../client.ts'
import { rowsOf } from './rows.ts'

/** A booked appointment or a hold that leaves less than the gap of `minutes` to the wanted time. */
export type TooCloseRow = {
  kind: 'appointment' | 'hold'
  id: string
  title: string
  start: string
  end: string
  memberIds: string[]
  minutes: number
}

type GapQuery = {
  businessId: BusinessId
  start: string
  end: string
  memberIds: readonly string[]
  exceptId: string
  /** Minutes, or a service whose gaps count. */
  gaps: { before: number; after: number } | { serviceId: string }
}

/** The longest gap of a service. */
const longest = sql.raw(`interval '240 minutes'`)
const utc = (instant: string) => sql.raw(`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`)

/** Those before or after the wanted time, at most ten; what overlaps it is another matter. */
export const readTooClose = async (db: Db | Tx, query: GapQuery): Promise<TooCloseRow[]> => {
  const { businessId, start, end, memberIds, exceptId, gaps } = query
  if (memberIds.length === 0) return []
  const of = (column: 'gap_before' | 'gap_after') =>
    'serviceId' in gaps
      ? sql`coalesce((select ${sql.raw(column)} from services
          where business_id = ${businessId} and id = ${gaps.serviceId}), 0)`
      : sql`${column === 'gap_before' ? gaps.before : gaps.after}::int`
  const [from, until] = [sql`${start}::timestamptz`, sql`${end}::timestamptz`]
  return await rowsOf<TooCloseRow>(
    db,
    sql`
    select kind, id, title, ${utc('starts_at')} as start, ${utc('ends_at')} as end, "memberIds", minutes
    from (
      select 'appointment' as kind, id, title, starts_at, ends_at, gap_before, gap_after,
        array(select member_id from appointment_assignees where appointment_id = appointments.id) as member_ids
      from appointments
      where business_id = ${businessId} and status = 'booked' and id <> ${exceptId}::uuid
        and id in (select appointments_within(${businessId}, tstzrange(${from} - ${longest}, ${until} + ${longest})))
      union all
      select 'hold', id, 'Held by Sophiie', starts_at, ends_at, gap_before, gap_after, member_ids
      from holds
      where business_id = ${businessId} and ended is null and not test and expires_at > clock_timestamp()
        and starts_at between ${from} - ${longest} - interval '24 hours' and ${until} + ${longest}) as booked
    cross join lateral (select case when starts_at >= ${until} then greatest(gap_before, ${of('gap_after')})
      else greatest(gap_after, ${of('gap_before')}) end as minutes) gap
    cross join lateral (select array(select member_id from unnest(member_ids) as each (member_id)
      where member_id = any(${`{${memberIds.join()}}`}::uuid[]) order by member_id) as "memberIds") shared
    where cardinality("memberIds") > 0
      and (ends_at <= ${from} or starts_at >= ${until})
      and starts_at < ${until} + make_interval(mins => minutes)
      and ends_at > ${from} - make_interval(mins => minutes)
    order by starts_at, id
    limit 10`,
  )
}
