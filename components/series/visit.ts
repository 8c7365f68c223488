import type { Appointment } from '#lib/appointments/schema.ts'
import type { SeriesMark } from '#lib/repeat/mark.ts'
import type { SeriesEdit } from '#lib/series/schema.ts'

export type VisitOfSeries = Appointment & { series: SeriesMark }

export const isVisit = (appointment: Appointment): appointment is VisitOfSeries => appointment.series !== undefined

/** Which visits a change concerns. */
export type SeriesQuestion = {
  visit: VisitOfSeries
  change: SeriesEdit
  /** Changes this visit alone. */
  onThis: () => void
}
