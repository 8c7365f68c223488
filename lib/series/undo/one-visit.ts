import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import { lockMembers, readAppointmentsForUpdate } from '#db/queries/appointments.ts'
import { writeAppointments } from '#db/queries/series/appointments.ts'
import { insertOperation, markUndone } from '#db/queries/series/operations.ts'
import type { SeriesRow } from '#db/queries/series/series.ts'
import { readVisit, updateVisit, type VisitRow } from '#db/queries/series/visits.ts'
import { publishChange } from '#lib/live/publish.ts'
import { cancelledRow } from '../change/rows.ts'
import type { UndoAnswer } from '../schema.ts'
import { finish } from '../write-visits.ts'
import { type OperationImage, type Restored, restoredEntry, type UndoRequest } from './image.ts'

/** Operations on one visit that leave the series as it is. */
const kinds = ['book-visit', 'skip-visit', 'answer-offer'] as const
type VisitOperation = (typeof kinds)[number]

export const isVisitOperation = (kind: string): kind is VisitOperation => kinds.some((each) => each === kind)

type Recorded = {
  businessId: BusinessId
  memberId: string
  kind: VisitOperation
  series: SeriesRow
  before: VisitRow
  after: VisitRow
  /** What it booked. */
  booked?: { id: string; revision: number }
}

export const recordVisitOperation = (tx: Tx, recorded: Recorded): Promise<string> => {
  const { businessId, memberId, kind, series, before, after, booked } = recorded
  const image: OperationImage = {
    series: [{ id: series.id, before: null, revision: series.revision, plannedUntil: series.plannedUntil }],
    visits: [{ before, after }],
    appointments: booked ? [{ ...booked, before: null }] : [],
  }
  return insertOperation(tx, { businessId, kind, image, createdBy: memberId })
}

/** Puts one visit back, unless it was changed since. The series is locked and unchanged. */
export const restoreVisit = async (tx: Tx, request: UndoRequest, image: OperationImage): Promise<UndoAnswer> => {
  const { businessId, operationId, member } = request
  const [visit] = image.visits
  if (!visit?.before || !visit.after) return changedSince
  const { before, after } = visit
  const now = await readVisit(tx, { businessId, ...after }, { lock: true })
  if (!now || !isSame(now, after)) return changedSince
  const cancelled = await cancelBooked(tx, request, image)
  if (!cancelled) return changedSince
  await writeAppointments(tx, { businessId, rows: cancelled.map((each) => each.after) })
  const { state, appointmentId, reason, movedInGoogleAt } = before
  await updateVisit(tx, { businessId, ...before }, { state, appointmentId, reason, movedInGoogleAt })
  await markUndone(tx, { businessId, id: operationId })
  const actor = { kind: 'member', memberId: member.id } as const
  if (cancelled.length === 0) await publishChange(tx, businessId, 'rows')
  else
    await finish(
      tx,
      { businessId, actor },
      cancelled.map(({ entry }) => entry),
    )
  return { ok: true, restored: 1, kept: 0, taken: 0 }
}

const changedSince: UndoAnswer = {
  ...{ ok: false, code: 'changed-elsewhere' },
  message: 'The visit has been changed since, so this stays.',
}

const isSame = (a: VisitRow, b: VisitRow) =>
  a.state === b.state && a.appointmentId === b.appointmentId && a.movedInGoogleAt === b.movedInGoogleAt

/** Null if the appointment that was booked was changed since or has begun. */
const cancelBooked = async (
  tx: Tx,
  { businessId, now }: UndoRequest,
  { appointments }: OperationImage,
): Promise<Restored[] | null> => {
  const ids = appointments.map(({ id }) => id)
  const rows = await readAppointmentsForUpdate(tx, { businessId, ids })
  const isUnchanged = appointments.every(({ id, revision }) =>
    rows.some((row) => row.id === id && row.revision === revision && Date.parse(row.startsAt) > Date.parse(now)),
  )
  if (!isUnchanged) return null
  await lockMembers(tx, { businessId, memberIds: rows.flatMap(({ assigneeIds }) => assigneeIds).sort() })
  return rows.map((before) => {
    const after = cancelledRow(before)
    return { before, after, entry: restoredEntry(businessId, before, after) }
  })
}
