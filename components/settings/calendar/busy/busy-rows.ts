import type { BusyCalendar, CalendarChoice } from '#lib/connection/schema.ts'

/** One calendar of the list. `saved` is null unless it blocks now. */
export type BusyRow = {
  id: string
  name: string
  primary: boolean
  saved: BusyCalendar | null
  /** Why it cannot be ticked, in one sentence. */
  disabledBecause: string | null
}

/**
 * The calendars in the order of Google's list, then those that block and are missing from it.
 * `choices` is null while the list is not known.
 */
export const rowsOf = (choices: CalendarChoice[] | null, busy: BusyCalendar[]): BusyRow[] => {
  const blocking = new Map(busy.map((calendar) => [calendar.id, calendar]))
  const listed = (choices ?? []).map(({ id, name, primary, disabledBecause }) => {
    const saved = blocking.get(id) ?? null
    // One that blocks can always be unticked.
    return { id, name, primary, saved, disabledBecause: saved ? null : disabledBecause }
  })
  const ids = new Set(listed.map(({ id }) => id))
  const missing = busy.filter(({ id }) => !ids.has(id))
  return [
    ...listed,
    ...missing.map((saved) => ({ id: saved.id, name: saved.name, primary: false, saved, disabledBecause: null })),
  ]
}
