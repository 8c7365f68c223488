import ICAL from 'ical.js'
import { DAY } from './zone.ts'

// One RRULE. ical.js walks it; what it lets through against the rule (30 February becoming 2 March, a first day that does
// not fit) is filtered here, and COUNT is therefore counted here. Wall times are milliseconds "as if UTC".

export type Rule = {
  recur: ICAL.Recur
  count?: number
  /** Last wall time that may start an instance. */
  until?: number
  fits(wall: number): boolean
  /** Where to begin walking: earlier than the first instance when BYSETPOS needs whole periods. */
  from: number
}

/** Nothing recurs beyond this. */
const END_OF_TIME = Date.UTC(2200, 0, 1)
const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** Throws when the rule cannot be read. `until` is given in the series' wall time by its reader. */
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
    fits: createFilter(parts, first),
    from: parts.has('BYSETPOS')
      ? periodBefore(first, { freq: parts.get('FREQ'), interval: Number(interval ?? 1) })
      : first,
  }
}

/** Starts of the rule in order, one per call. */
export function walkRule(
  rule: Rule,
  { first, allDay }: { first: number; allDay: boolean },
): () => number | undefined {
  const iterator = rule.recur.iterator(toIcal(rule.from, allDay))
  const end = Math.min(rule.until ?? END_OF_TIME, END_OF_TIME)
  let left = rule.count ?? Number.POSITIVE_INFINITY
  return () => {
    if (left <= 0) return
    for (let next = iterator.next(); next; next = iterator.next()) {
      const wall = fromIcal(next)
      if (wall > end) return
      if (wall < first || !rule.fits(wall)) continue
      left--
      return wall
    }
  }
}

/** ical.js takes the first day of a walk for a hit without counting positions; so the walk begins a period earlier. */
function periodBefore(
  first: number,
  { freq, interval }: { freq: string | undefined; interval: number },
): number {
  const at = new Date(first)
  const time = first - Math.floor(first / DAY) * DAY
  if (freq === 'YEARLY') return Date.UTC(at.getUTCFullYear() - interval, 0, 1) + time
  if (freq === 'MONTHLY') return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - interval, 1) + time
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
    const days = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()
    if (months && !months.includes(at.getUTCMonth() + 1)) return false
    if (monthDays && !monthDays.includes(day) && !monthDays.includes(day - days - 1)) return false
    return (!weekdays || weekdays.includes(WEEKDAYS[at.getUTCDay()] ?? '')) && isNumbered(at)
  }
}

/** `BYDAY=20MO` of a year without months means its 20th Monday. */
function createNumberFilter(parts: Map<string, string>): (at: Date) => boolean {
  const days = parts.get('BYDAY')?.split(',') ?? []
  const numbered = days.some((day) => day.length > 2)
  if (parts.get('FREQ') !== 'YEARLY' || parts.has('BYMONTH') || parts.has('BYWEEKNO') || !numbered)
    return () => true
  return (at) => {
    const year = at.getUTCFullYear()
    const dayOfYear = Math.floor((at.getTime() - Date.UTC(year, 0, 1)) / DAY)
    const left = Math.floor((Date.UTC(year + 1, 0, 1) - at.getTime() - 1) / DAY)
    const weekday = WEEKDAYS[at.getUTCDay()]
    const names = [
      weekday,
      `${Math.floor(dayOfYear / 7) + 1}${weekday}`,
      `-${Math.floor(left / 7) + 1}${weekday}`,
    ]
    return days.some((day) => names.includes(day.replace('+', '')))
  }
}

/** A month or a year without days of its own recurs on the day of its first instance, where there is one. */
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
  return Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second)
}
