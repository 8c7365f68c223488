import type { AppointmentRow } from '#db/queries/appointments.ts'
import type { SeriesRow } from '#db/queries/series/series.ts'
import type { VisitRow } from '#db/queries/series/visits.ts'

/** What an operation wrote, and what was there before it; null is nothing. */
export type OperationImage = {
  /** `revision` and `plannedUntil`: what was written. */
  series: { id: string; before: SeriesRow | null; revision: number; plannedUntil: string | null }[]
  visits: { before: VisitRow | null; after: VisitRow | null }[]
  appointments: { id: string; before: AppointmentRow | null; revision: number }[]
}
