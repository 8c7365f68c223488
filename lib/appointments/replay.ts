import { type AppointmentState, applyChange, type ChangeContext } from './change.ts'
import type { Appointment, AppointmentChange } from './schema.ts'

export type PendingChange = { key: string; change: AppointmentChange; bookAnyway: boolean }

/** The client trusts itself until the server says otherwise: who is active and what clashes is the server's to know. */
const hopeful = (bookAnyway: boolean): ChangeContext => ({
  clashesOf: () => [],
  isActiveMember: () => true,
  bookAnyway,
  googleUnchecked: false,
})

/** What the person should see: what the server said, with the pending changes made to it in order. */
export const replay = (
  rows: readonly Appointment[],
  pending: readonly PendingChange[],
): readonly Appointment[] => {
  if (pending.length === 0) return rows
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const { change, bookAnyway } of pending) {
    const before = byId.get(change.id) ?? null
    const applied = applyChange(before, change, hopeful(bookAnyway))
    if (applied.ok && applied.effect !== 'nothing') byId.set(change.id, shown(before, applied.row))
  }
  return [...byId.values()].filter((row) => row.status === 'booked')
}

const shown = (before: Appointment | null, row: AppointmentState): Appointment => ({
  ...row,
  clashes: before?.clashes ?? [],
  sync: before?.sync.state === 'none' ? before.sync : { state: 'saving' },
})
