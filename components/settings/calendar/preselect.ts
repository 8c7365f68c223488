import type { CalendarChoice } from '#lib/connection/schema.ts'

/** The calendar that was selected before, or the only one that can be; else nobody chooses for the owner. */
export const preselect = (calendars: CalendarChoice[], selectedId: string | null): string | null => {
  const writable = calendars.filter((calendar) => calendar.disabledBecause === null)
  if (writable.some(({ id }) => id === selectedId)) return selectedId
  return writable.length === 1 ? (writable[0]?.id ?? null) : null
}
