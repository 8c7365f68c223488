import type { AppointmentRow } from '#db/queries/appointments.ts'
import type { AppointmentState } from './change.ts'
import { textOf } from './schema.ts'

/** Picks fields by name: a row may carry columns that must not reach a client. */
export const toAppointmentState = (row: AppointmentRow): AppointmentState => ({
  ...textOf(row),
  id: row.id,
  start: row.startsAt,
  end: row.endsAt,
  assigneeIds: row.assigneeIds,
  serviceId: row.serviceId,
  status: row.status,
  revision: row.revision,
  overlapAllowed: row.overlapAllowed,
  removedInGoogle: row.removedInGoogleAt !== null,
  googleUnchecked: row.googleUnchecked,
  pending: row.pending,
  byKey: row.apiKeyId !== null,
  callId: row.callId,
})

/**
 * `stored` is what a change keeps of the row. A change can clear the mark "removed in Google" but
 * never sets it.
 */
export const toAppointmentRow = (
  state: AppointmentState,
  stored: Pick<
    AppointmentRow,
    'businessId' | 'createdBy' | 'apiKeyId' | 'removedInGoogleAt' | 'gapBefore' | 'gapAfter'
  >,
): AppointmentRow => {
  const { start, end, removedInGoogle, byKey: _, ...rest } = state
  return {
    ...rest,
    businessId: stored.businessId,
    createdBy: stored.createdBy,
    apiKeyId: stored.apiKeyId,
    gapBefore: stored.gapBefore,
    gapAfter: stored.gapAfter,
    startsAt: start,
    endsAt: end,
    removedInGoogleAt: removedInGoogle ? stored.removedInGoogleAt : null,
  }
}
