import { Temporal } from 'temporal-polyfill'
import type { Span } from '#lib/availability/overlap.ts'
import { isSupportedYear, yearSentence } from '#lib/dates/supported-years.ts'
import type { Result } from '#lib/result.ts'

/** A year and a month, also where the clocks change. */
const longestDays = 400
const longestHours = longestDays * 24 + 2
const longestText = 40

/** `from` and `to` as dates (midnight in the business's zone) or as instants; `to` is exclusive. */
export const readRange = (
  query: { from: string | null; to: string | null },
  zone: string,
): Result<{ span: Span }, 'invalid' | 'range-too-long'> => {
  const [start, end] = [readMoment(query.from, zone), readMoment(query.to, zone)]
  const fields: Record<string, string> = {}
  if (!start) fields.from = 'Give a date such as 2026-11-23, or an instant such as 2026-11-23T00:00:00Z.'
  else if (!isNearSupportedYears(start)) fields.from = yearSentence
  if (!end) fields.to = 'Give a date such as 2026-11-30, or an instant such as 2026-11-30T00:00:00Z.'
  else if (!isNearSupportedYears(end)) fields.to = yearSentence
  else if (start && Temporal.Instant.compare(start, end) >= 0) fields.to = 'The end must be after the start.'
  const [first] = Object.entries(fields)
  if (first || !start || !end) return { ok: false, code: 'invalid', message: `${first?.[0]}: ${first?.[1]}`, fields }
  if (end.since(start).total('hours') > longestHours)
    return { ok: false, code: 'range-too-long', message: `Ask for at most ${longestDays} days at a time.` }
  return { ok: true, span: { start: start.toString(), end: end.toString() } }
}

/** The first and the last week, month and list reach into the next year. */
const isNearSupportedYears = (moment: Temporal.Instant) => isSupportedYear(moment.toString(), 1)

const readMoment = (text: string | null, zone: string): Temporal.Instant | null => {
  if (!text || text.length > longestText) return null
  try {
    if (/^\d{4}-\d{2}-\d{2}$/.test(text))
      return Temporal.PlainDate.from(text, { overflow: 'reject' }).toZonedDateTime(zone).toInstant()
    return Temporal.Instant.from(text)
  } catch {
    return null
  }
}
