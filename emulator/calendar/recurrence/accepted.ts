import type { StoredTime } from '../../model.ts'

// Lines that can be expanded but that the API refuses.

const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']

/** Whether a client may send this line for a series with this start. */
export function isAcceptedLine(line: string, start: StoredTime): boolean {
  if (typeof line !== 'string') return false
  if (!/^(RRULE|EXRULE)[:;]/i.test(line)) return true
  const parts = new Map(
    line
      .slice(line.indexOf(':') + 1)
      .trim()
      .toUpperCase()
      .split(';')
      .map((part) => part.split('=') as [string, string]),
  )
  return FREQUENCIES.includes(parts.get('FREQ') ?? '') && isAcceptedUntil(parts.get('UNTIL'), start)
}

/** A date for an all-day series, a UTC time for a timed one. */
function isAcceptedUntil(until: string | undefined, start: StoredTime): boolean {
  if (until === undefined) return true
  return start.date === undefined ? /^\d{8}T\d{6}Z$/.test(until) : /^\d{8}$/.test(until)
}
