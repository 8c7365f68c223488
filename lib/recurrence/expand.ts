import { dayMs } from './clock.ts'
import { dateStamp, instanceId, isoSeconds, timedStamp } from './instance-id.ts'
import { lastStart, type Master, readSeries, type Series, type Start, startsBetween, stepsPerSeries } from './series.ts'
import { type EventTimes, epochMs, latest, type OriginalStart, type Span, spanOf } from './times.ts'

/*
 * Recurring Google events to instances (RFC 5545 as Google reads it).
 *
 * Rules run on wall time without a zone; the result is converted in the series' zone. 09:00 stays
 * 09:00 over daylight saving, a missing hour moves forward by the gap, a repeated hour is the first
 * one, and COUNT counts both. A timed instance has the exact length of the first one, an all-day
 * instance its number of days. DTSTART is the first instance even if the rule does not match it,
 * unless every rule ends before it. Unreadable lines are skipped and named in `problems`; no input
 * from Google makes this throw, or takes longer than its steps (walk.ts).
 */

/** A changed or cancelled instance. `times` is null if they could not be read. */
export type Exception = {
  eventId: string
  originalStart: OriginalStart
  cancelled: boolean
  times: EventTimes | null
}

export type Occurrence = {
  instanceId: string
  originalStart: OriginalStart
  times: EventTimes
  exception: boolean
}

export type { Master } from './series.ts'

/** Reading a series costs something even if nothing of it is in the window. */
const stepsPerCall = 100

/** Enough for two years of an hourly series within working hours. */
export const mostOccurrences = 20_000

/**
 * What several calls may produce and spend together. `expand` takes from it what it used; a caller
 * that finds `exhausted` has an incomplete answer.
 */
export type ExpandBudget = { occurrences: number; steps: number }

/**
 * The instances that overlap `window` (UTC instants, half-open), ascending; `limit` keeps the
 * earliest. Exceptions count at their current times, also if the rule no longer produces them.
 * `calendarZone` applies to all-day dates and to series without a zone. `exhausted`: instances are
 * missing because the limit, the budget or the steps of this series came to an end.
 */
export function expand(input: {
  master: Master
  exceptions: Exception[]
  window: Span
  calendarZone: string
  limit?: number
  budget?: ExpandBudget
}): { occurrences: Occurrence[]; problems: string[]; exhausted: boolean } {
  const { master, exceptions, calendarZone, budget } = input
  const limit = Math.max(0, Math.min(input.limit ?? mostOccurrences, budget?.occurrences ?? mostOccurrences))
  const allowed = Math.max(0, Math.min(stepsPerSeries, budget?.steps ?? stepsPerSeries))
  const steps = { left: allowed }
  const series = readSeries(master, calendarZone, steps)
  const window = { from: epochMs(input.window.start), to: epochMs(input.window.end) }
  const room = limit + 1 + exceptions.length + series.exDates.length
  const starts = startsBetween(series, { from: window.from - reachOf(series), to: window.to, room })
  const replaced = new Set(exceptions.map((exception) => exception.originalStart))
  const placed = [
    ...starts.map((start) => generated(start, series, master)).filter((one) => !replaced.has(one.originalStart)),
    ...exceptions.flatMap((exception) => excepted(exception, { series, master, calendarZone })),
  ].filter(({ from, to }) => to > window.from && from < window.to)
  placed.sort((a, b) => a.from - b.from || (a.originalStart < b.originalStart ? -1 : 1))
  if (placed.length > limit) series.problems.push('too-many')
  const occurrences = placed.slice(0, limit).map(occurrence)
  if (budget) {
    budget.occurrences -= occurrences.length
    budget.steps -= Math.ceil(allowed - steps.left) + stepsPerCall
  }
  // With less than a series may spend, the budget is to blame and not the rule.
  const isShort = allowed < stepsPerSeries
  const problems = series.problems.map((problem) =>
    isShort && problem.startsWith('rule-too-large:') ? 'too-many' : problem,
  )
  const exhausted = problems.some((problem) => problem === 'too-many' || problem.startsWith('rule-too-large'))
  return { occurrences, problems, exhausted }
}

