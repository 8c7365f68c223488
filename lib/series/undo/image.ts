import type { BusinessId } from '#db/business-id.ts'
import type { AppointmentRow } from '#db/queries/appointments.ts'
import type { SeriesRow } from '#db/queries/series/series.ts'
import type { VisitRow } from '#db/queries/series/visits.ts'
import type { ActivityEntry } from '#lib/activity/record.ts'
import { toAppointmentState } from '#lib/appointments/state.ts'
import { loggedContent } from '#lib/appointments/write/write-decided.ts'
import type { Role } from '#lib/auth/schema.ts'

/** What an operation wrote, and what was there before it; null is nothing. */
export type OperationImage = {
  /** `revision` and `plannedUntil`: what was written. */
  series: { id: string; before: SeriesRow | null; revision: number; plannedUntil: string | null }[]
  visits: { before: VisitRow | null; after: VisitRow | null }[]
  appointments: { id: string; before: AppointmentRow | null; revision: number }[]
}

export type UndoRequest = {
  businessId: BusinessId
  member: { id: string; role: Role }
  operationId: string
  now: string
}

export type Restored = { before: AppointmentRow; after: AppointmentRow; entry: Omit<ActivityEntry, 'actor'> }

export type RestoredSeries = {
  image: OperationImage
  series: readonly SeriesRow[]
  current: readonly VisitRow[]
  added: readonly VisitRow[]
  free: readonly Restored[]
  taken: ReadonlySet<string>
  rows: ReadonlyMap<string, AppointmentRow>
}

export const restoredEntry = (businessId: BusinessId, before: AppointmentRow, after: AppointmentRow) => ({
  ...{ businessId, what: whatHappened(before, after), detail: 'Undone.', appointmentId: before.id },
  ...{ before: logged(before), after: logged(after) },
})

const whatHappened = (before: AppointmentRow, after: AppointmentRow) => {
  if (before.status !== after.status)
    return after.status === 'booked' ? 'appointment.reinstated' : 'appointment.cancelled'
  const isMoved = before.startsAt !== after.startsAt || before.endsAt !== after.endsAt
  return isMoved ? 'appointment.moved' : 'appointment.edited'
}

const logged = (row: AppointmentRow) => loggedContent(toAppointmentState(row))
