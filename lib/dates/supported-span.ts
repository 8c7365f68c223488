import { isSupportedYear } from './supported-years.ts'

/** Of an appointment, in milliseconds: 14 days. */
export const longestAppointment = 14 * 24 * 60 * 60 * 1000

/**
 * Whether an appointment may have these times, as UTC instants. Google has events of any length and
 * year.
 */
export const isSupportedSpan = ({ start, end }: { start: string; end: string }): boolean =>
  isSupportedYear(start) && isSupportedYear(end) && Date.parse(end) - Date.parse(start) <= longestAppointment
