import type { CalendarChoice } from '#lib/connection/schema.ts'

/** The calendar selected before, or the only writable one; null if the owner has to choose. */
export const preselect = (calendars: CalendarChoice[], selectedId: string | null): string | null => {
  const writable = calendars.filter((calendar) => calendar.disabledBecause === null)
  if (writable.some(({ id }) => id === selectedId)) return selectedId
  return writable.length === 1 ? (writable[0]?.id ?? null) : null
}
