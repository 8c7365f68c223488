import type { BusyCalendar } from '#lib/connection/mine/schema.ts'
import type { CalendarChoice } from '#lib/connection/schema.ts'
import type { SyncStatus } from '#lib/sync/core/status.ts'

/** One checkbox. `status` is null unless the calendar blocks now. */
export type BusyRow = {
  id: string
  name: string
  primary: boolean
  status: SyncStatus | null
  /** Why it cannot be ticked, in one sentence. */
  disabledBecause: string | null
}

/**
 * The calendars in the order of Google's list, then those that block and are missing from it.
 * `choices` is null while the list is not known.
 */
export const rowsOf = (choices: CalendarChoice[] | null, saved: BusyCalendar[]): BusyRow[] => {
  const blocking = new Map(saved.map((calendar) => [calendar.id, calendar]))
  const listed = (choices ?? []).map(({ id, name, primary, disabledBecause }) => {
    const status = blocking.get(id)?.status ?? null
    // One that blocks can always be unticked.
    return { id, name, primary, status, disabledBecause: status ? null : disabledBecause }
  })
  const ids = new Set(listed.map(({ id }) => id))
  const missing = saved.filter(({ id }) => !ids.has(id))
  return [...listed, ...missing.map((calendar) => ({ ...calendar, primary: false, disabledBecause: null }))]
}
