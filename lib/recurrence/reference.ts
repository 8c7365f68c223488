import { Temporal } from 'temporal-polyfill'

/*
 * RFC 5545 §3.3.10 read literally, for tests: iterate over periods, keep every day that passes the
 * table's parts, combine with the times, then apply BYSETPOS. Slow and plain on purpose; shares no
 * code with the engine.
 */
type Wall = Temporal.PlainDateTime
type Day = Temporal.PlainDate
type Parts = Map<string, string>

const names = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/**
 * A rule's own starts up to `last`; DTSTART only if the rule matches it. Ignores COUNT and UNTIL.
 */
export function startsByTheBook(rule: string, start: Wall, last: Wall): Wall[] {
  const parts: Parts = new Map(rule.split(';').map((part) => part.split('=') as [string, string]))
  if (parts.get('FREQ') === 'HOURLY') return hourly(parts, start, last)
  const found: Wall[] = []
  const step = Number(parts.get('INTERVAL') ?? 1)
  for (let index = 0; ; index += step) {
    const [from, to] = period(parts, start.toPlainDate(), index)
    if (Temporal.PlainDate.compare(from.subtract({ days: 7 }), last.toPlainDate()) > 0) return kept(found, start, last)
    const days = daysOf(from, to).filter((day) => matchesDay(parts, day, start.toPlainDate(), from))
    const starts = days.flatMap((day) => timesOf(parts, start).map((time) => day.toPlainDateTime(time)))
    found.push(...chosen(starts, numbers(parts, 'BYSETPOS')))
  }
}

function hourly(parts: Parts, start: Wall, last: Wall): Wall[] {
  const found: Wall[] = []
  const hours = numbers(parts, 'BYHOUR')
  const step = Number(parts.get('INTERVAL') ?? 1)
  for (let at = start; Temporal.PlainDateTime.compare(at, last) <= 0; at = at.add({ hours: step })) {
    const dayFits = !parts.has('BYDAY') || parts.get('BYDAY')?.split(',').includes(nameOf(at.toPlainDate()))
    if (dayFits && (!hours.length || hours.includes(at.hour))) found.push(at)
  }
  return found
}

function period(parts: Parts, first: Day, index: number): [Day, Day] {
  switch (parts.get('FREQ')) {
    case 'DAILY':
      return [first.add({ days: index }), first.add({ days: index + 1 })]
    case 'WEEKLY': {
      const week = weekOf(first, parts).add({ weeks: index })
      return [week, week.add({ weeks: 1 })]
    }
    case 'MONTHLY': {
      const month = first.with({ day: 1 }).add({ months: index })
      return [month, month.add({ months: 1 })]
    }
    default: {
      const year = first.with({ month: 1, day: 1 }).add({ years: index })
      if (!parts.has('BYWEEKNO')) return [year, year.add({ years: 1 })]
      return [firstWeek(year.year, parts), firstWeek(year.year + 1, parts)]
    }
  }
}

function matchesDay(parts: Parts, day: Day, first: Day, from: Day): boolean {
  const months = numbers(parts, 'BYMONTH')
  const monthDays = numbers(parts, 'BYMONTHDAY')
  const yearDays = numbers(parts, 'BYYEARDAY')
  const weeks = numbers(parts, 'BYWEEKNO')
  if (months.length && !months.includes(day.month)) return false
  if (monthDays.length && !hits(monthDays, day.day, day.daysInMonth)) return false
  if (yearDays.length && !hits(yearDays, day.dayOfYear, day.daysInYear)) return false
  if (weeks.length && !matchesWeek(weeks, day, from, parts)) return false
  if (parts.has('BYDAY')) return (parts.get('BYDAY') ?? '').split(',').some((text) => matchesByDay(text, parts, day))
  if (monthDays.length || yearDays.length) return true
  return matchesFirst(parts, day, first)
}

/** Parts that the rule omits come from DTSTART. */
function matchesFirst(parts: Parts, day: Day, first: Day): boolean {
  const frequency = parts.get('FREQ')
  if (frequency === 'DAILY') return true
  if (frequency === 'WEEKLY' || parts.has('BYWEEKNO')) return day.dayOfWeek === first.dayOfWeek
  if (frequency === 'MONTHLY' || parts.has('BYMONTH')) return day.day === first.day
  return day.day === first.day && day.month === first.month
}

function matchesByDay(text: string, parts: Parts, day: Day): boolean {
  if (text.slice(-2) !== nameOf(day)) return false
  const position = Number(text.slice(0, -2))
  if (!position) return true
  const monthly = parts.get('FREQ') === 'MONTHLY' || parts.has('BYMONTH')
  const [at, of] = monthly ? [day.day, day.daysInMonth] : [day.dayOfYear, day.daysInYear]
  return position > 0 ? Math.ceil(at / 7) === position : Math.ceil((of - at + 1) / 7) === -position
}

function matchesWeek(weeks: number[], day: Day, from: Day, parts: Parts): boolean {
  const week = Math.floor(from.until(day, { largestUnit: 'day' }).days / 7) + 1
  const end = firstWeek(from.add({ days: 10 }).year + 1, parts)
  return hits(weeks, week, from.until(end, { largestUnit: 'day' }).days / 7)
}

function hits(wanted: number[], at: number, of: number): boolean {
  return wanted.includes(at) || wanted.includes(at - of - 1)
}

function timesOf(parts: Parts, start: Wall): Temporal.PlainTime[] {
  const hours = parts.has('BYHOUR') ? numbers(parts, 'BYHOUR') : [start.hour]
  const minutes = parts.has('BYMINUTE') ? numbers(parts, 'BYMINUTE') : [start.minute]
  const times = hours.flatMap((hour) => minutes.map((minute) => start.toPlainTime().with({ hour, minute })))
  return times.sort(Temporal.PlainTime.compare)
}

function chosen(starts: Wall[], positions: number[]): Wall[] {
  return positions.length ? starts.filter((_, index) => hits(positions, index + 1, starts.length)) : starts
}

function kept(found: Wall[], start: Wall, last: Wall): Wall[] {
  const compare = Temporal.PlainDateTime.compare
  return found.filter((wall) => compare(wall, start) >= 0 && compare(wall, last) <= 0).sort(compare)
}

function daysOf(from: Day, to: Day): Day[] {
  const length = from.until(to, { largestUnit: 'day' }).days
  return Array.from({ length }, (_, days) => from.add({ days }))
}

/** Week one is the first with at least four days in the year (§3.3.10 BYWEEKNO). */
function firstWeek(year: number, parts: Parts): Day {
  return weekOf(Temporal.PlainDate.from({ year, month: 1, day: 4 }), parts)
}

function weekOf(day: Day, parts: Parts): Day {
  const start = names.indexOf(parts.get('WKST') ?? 'MO') + 1
  return day.subtract({ days: (day.dayOfWeek - start + 7) % 7 })
}

function nameOf(day: Day): string {
  return names[day.dayOfWeek - 1] ?? ''
}

function numbers(parts: Parts, name: string): number[] {
  return parts.has(name) ? (parts.get(name) ?? '').split(',').map(Number) : []
}
