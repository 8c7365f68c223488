import { sql } from 'drizzle-orm'
import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import type { AppointmentRow } from '#db/queries/appointments.ts'

/** Many appointments in one statement each. Written under the locks of a booking. */

const recordset = sql.raw(`as r(id uuid, title text, "startsAt" timestamptz, "endsAt" timestamptz, location text,
  notes text, "customerName" text, "customerPhone" text, "customerEmail" text, status text, revision int,
  "overlapAllowed" text, "removedInGoogleAt" timestamptz, "googleUnchecked" boolean, "serviceId" uuid,
  "gapBefore" int, "gapAfter" int, pending boolean, "createdBy" uuid, "apiKeyId" uuid, "callId" text,
  "assigneeIds" uuid[])`)

type Rows = { businessId: BusinessId; rows: readonly AppointmentRow[] }

/** Throws Postgres error 23505 if an id is taken, and 23P01 for two times of one member. */
export const insertAppointments = async (tx: Tx, { businessId, rows }: Rows): Promise<void> => {
  if (rows.length === 0) return
  const json = JSON.stringify(rows)
  await tx.execute(sql`
    insert into appointments (id, business_id, title, starts_at, ends_at, location, notes, customer_name,
      customer_phone, customer_email, status, revision, overlap_allowed, google_unchecked, service_id, gap_before,
      gap_after, pending, created_by, api_key_id, call_id)
    select id, ${businessId}, title, "startsAt", "endsAt", location, notes, "customerName", "customerPhone",
      "customerEmail", status, revision, "overlapAllowed", "googleUnchecked", "serviceId", "gapBefore", "gapAfter",
      pending, "createdBy", "apiKeyId", "callId"
    from jsonb_to_recordset(${json}::jsonb) ${recordset}`)
  await insertAssignees(tx, { businessId, rows })
}

/** Whole rows that were read under `readAppointmentsForUpdate`. */
export const writeAppointments = async (tx: Tx, { businessId, rows }: Rows): Promise<void> => {
  if (rows.length === 0) return
  await tx.execute(sql`
    update appointments set title = r.title, starts_at = r."startsAt", ends_at = r."endsAt", location = r.location,
      notes = r.notes, customer_name = r."customerName", customer_phone = r."customerPhone",
      customer_email = r."customerEmail", status = r.status, revision = r.revision,
      overlap_allowed = r."overlapAllowed", removed_in_google_at = r."removedInGoogleAt",
      google_unchecked = r."googleUnchecked", service_id = r."serviceId", gap_before = r."gapBefore",
      gap_after = r."gapAfter", pending = r.pending, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) ${recordset}
    where appointments.business_id = ${businessId} and appointments.id = r.id`)
  // All are taken out before any is put in: visits may take each other's former time.
  await tx.execute(sql`
    delete from appointment_assignees where business_id = ${businessId} and appointment_id in (
      select id from jsonb_to_recordset(${JSON.stringify(rows.map(({ id }) => ({ id })))}::jsonb) as r(id uuid))`)
  await insertAssignees(tx, { businessId, rows })
}

/** A composite foreign key refuses members of another business. */
const insertAssignees = async (tx: Tx, { businessId, rows }: Rows) => {
  const memberIds = [...new Set(rows.flatMap((row) => row.assigneeIds))].sort()
  if (memberIds.length === 0) return
  await dropAllExpiredHolds(tx, { businessId, memberIds })
  await tx.execute(sql`
    insert into appointment_assignees (business_id, appointment_id, member_id, during, exclusive)
    select ${businessId}, r.id, member_id, tstzrange(r."startsAt", r."endsAt"),
      r.status = 'booked' and r."overlapAllowed" is null
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) ${recordset}, unnest(r."assigneeIds") as member_id`)
}

/** Ends the exclusion of expired holds of the members, wherever they are. */
const dropAllExpiredHolds = async (
  tx: Tx,
  { businessId, memberIds }: { businessId: BusinessId; memberIds: readonly string[] },
) => {
  await tx.execute(sql`
    delete from appointment_assignees using holds
    where appointment_assignees.business_id = ${businessId} and holds.id = appointment_assignees.hold_id
      and holds.business_id = ${businessId} and (holds.expires_at <= clock_timestamp() or holds.ended is not null)
      and appointment_assignees.member_id = any(${`{${memberIds.join()}}`}::uuid[])`)
}
