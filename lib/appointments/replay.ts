import { type AppointmentState, applyChange, type ChangeContext } from './change.ts'
import type { Appointment, AppointmentChange } from './schema.ts'

export type PendingChange = { key: string; change: AppointmentChange; bookAnyway: boolean }

/** Assumes success: only the server knows who is active, what is offered and what clashes. */
const optimisticContext = (bookAnyway: boolean): ChangeContext => ({
  clashesOf: () => [],
  isActiveMember: () => true,
  isOfferedService: () => true,
  bookAnyway,
  googleUnchecked: false,
})

/** What to show: the server's rows with the pending changes applied in order. */
export const replay = (rows: readonly Appointment[], pending: readonly PendingChange[]): readonly Appointment[] => {
  if (pending.length === 0) return rows
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const { change, bookAnyway } of pending) {
    const before = byId.get(change.id) ?? null
    const applied = applyChange(before, change, optimisticContext(bookAnyway))
    if (applied.ok && applied.effect !== 'nothing') byId.set(change.id, optimisticRow(before, applied.row))
  }
  return [...byId.values()].filter((row) => row.status === 'booked')
}

const optimisticRow = (before: Appointment | null, row: AppointmentState): Appointment => ({
  ...row,
  clashes: before?.clashes ?? [],
  clashCount: before?.clashCount ?? 0,
  sync: before?.sync.state === 'none' ? before.sync : { state: 'saving' },
})
