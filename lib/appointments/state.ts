import type { BusinessId } from '#db/business-id.ts'
import type { AppointmentRow } from '#db/queries/appointments.ts'
import type { AppointmentState } from './change.ts'

export const stateOf = (row: AppointmentRow): AppointmentState => ({
  id: row.id,
  title: row.title,
  start: row.startsAt,
  end: row.endsAt,
  location: row.location,
  notes: row.notes,
  customerName: row.customerName,
  customerPhone: row.customerPhone,
  customerEmail: row.customerEmail,
  assigneeIds: row.assigneeIds,
  status: row.status,
  revision: row.revision,
  overlapAllowed: row.overlapAllowed,
  removedInGoogle: row.removedInGoogleAt !== null,
  googleUnchecked: row.googleUnchecked,
})

/** What a change keeps of the row it changes. A change only ever clears the mark "removed in Google". */
export const rowOf = (
  state: AppointmentState,
  kept: { businessId: BusinessId; createdBy: string | null; removedInGoogleAt: string | null },
): AppointmentRow => {
  const { start, end, removedInGoogle, ...rest } = state
  return {
    ...rest,
    businessId: kept.businessId,
    createdBy: kept.createdBy,
    startsAt: start,
    endsAt: end,
    removedInGoogleAt: removedInGoogle ? kept.removedInGoogleAt : null,
  }
}
