import type { Tx } from '#db/client.ts'
import { type AppointmentRow, lockMembers, readAppointmentsForUpdate } from '#db/queries/appointments.ts'
import { readAgreedElsewhere } from '#db/queries/mappings/mappings.ts'
import { touchWaiting } from '#db/queries/mappings/placement.ts'
import { type SyncContext, withCurrentRules } from './context.ts'
import { decideFromEvent, type FetchedEvent } from './decide.ts'
import { execute } from './execute.ts'
import { hasEvent, type Mapping, mappingOf } from './mapping.ts'

/** `mapping` may be new: the event is ours, but a crash kept its insert from being recorded. */
export type RemoteChange = { mapping: Mapping; event: FetchedEvent }

/**
 * Applies events as read from Google to their appointments, locked, in the given transaction. What
 * has to be written to Google stays dirty for push.
 */
export const applyRemoteChanges = async (
  tx: Tx,
  context: SyncContext,
  remoteChanges: RemoteChange[],
  options: { generation: number },
): Promise<void> => {
  const rows = await lockAppointments(tx, context, remoteChanges)
  const current = await withCurrentRules(tx, context)
  for (const { mapping, event } of remoteChanges) {
    const row = rows.get(mapping.appointmentId)
    if (!row || isKnownRemoval(event, mapping, row)) continue
    const known = event.state === 'present' && !mapping.base ? await withBaseFromElsewhere(tx, mapping) : mapping
    const saved = await execute(tx, current, decideFromEvent(current, row, { mapping: known, event, ...options }))
    if (saved) rows.set(saved.id, saved)
  }
  if (current.placement.calendars.length < 2) return
  const appeared = remoteChanges.filter(({ mapping, event }) => !hasEvent(mapping) && event.state === 'present')
  const appointmentIds = appeared.map(({ mapping }) => mapping.appointmentId)
  await touchWaiting(tx, { businessId: context.businessId, appointmentIds })
}

/** In order of their ids, as every other transaction that locks several. */
const lockAppointments = async (
  tx: Tx,
  { businessId }: SyncContext,
  remoteChanges: RemoteChange[],
): Promise<Map<string, AppointmentRow>> => {
  const ids = [...new Set(remoteChanges.map(({ mapping }) => mapping.appointmentId))].sort()
  const rows = await readAppointmentsForUpdate(tx, { businessId, ids })
  const memberIds = [...new Set(rows.flatMap((row) => row.assigneeIds))].sort()
  await lockMembers(tx, { businessId, memberIds })
  return new Map(rows.map((row) => [row.id, row]))
}

/** A removal that is recorded already, or of an event whose insert is still to be acknowledged. */
const isKnownRemoval = (event: FetchedEvent, { state }: Mapping, { status }: AppointmentRow): boolean =>
  event.state === 'gone' && (state === 'gone' || state === 'pending' || (state === 'removed' && status === 'booked'))

/** People moved the event here from a calendar chosen before: its base is what was agreed there. */
const withBaseFromElsewhere = async (tx: Tx, mapping: Mapping): Promise<Mapping> => {
  const row = await readAgreedElsewhere(tx, mapping)
  if (!row) return mapping
  const other = mappingOf(row)
  return {
    ...mapping,
    base: other.base,
    remoteSnapshot: other.remoteSnapshot,
    unacknowledgedWrites: [...other.unacknowledgedWrites, ...mapping.unacknowledgedWrites],
  }
}
