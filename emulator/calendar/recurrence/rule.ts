import ICAL from 'ical.js'
import { DAY, utc } from './zone.ts'

// One RRULE, iterated by ical.js. Dates that it returns although they do not match (2 March for 30
// February, a first day that does not fit) are filtered here, so COUNT is also applied here. Wall
// times are milliseconds as if they were UTC.

export type Rule = {
  recur: ICAL.Recur
  count?: number
  /** Last wall time that may start an instance. */
  until?: number
  matches(wall: number): boolean
  /** Start of the iteration: before the first instance if BYSETPOS needs whole periods. */
  from: number
}

/** No series is expanded beyond this date. */
const END_OF_TIME = Date.UTC(2200, 0, 1)
/** ical.js misreads the first years; the calendar repeats every 400 years. */
const CYCLE = 146_097 * DAY
const YEAR_400 = utc(400, 0, 1)
const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** Throws if the rule is invalid. `untilWall` converts UNTIL to the series' wall time. */
export function readRule(
  value: string,
  { first, untilWall }: { first: number; untilWall: (until: string) => number },
): Rule {
  const parts = new Map(
    value
      .toUpperCase()
      .split(';')
      .filter(Boolean)
      .map((part) => part.split('=') as [string, string]),
  )
  const {
    COUNT: count,
    UNTIL: until,
    INTERVAL: interval,
  } = Object.fromEntries(parts) as Record<string, string | undefined>
  if (count !== undefined && (until !== undefined || !(Number(count) > 0))) throw new Error(`COUNT=${count}`)
  if (interval !== undefined && !(Number(interval) > 0)) throw new Error(`INTERVAL=${interval}`)
  const open = [...parts].filter(([name]) => name !== 'COUNT' && name !== 'UNTIL')
  return {
    recur: ICAL.Recur.fromString(open.map((part) => part.join('=')).join(';')),
    ...(count !== undefined && { count: Number(count) }),
    ...(until !== undefined && { until: untilWall(until) }),
    matches: createFilter(parts, first),
    from: parts.has('BYSETPOS')
      ? periodBefore(first, { freq: parts.get('FREQ'), interval: Number(interval ?? 1) })
      : first,
  }
}

/** Returns the starts in order, one per call. */
export function iterateRule(
  rule: Rule,
  { first, allDay }: { first: number; allDay: boolean },
): () => number | undefined {
  const shift = rule.from < YEAR_400 ? CYCLE : 0
  const iterator = rule.recur.iterator(toIcal(rule.from + shift, allDay))
  const end = Math.min(rule.until ?? END_OF_TIME, END_OF_TIME)
  let left = rule.count ?? Number.POSITIVE_INFINITY
  return () => {
    if (left <= 0) return
    for (let next = iterator.next(); next; next = iterator.next()) {
      const wall = fromIcal(next) - shift
      if (wall > end) return
      if (wall < first || !rule.matches(wall)) continue
      left--
      return wall
    }
  }
}

/**
 * ical.js returns the first day without applying BYSETPOS, so the iteration starts a period
 * earlier.
 */
function periodBefore(first: number, { freq, interval }: { freq: string | undefined; interval: number }): number {
  const at = new Date(first)
  const time = first - Math.floor(first / DAY) * DAY
  if (freq === 'YEARLY') return utc(at.getUTCFullYear() - interval, 0, 1) + time
  if (freq === 'MONTHLY') return utc(at.getUTCFullYear(), at.getUTCMonth() - interval, 1) + time
  return first - interval * (freq === 'WEEKLY' ? 7 : 1) * DAY
}

function createFilter(parts: Map<string, string>, first: number): (wall: number) => boolean {
  const months = numbers(parts.get('BYMONTH'))
  const monthDays = numbers(parts.get('BYMONTHDAY')) ?? impliedMonthDay(parts, first)
  const weekdays = parts
    .get('BYDAY')
    ?.split(',')
    .map((day) => day.slice(-2))
  const isNumbered = createNumberFilter(parts)
  return (wall) => {
    const at = new Date(wall)
    const day = at.getUTCDate()
    const days = new Date(utc(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()
    if (months && !months.includes(at.getUTCMonth() + 1)) return false
    if (monthDays && !monthDays.includes(day) && !monthDays.includes(day - days - 1)) return false
    return (!weekdays || weekdays.includes(WEEKDAYS[at.getUTCDay()] ?? '')) && isNumbered(at)
  }
}

/** With FREQ=YEARLY and no BYMONTH, `BYDAY=20MO` is the 20th Monday of the year. */
function createNumberFilter(parts: Map<string, string>): (at: Date) => boolean {
  const days = parts.get('BYDAY')?.split(',') ?? []
  const numbered = days.some((day) => day.length > 2)
  if (parts.get('FREQ') !== 'YEARLY' || parts.has('BYMONTH') || parts.has('BYWEEKNO') || !numbered) return () => true
  return (at) => {
    const year = at.getUTCFullYear()
    const dayOfYear = Math.floor((at.getTime() - utc(year, 0, 1)) / DAY)
    const left = Math.floor((utc(year + 1, 0, 1) - at.getTime() - 1) / DAY)
    const weekday = WEEKDAYS[at.getUTCDay()]
    const names = [weekday, `${Math.floor(dayOfYear / 7) + 1}${weekday}`, `-${Math.floor(left / 7) + 1}${weekday}`]
    return days.some((day) => names.includes(day.replace('+', '')))
  }
}

/**
 * A monthly or yearly rule without days recurs on the first instance's day of the month, if it
 * exists.
 */
function impliedMonthDay(parts: Map<string, string>, first: number): number[] | undefined {
  const repeats = parts.get('FREQ') === 'MONTHLY' || parts.get('FREQ') === 'YEARLY'
  const named = ['BYDAY', 'BYWEEKNO', 'BYYEARDAY'].some((name) => parts.has(name))
  return repeats && !named ? [new Date(first).getUTCDate()] : undefined
}

function numbers(list: string | undefined): number[] | undefined {
  return list?.split(',').map(Number)
}

function toIcal(wall: number, isDate: boolean): ICAL.Time {
  const at = new Date(wall)
  const date = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() }
  const time = { hour: at.getUTCHours(), minute: at.getUTCMinutes(), second: at.getUTCSeconds() }
  return new ICAL.Time({ ...date, ...time, isDate }, ICAL.Timezone.localTimezone)
}

function fromIcal(time: ICAL.Time): number {
  return utc(time.year, time.month - 1, time.day, [time.hour, time.minute, time.second])
}