/**
 * The instance with the earliest original start that is neither excluded nor cancelled; null when
 * there is none.
 */
export function firstInstance(input: {
  master: Master
  exceptions?: Exception[]
  calendarZone: string
}): Occurrence | null {
  const { master, exceptions = [], calendarZone } = input
  const series = readSeries(master, calendarZone)
  const byStart = new Map(exceptions.map((exception) => [exception.originalStart, exception]))
  const earliest = Math.min(series.first.instant, ...series.rDates.map((date) => date.instant))
  for (const days of [7, 400, 4000, 40_000]) {
    const range = { from: earliest, to: earliest + days * dayMs, room: mostOccurrences }
    for (const start of startsBetween(series, range)) {
      const one = generated(start, series, master)
      const exception = byStart.get(one.originalStart)
      const live = exception ? excepted(exception, { series, master, calendarZone })[0] : one
      if (live) return occurrence(live)
    }
  }
  return null
}

/**
 * UTC instant at which the last instance ends; null for a series without end. Moved exceptions are
 * not considered.
 */
export function lastInstant(master: Master, calendarZone: string): string | null {
  const series = readSeries(master, calendarZone)
  const last = lastStart(series)
  return last && isoSeconds(endOf(last, series))
}

/**
 * An occurrence with the milliseconds of its span; its times are formatted only if it is returned.
 */
type Placed = Omit<Occurrence, 'times'> & { from: number; to: number; times: () => EventTimes }

function occurrence({ instanceId, originalStart, times, exception }: Placed): Occurrence {
  return { instanceId, originalStart, times: times(), exception }
}

function generated(start: Start, series: Series, master: Master): Placed {
  const originalStart = series.allDay ? dateStamp(start.key) : timedStamp(start.key)
  return {
    instanceId: instanceId(master.eventId, originalStart),
    originalStart,
    from: start.instant,
    to: endOf(start, series),
    times: () => timesOf(start, series, master.times),
    exception: false,
  }
}

type Context = { series: Series; master: Master; calendarZone: string }

function excepted(exception: Exception, { series, master, calendarZone }: Context): Placed[] {
  if (exception.cancelled) return []
  const times = exception.times ?? originalTimes(exception, series, master)
  if (!exception.times) series.problems.push(`exception-unreadable:${exception.eventId}`)
  if (!times) return []
  const span = spanOf(times, calendarZone)
  return [
    {
      instanceId: exception.eventId,
      originalStart: exception.originalStart,
      from: epochMs(span.start),
      to: epochMs(span.end),
      times: () => times,
      exception: true,
    },
  ]
}

function originalTimes(exception: Exception, series: Series, master: Master): EventTimes | null {
  const start = series.allDay ? `${exception.originalStart}T000000Z` : exception.originalStart
  try {
    const key = epochMs(start)
    const instant = series.allDay ? series.clock.instantAt(key) : key
    return timesOf({ key, wall: key, instant, length: null }, series, master.times)
  } catch {
    return null
  }
}

function timesOf(start: Start, series: Series, first: EventTimes): EventTimes {
  if (!first.allDay) return { ...first, start: isoSeconds(start.instant), end: isoSeconds(endOf(start, series)) }
  const date = (ms: number) => isoSeconds(ms).slice(0, 10)
  return { allDay: true, start: date(start.key), end: date(Math.min(start.key + series.length, latest)) }
}

function endOf(start: Start, series: Series): number {
  const end = series.allDay
    ? series.clock.instantAt(start.key + series.length)
    : start.instant + (start.length ?? series.length)
  return Math.min(end, latest)
}

// Midnight to midnight is longer than 24 hours per day where clocks are set back.
function reachOf(series: Series): number {
  return series.length + (series.allDay ? dayMs : 0)
}
