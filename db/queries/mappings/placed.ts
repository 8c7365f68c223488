import { sql } from 'drizzle-orm'
import type { Tx } from '../../client.ts'
import type { MappingFacts } from '../appointments.ts'
import { rowsOf } from '../rows.ts'

/**
 * An appointment in one of its calendars. `name`: of the member, or of the business's calendar.
 * `isUnlinked`: it was in the calendar of an assignee who has none linked any more.
 */
export type PlacedMapping = {
  name: string
  memberId: string | null
  isUnlinked: boolean
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
    select a.id::text, coalesce(m.name, c.calendar_name) as name, c.member_id as "memberId", false as "isUnlinked",
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
    union all
    select distinct a.id::text, m.name, m.id, true, null::jsonb, null::jsonb
    from jsonb_array_elements_text(${JSON.stringify(appointmentIds)}::jsonb) wanted(id)
      join appointments a on a.id = wanted.id::uuid and a.business_id = ${businessId}
      join businesses b on b.id = a.business_id and b.appointments_go <> 'business'
      join event_mappings p on p.appointment_id = a.id and p.state = 'live'
      join appointment_assignees s on s.appointment_id = a.id and s.member_id = p.member_id
      join members m on m.business_id = a.business_id and m.id = s.member_id
    where not exists (select from synced_calendars c
      where c.business_id = a.business_id and c.purpose = 'appointments' and c.member_id = m.id)
    order by 1, "memberId" nulls first`,
  )
  return Map.groupBy(rows, ({ id }) => id)
}

const utc = (instant: ReturnType<typeof sql>) =>
  sql`to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
