import { zoneClock } from '#lib/recurrence/clock.ts'
import { expand, lastInstant, type Master } from '#lib/recurrence/expand.ts'
import { dateOf, dayNumberOf } from '#lib/repeat/repeat.ts'

/**
 * The dates of a rule, by the expansion that Google's events use. Rules run on wall time: it is
 * expanded as if it were UTC and converted in the zone of the series, so that the original start
 * of a visit is a wall time that never depends on daylight saving.
 */

/** `YYYY-MM-DDTHH:mm` in the zone of the series. */
export type WallTime = string

export type Schedule = { rule: string; startsAt: WallTime }

/** Both dates inclusive. */
type DateWindow = { from: string; to: string; limit: number }

const masterOf = ({ rule, startsAt }: Schedule): Master => ({
  eventId: '',
  times: { allDay: false, start: `${startsAt}:00Z`, end: `${startsAt}:01Z`, startZone: 'UTC', endZone: 'UTC' },
  recurrence: [`RRULE:${rule}`],
})

/** The original starts of a rule on the dates of the window, at most `limit`, ascending. */
export const originalStarts = ({ rule, startsAt }: Schedule, { from, to, limit }: DateWindow): WallTime[] => {
  const earliest = from > startsAt.slice(0, 10) ? from : startsAt.slice(0, 10)
  if (to < earliest) return []
  const { occurrences } = expand({
    master: masterOf({ rule, startsAt }),
    exceptions: [],
    window: { start: `${earliest}T00:00:00Z`, end: `${dateOf(dayNumberOf(to) + 1)}T00:00:00Z` },
    calendarZone: 'UTC',
    limit,
  })
  return occurrences.map(({ originalStart: stamp }) => wallOfStamp(stamp))
}

/** `20270302T093000Z` */
const wallOfStamp = (stamp: string): WallTime =>
  `${stamp.slice(0, 4)}-${stamp.slice(4, 6)}-${stamp.slice(6, 8)}T${stamp.slice(9, 11)}:${stamp.slice(11, 13)}`

/**
 * Instants of wall times in one zone, fast for ascending ones. A time that a spring night skips
 * moves on by the gap; one that happens twice is the first.
 */
export const wallClock = (zone: string): WallClock => {
  const known = clocks.get(zone) ?? newClock(zone)
  clocks.set(zone, known)
  return known
}

/** There are some hundred zones, and looking up their transitions is slow. */
const clocks = new Map<string, WallClock>()

const newClock = (zone: string) => {
  const clock = zoneClock(zone)
  return {
    instantAt: (wall: WallTime): string => isoOf(clock.instantAt(Date.parse(`${wall}:00Z`))),
    wallAt: (instant: string): WallTime => isoOf(clock.wallAt(Date.parse(instant))).slice(0, 16),
    dateAt: (instant: string): string => isoOf(clock.wallAt(Date.parse(instant))).slice(0, 10),
  }
}

export type WallClock = ReturnType<typeof newClock>

export const isoOf = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`

export const minutesAfter = (instant: string, minutes: number) => isoOf(Date.parse(instant) + minutes * 60_000)

/** Visits exist for this long ahead. */
const horizonMonths = 13

/** The last date of the horizon. A later first visit is planned as well. */
export const horizonOf = (today: string, firstDate: string): string => {
  const [year = 0, month = 0, day = 0] = today.split('-').map(Number)
  const end = new Date(Date.UTC(year, month - 1 + horizonMonths, day)).toISOString().slice(0, 10)
  return end > firstDate ? end : firstDate
}

/** The most visits that are planned at once: every day of the horizon. */
export const mostVisits = 400

/** Beyond every date of an appointment. */
const endOfTime = '2300-12-31'

/** The first original start after a date; null if the rule has ended. */
export const nextAfter = (schedule: Schedule, date: string): WallTime | null =>
  originalStarts(schedule, { from: dateOf(dayNumberOf(date) + 1), to: endOfTime, limit: 1 })[0] ?? null

/** The last date of a rule; null if it never ends. */
export const lastDateOf = (schedule: Schedule): string | null =>
  lastInstant(masterOf(schedule), 'UTC')?.slice(0, 10) ?? null

/** How many dates a rule has before a date. */
export const countBefore = (schedule: Schedule, date: string): number =>
  originalStarts(schedule, { from: '0001-01-03', to: dateOf(dayNumberOf(date) - 1), limit: mostCounted }).length

/** A daily series of fifty years. */
const mostCounted = 19_000
