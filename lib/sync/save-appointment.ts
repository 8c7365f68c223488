import type { Tx } from '#db/client.ts'
import { type AppointmentRow, readOverlapping, writeAppointment } from '#db/queries/appointments.ts'
import type { SyncContext } from './context.ts'

/** An overlap caused by a change in Google cannot be refused: it is allowed and flagged. */
export const saveAppointment = async (tx: Tx, context: SyncContext, row: AppointmentRow): Promise<AppointmentRow> => {
  const overlaps = row.status === 'booked' && (await hasOverlap(tx, context, row))
  const saved = overlaps ? { ...row, overlapAllowed: row.overlapAllowed ?? 'moved-in-google' } : row
  await writeAppointment(tx, saved)
  return saved
}

const hasOverlap = async (tx: Tx, context: SyncContext, row: AppointmentRow): Promise<boolean> => {
  const wanted = {
    businessId: context.businessId,
    start: row.startsAt,
    end: row.endsAt,
    memberIds: row.assigneeIds,
    exceptId: row.id,
  }
  const overlapping = await readOverlapping(tx, wanted, { limit: 1 })
  return overlapping.length > 0
}
