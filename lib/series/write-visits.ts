import { randomUUID } from 'node:crypto'
import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import type { AppointmentRow } from '#db/queries/appointments.ts'
import { takeOverHolds } from '#db/queries/receptionist/holds.ts'
import { insertAppointments } from '#db/queries/series/appointments.ts'
import type { SeriesRow } from '#db/queries/series/series.ts'
import { insertVisits, type VisitRow } from '#db/queries/series/visits.ts'
import { type ActivityEntry, recordActivity } from '#lib/activity/record.ts'
import { textOf } from '#lib/appointments/schema.ts'
import { toAppointmentState } from '#lib/appointments/state.ts'
import { loggedContent } from '#lib/appointments/write/write-decided.ts'
import { lengthOf } from '#lib/dates/format.ts'
import { publishChange } from '#lib/live/publish.ts'
import { enqueuePushOfBusiness } from '#lib/sync/enqueue.ts'
import type { DecidedDate } from './decide-dates.ts'

export type BookedDate = Extract<DecidedDate, { kind: 'book' }>

export type Made = {
  businessId: BusinessId
  series: SeriesRow
  googleUnchecked: boolean
  /** Of the first one; the others get their own. */
  firstId?: string
  /** What a phone call adds. */
  more?: (date: BookedDate) => Partial<Pick<AppointmentRow, 'pending' | 'callId'>>
}

/** The appointment of one visit, made from what the series says of all of them. */
export const appointmentOfVisit = (
  date: BookedDate,
  { businessId, series, googleUnchecked, firstId, more }: Made,
): AppointmentRow => ({
  ...textOf(series),
  businessId,
  id: firstId ?? randomUUID(),
  startsAt: date.start,
  endsAt: date.end,
  status: 'booked',
  revision: 1,
  overlapAllowed: date.overlaps ? 'booked-anyway' : null,
  removedInGoogleAt: null,
  googleUnchecked: googleUnchecked || date.state === 'google-unknown',
  serviceId: series.serviceId,
  gapBefore: series.gapBefore,
  gapAfter: series.gapAfter,
  pending: false,
  createdBy: series.createdBy,
  apiKeyId: series.apiKeyId,
  callId: null,
  assigneeIds: [...series.assigneeIds].sort(),
  ...more?.(date),
})

export const visitOf = (
  seriesId: string,
  originalStart: string,
  state: Pick<VisitRow, 'state'> & Partial<VisitRow>,
): VisitRow => ({
  ...{ seriesId, originalStart, appointmentId: null, reason: null, movedInGoogleAt: null },
  ...state,
})

type Entry = Omit<ActivityEntry, 'actor'>
export type MadeVisits = { rows: AppointmentRow[]; visits: VisitRow[]; entries: Entry[] }

/** The appointments of what was decided, and a row for each date that was left out. */
export const visitsOf = (made: Made, decided: readonly DecidedDate[]): MadeVisits => {
  const { businessId, series } = made
  let { firstId } = made
  const [rows, entries]: [AppointmentRow[], Entry[]] = [[], []]
  const visits = decided.map((date): VisitRow => {
    if (date.kind === 'skip') return visitOf(series.id, date.originalStart, { state: 'skipped' })
    const row = appointmentOfVisit(date, { ...made, firstId })
    firstId = undefined
    rows.push(row)
    entries.push(bookedEntry(businessId, row, detailOf(date, row)))
    return visitOf(series.id, date.originalStart, { state: 'booked', appointmentId: row.id })
  })
  return { rows, visits, entries }
}

/** Books what was decided. */
export const insertDecided = async (tx: Tx, made: Made, decided: readonly DecidedDate[]): Promise<MadeVisits> => {
  const { businessId, series } = made
  const found = visitsOf(made, decided)
  await endHoldsInTheWay(tx, { businessId, memberIds: series.assigneeIds }, decided)
  await insertAppointments(tx, { businessId, rows: found.rows })
  await insertVisits(tx, { businessId, visits: found.visits })
  return found
}

export const endHoldsInTheWay = async (
  tx: Tx,
  of: { businessId: BusinessId; memberIds: readonly string[] },
  decided: readonly DecidedDate[],
) => {
  for (const date of decided)
    if (date.kind === 'book' && date.takesOverHolds)
      await takeOverHolds(tx, { ...of, start: date.start, end: date.end })
}

export const bookedEntry = (businessId: BusinessId, row: AppointmentRow, detail: string) => ({
  ...{ businessId, what: 'appointment.booked', detail, appointmentId: row.id },
  after: loggedContent(toAppointmentState(row)),
})

export const detailOf = (date: BookedDate, row: AppointmentRow) => {
  const notes = [
    date.overlaps && 'Booked anyway, despite the clash.',
    date.gapMinutes !== undefined && `Booked anyway, less than ${lengthOf(date.gapMinutes)} from another appointment.`,
    row.googleUnchecked && 'Google could not be checked.',
  ]
  return notes.filter(Boolean).join(' ')
}

/** Activity, the sync job and the notification of open pages. */
export const finish = async (
  tx: Tx,
  { businessId, actor }: { businessId: BusinessId; actor: ActivityEntry['actor'] },
  entries: readonly Omit<ActivityEntry, 'actor'>[],
) => {
  await Promise.all([
    recordActivity(
      tx,
      entries.map((entry) => ({ ...entry, actor })),
    ),
    enqueuePushOfBusiness(tx, businessId),
    publishChange(tx, businessId, 'rows'),
  ])
}
