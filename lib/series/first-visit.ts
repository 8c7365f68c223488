import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import { type AppointmentRow, readAppointment, readAppointmentForUpdate } from '#db/queries/appointments.ts'
import { insertAppointments, writeAppointments } from '#db/queries/series/appointments.ts'
import { insertVisits, readVisitOfAppointment } from '#db/queries/series/visits.ts'
import { changedElsewhere } from '#lib/appointments/change.ts'
import { justBooked } from '#lib/appointments/range.ts'
import { textOf } from '#lib/appointments/schema.ts'
import { toAppointmentState } from '#lib/appointments/state.ts'
import { loggedContent } from '#lib/appointments/write/write-decided.ts'
import { changedFields, templateOf } from './change/template.ts'
import type { DecidedDate } from './decide-dates.ts'
import type { PlannedDate } from './new-series.ts'
import type { PreviewDate, SeriesRefused } from './schema.ts'
import { detailOf, endHoldsInTheWay, type Made, type MadeVisits, visitsOf } from './write-visits.ts'

/** A single appointment that becomes the first visit of a new series. */

export type FirstVisit = { row: AppointmentRow; isVisit: boolean }

export const readFirst = async (
  tx: Tx,
  of: { businessId: BusinessId; id: string },
  options: { lock?: boolean } = {},
): Promise<FirstVisit | null> => {
  const [row, visit] = await Promise.all([
    options.lock ? readAppointmentForUpdate(tx, of) : readAppointment(tx, of),
    readVisitOfAppointment(tx, { businessId: of.businessId, appointmentId: of.id }),
  ])
  return row && { row, isVisit: visit !== null }
}

/** Null if it can become one. `revision`: as it was on screen. */
export const refuseFirst = (first: FirstVisit | null, revision: number): SeriesRefused | null => {
  if (!first) return { ok: false, code: 'not-found', message: 'This appointment no longer exists.' }
  const state = toAppointmentState(first.row)
  const current = justBooked(state)
  if (first.isVisit)
    return { ok: false, code: 'changed-elsewhere', message: `“${state.title}” is part of a series already.` }
  if (state.revision !== revision)
    return { ok: false, code: 'changed-elsewhere', message: changedElsewhere(state), current }
  if (state.status === 'cancelled')
    return { ok: false, code: 'invalid', message: 'This appointment is cancelled. Put it back first.' }
  return null
}

type Wanted = { dates: readonly PlannedDate[]; memberIds: readonly string[] }

/**
 * The original start of the date on which it is already. Like an edit that takes no new time, it is
 * not checked.
 */
export const keptDate = (first: FirstVisit | null, { dates: [date], memberIds }: Wanted): string | null => {
  if (!first || !date) return null
  const { startsAt, endsAt, assigneeIds } = first.row
  const isThere =
    Date.parse(startsAt) === Date.parse(date.start) &&
    Date.parse(endsAt) === Date.parse(date.end) &&
    [...assigneeIds].sort().join() === [...memberIds].sort().join()
  return isThere ? date.originalStart : null
}

export const freeIfKept = (dates: PreviewDate[], kept: string | null): PreviewDate[] =>
  dates.map((date) => {
    if (date.originalStart !== kept) return date
    const { gapMinutes: _, ...rest } = date
    return { ...rest, state: 'free', clashes: [], clashCount: 0, nearest: null }
  })

type Around = { before: AppointmentRow; kept: string | null }

/** Books the others. The appointment keeps its id and its Google event. */
export const insertAround = async (
  tx: Tx,
  made: Made,
  { decided, first: { before, kept } }: { decided: readonly DecidedDate[]; first: Around },
): Promise<MadeVisits & { isChanged: boolean }> => {
  const { businessId, series } = made
  const { rows, visits, entries } = visitsOf({ ...made, firstId: before.id }, decided)
  const [planned, ...others] = rows
  const date = decided.find(({ kind }) => kind === 'book')
  if (!planned || date?.kind !== 'book') throw new Error('A series without visits is not saved.')
  const after = rowAfter(before, planned, date.originalStart === kept)
  const isMoved = after.startsAt !== before.startsAt || after.endsAt !== before.endsAt
  const isChanged = isMoved || changedFields(templateOf(before), templateOf(after)).length > 0
  await endHoldsInTheWay(tx, { businessId, memberIds: series.assigneeIds }, decided)
  if (isChanged) await writeAppointments(tx, { businessId, rows: [after] })
  await insertAppointments(tx, { businessId, rows: others })
  await insertVisits(tx, { businessId, visits })
  const entry = {
    ...{ businessId, what: isMoved ? 'appointment.moved' : 'appointment.edited', appointmentId: before.id },
    detail: date.originalStart === kept ? '' : detailOf(date, after),
    ...{ before: loggedContent(toAppointmentState(before)), after: loggedContent(toAppointmentState(after)) },
  }
  return {
    rows: [isChanged ? after : before, ...others],
    visits,
    entries: [...(isChanged ? [entry] : []), ...entries.slice(1)],
    isChanged,
  }
}

const rowAfter = (before: AppointmentRow, planned: AppointmentRow, isKept: boolean): AppointmentRow => {
  const { serviceId, assigneeIds, startsAt, endsAt, gapBefore, gapAfter, overlapAllowed, googleUnchecked } = planned
  return {
    ...before,
    ...textOf(planned),
    ...{ serviceId, assigneeIds, revision: before.revision + 1 },
    ...(serviceId !== before.serviceId && { gapBefore, gapAfter }),
    ...(!isKept && { startsAt, endsAt, overlapAllowed, googleUnchecked }),
  }
}
