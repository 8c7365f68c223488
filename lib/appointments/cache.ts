import type { CalendarRange } from './schema.ts'

/** Dates in the business's zone, `to` exclusive. */
export type DateRange = { from: string; to: string }

export const calendarKeys = {
  all: ['calendar'] as const,
  range: ({ from, to }: DateRange) => ['calendar', from, to] as const,
}

/** The route refused; `code` is its stable code. */
export class CalendarRefused extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export const fetchCalendar = async (
  { from, to }: DateRange,
  signal?: AbortSignal,
): Promise<CalendarRange> => {
  const response = await fetch(`/api/calendar?${new URLSearchParams({ from, to })}`, { signal })
  if (response.ok) return (await response.json()) as CalendarRange
  const { code = 'unavailable', message = 'The calendar could not be read.' } = await response
    .json()
    .catch(() => ({}))
  throw new CalendarRefused(code, message)
}
