import type { AppointmentRow } from '#db/queries/appointments.ts'
import type { ServiceRow } from '#db/queries/services.ts'
import type { DecidedDate } from '../decide-dates.ts'
import type { Edit, VisitOutcome } from './plan-change.ts'

type Update = Extract<VisitOutcome, { kind: 'update' }>

/** An appointment after the change; `date` only if it takes new time. */
export const changedRow = (
  before: AppointmentRow,
  outcome: Update,
  {
    date,
    edit,
    service,
    googleUnchecked,
  }: {
    date: Extract<DecidedDate, { kind: 'book' }> | null
    edit: Edit
    service: ServiceRow | null
    googleUnchecked: boolean
  },
): AppointmentRow => {
  const { assigneeIds, ...text } = outcome.template
  const isChosen = edit.kind === 'edit' && edit.fields.serviceId !== undefined && text.serviceId !== before.serviceId
  return {
    ...before,
    ...text,
    assigneeIds: [...assigneeIds],
    startsAt: date?.start ?? outcome.start,
    endsAt: date?.end ?? outcome.end,
    revision: before.revision + 1,
    ...(isChosen && { gapBefore: service?.gapBefore ?? 0, gapAfter: service?.gapAfter ?? 0 }),
    ...(date && {
      overlapAllowed: date.overlaps ? ('booked-anyway' as const) : null,
      googleUnchecked: googleUnchecked || date.state === 'google-unknown',
    }),
  }
}

export const cancelledRow = (before: AppointmentRow): AppointmentRow => ({
  ...before,
  ...{ status: 'cancelled', removedInGoogleAt: null, revision: before.revision + 1 },
})
