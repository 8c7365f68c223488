import { sql } from 'drizzle-orm'
import type { Tx } from '../../client.ts'
import type { MappingFacts } from '../appointments.ts'
import { rowsOf } from '../rows.ts'

/** An appointment in one of its calendars. `name`: of the member, or of the business's calendar. */
export type PlacedMapping = {
  name: string
  memberId: string | null
  failing: { since: string; kind: string } | null
  /** Null = not sent there yet. */
  mapping: MappingFacts | null
}

/** By appointment, the calendar of the business first. */
export const readPlacedMappings = async (
  tx: Tx,
  { businessId, appointmentIds }: { businessId: string; appointmentIds: string[] },
): Promise<Map<string, PlacedMapping[]>> => {
  if (appointmentIds.length === 0) return new Map()
  const rows = await rowsOf<PlacedMapping & { id: string }>(
    tx,
    sql`
    select a.id::text, coalesce(m.name, c.calendar_name) as name, c.member_id as "memberId",
      case when c.failing_since is not null and c.last_failure_kind is not null
        then jsonb_build_object('since', ${utc(sql`c.failing_since`)}, 'kind', c.last_failure_kind) end as failing,
      case when p.appointment_id is not null then jsonb_build_object('state', p.state, 'revisionPushed', p.revision_pushed,
        'htmlLink', p.html_link, 'lastErrorKind', p.last_error_kind, 'lastErrorDetail', p.last_error_detail,
        'waitingSince', ${utc(sql`p.waiting_since`)}) end as mapping
    from jsonb_array_elements_text(${JSON.stringify(appointmentIds)}::jsonb) wanted(id)
      join appointments a on a.id = wanted.id::uuid and a.business_id = ${businessId}
      cross join lateral calendars_of_appointment(a.business_id, a.id) k
      join synced_calendars c on c.id = k.id
      left join members m on m.business_id = c.business_id and m.id = c.member_id
      left join event_mappings p on p.appointment_id = a.id and p.google_sub = k.google_sub and p.calendar_id = k.calendar_id
    order by a.id, c.member_id nulls first`,
  )
  return Map.groupBy(rows, ({ id }) => id)
}

const utc = (instant: ReturnType<typeof sql>) =>
  sql`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
