import type { Tx } from '#db/client.ts'
import { type AppointmentRow, readOverlapping, writeAppointment } from '#db/queries/appointments.ts'
import { takeOverHolds } from '#db/queries/receptionist/holds.ts'
import type { SyncContext } from './context.ts'

/**
 * An overlap caused by a change in Google cannot be refused: it is allowed and flagged. A time that
 * was held for a caller is held no longer.
 */
export const saveAppointment = async (tx: Tx, context: SyncContext, row: AppointmentRow): Promise<AppointmentRow> => {
  const overlaps = row.status === 'booked' && (await hasOverlap(tx, context, row))
  if (row.status === 'booked') await takeOverHolds(tx, spanOf(context, row))
  const saved = overlaps ? { ...row, overlapAllowed: row.overlapAllowed ?? 'moved-in-google' } : row
  await writeAppointment(tx, saved)
  return saved
}

const spanOf = ({ businessId }: SyncContext, { startsAt, endsAt, assigneeIds }: AppointmentRow) => ({
  ...{ businessId, start: startsAt, end: endsAt, memberIds: assigneeIds },
})

const hasOverlap = async (tx: Tx, context: SyncContext, row: AppointmentRow): Promise<boolean> => {
  const overlapping = await readOverlapping(tx, { ...spanOf(context, row), exceptId: row.id }, { limit: 1 })
  return overlapping.length > 0
}
