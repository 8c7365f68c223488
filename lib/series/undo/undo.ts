import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { type AppointmentRow, lockMembers, readAppointmentsForUpdate } from '#db/queries/appointments.ts'
import { lockCalendar } from '#db/queries/occurrences.ts'
import { writeAppointments } from '#db/queries/series/appointments.ts'
import { markUndone, readOperationForUpdate } from '#db/queries/series/operations.ts'
import { deleteSeries, readSeriesForUpdate, type SeriesRow, writeSeries } from '#db/queries/series/series.ts'
import { deleteVisits, insertVisits, readVisits, type VisitRow } from '#db/queries/series/visits.ts'
import { cancelledRow } from '../change/rows.ts'
import type { UndoAnswer } from '../schema.ts'
import { finish } from '../write-visits.ts'
import { type OperationImage, type Restored, type RestoredSeries, restoredEntry, type UndoRequest } from './image.ts'
import { isVisitOperation, restoreVisit } from './one-visit.ts'
import { restorable } from './restorable.ts'
import { restoredVisits } from './visits.ts'

/**
 * Puts back what an operation changed, as far as it is still as the operation left it. Lock order:
 * calendar, series, appointments by id, members by id.
 */
export const undoOperation = (db: Db, request: UndoRequest): Promise<UndoAnswer> =>
  db.transaction(async (tx): Promise<UndoAnswer> => {
    const { businessId, operationId } = request
    await lockCalendar(tx, businessId, 'wait')
    const operation = await readOperationForUpdate(tx, { businessId, id: operationId })
    if (!operation) return { ok: false, code: 'not-found', message: 'It is too late to undo this.' }
    // The answer of a first call may have been lost.
    if (operation.isUndone) return { ok: true, restored: 0, kept: 0, taken: 0 }
    const image = operation.image as OperationImage
    const series = await readSeriesForUpdate(tx, { businessId, ids: image.series.map(({ id }) => id) })
    const isUnchanged = image.series.every(({ id, revision }) =>
      series.some((each) => each.id === id && each.revision === revision),
    )
    if (!isUnchanged)
      return { ok: false, code: 'changed-elsewhere', message: 'The series has been changed since, so this stays.' }
    if (isVisitOperation(operation.kind)) return await restoreVisit(tx, request, image)
    return await restore(tx, request, { image, series, isCreate: operation.kind === 'create' })
  })

type Undoing = { image: OperationImage; series: readonly SeriesRow[]; isCreate: boolean }

const restore = async (tx: Tx, request: UndoRequest, { image, series, isCreate }: Undoing): Promise<UndoAnswer> => {
  const { businessId, member, operationId, now } = request
  const current = await readCurrent(tx, businessId, series)
  const added = current.filter((visit) => isPlannedSince(visit, image))
  const ids = [...image.appointments.map(({ id }) => id), ...added.flatMap(({ appointmentId }) => appointmentId ?? [])]
  const rows = new Map((await readAppointmentsForUpdate(tx, { businessId, ids })).map((row) => [row.id, row]))
  const wanted = [
    ...image.appointments,
    ...added.flatMap(({ appointmentId }) => (appointmentId ? [{ id: appointmentId, before: null, revision: 1 }] : [])),
  ]
  await lockMembers(tx, { businessId, memberIds: peopleOf(wanted, rows) })
  const unchanged = wanted.filter(({ id, revision }) => {
    const row = rows.get(id)
    return row?.revision === revision && Date.parse(row.startsAt) > Date.parse(now)
  })
  const { free, taken } = await restorable(tx, request, { wanted: unchanged, rows })
  const changes = free.flatMap((each) => {
    const row = rows.get(each.id)
    return row ? [changeOf(businessId, row, each.before)] : []
  })
  await writeAppointments(tx, { businessId, rows: changes.map(({ after }) => after) })
  if (isCreate) for (const row of series) await writeSeries(tx, { ...endedRow(row), businessId })
  else await restoreSeries(tx, businessId, { image, series, current, added, free: changes, taken, rows })
  await markUndone(tx, { businessId, id: operationId })
  const [title = ''] = series.map((each) => each.title)
  await finish(tx, { businessId, actor: { kind: 'member', memberId: member.id } }, [
    { businessId, what: 'series.undone', before: { title } },
    ...changes.map(({ entry }) => entry),
  ])
  const left = image.appointments.filter(({ id }) => !unchanged.some((each) => each.id === id)).length
  return { ok: true, restored: changes.length, kept: left, taken: taken.size }
}

const readCurrent = async (tx: Tx, businessId: BusinessId, series: readonly SeriesRow[]): Promise<VisitRow[]> =>
  (await Promise.all(series.map(({ id }) => readVisits(tx, { businessId, seriesId: id })))).flat()

/** The horizon moved on since the operation. */
const isPlannedSince = ({ seriesId, originalStart }: VisitRow, image: OperationImage) => {
  const planned = image.series.find(({ id }) => id === seriesId)?.plannedUntil ?? null
  return planned !== null && originalStart.slice(0, 10) > planned
}

const peopleOf = (wanted: OperationImage['appointments'], rows: ReadonlyMap<string, AppointmentRow>) => {
  const ids = wanted.flatMap(({ id, before }) => [...(before?.assigneeIds ?? []), ...(rows.get(id)?.assigneeIds ?? [])])
  return [...new Set(ids)].sort()
}

const endedRow = (row: SeriesRow): SeriesRow => ({
  ...row,
  ...{ ended: true, plannedUntil: null, revision: row.revision + 1 },
})

/** `wanted`: what was there before the operation; null if it made the appointment. */
const changeOf = (businessId: BusinessId, row: AppointmentRow, wanted: AppointmentRow | null): Restored => {
  const after = wanted ? { ...wanted, revision: row.revision + 1 } : cancelledRow(row)
  return { before: row, after, entry: restoredEntry(businessId, row, after) }
}

const restoreSeries = async (tx: Tx, businessId: BusinessId, restored: RestoredSeries) => {
  const { image, series } = restored
  const { removed, inserted } = restoredVisits(restored)
  for (const { id } of series) {
    const originalStarts = removed.filter((visit) => visit.seriesId === id).map(({ originalStart }) => originalStart)
    await deleteVisits(tx, { businessId, seriesId: id, originalStarts })
  }
  for (const { id, before, revision } of image.series)
    if (before) await writeSeries(tx, { ...before, businessId, revision: revision + 1 })
    else await deleteSeries(tx, { businessId, id })
  await insertVisits(tx, { businessId, visits: inserted })
}
