import { type Clock, dayMs, zoneClock } from './clock.ts'
import { type Line, type ListedDate, readDates, readLine } from './dates.ts'
import { lastWallStart, type Rule, readRule, type WallRange, wallStarts } from './rule.ts'
import { type EventTimes, epochMs, readZone } from './times.ts'

/** A recurring Google event; `recurrence` holds Google's lines. */
export type Master = { eventId: string; times: EventTimes; recurrence: string[] }

/** Stable code, a colon, and the line it is about. */
export type Problems = string[]

/**
 * One start of a series. `key` identifies it (the instant, or for all-day the date); `length` is
 * set by an RDATE period.
 */
export type Start = { key: number; wall: number; instant: number; length: number | null }

/** A parsed master. `length` in ms: exact for timed, whole days for all-day. */
export type Series = {
  allDay: boolean
  clock: Clock
  first: Start
  length: number
  rules: Rule[]
  exRules: Rule[]
  rDates: Start[]
  exDates: ListedDate[]
  /** DTSTART is always an instance: there are no rules, or one is unreadable. */
  keepsFirst: boolean
  problems: Problems
}

export function readSeries(master: Master, calendarZone: string): Series {
  const { times } = master
  const problems: Problems = []
  const wanted = (times.allDay ? null : times.startZone) ?? calendarZone
  const zone = readZone(wanted)
  if (!zone) problems.push(`zone-unreadable:${wanted}`)
  const clock = zoneClock(zone ?? readZone(calendarZone) ?? 'UTC')
  const first = times.allDay ? allDayStart(dateMs(times.start), clock) : timedStart(epochMs(times.start), clock)
  const end = times.allDay ? dateMs(times.end) : epochMs(times.end)
  const base = { allDay: times.allDay, clock, first, length: end - first.key, problems }
  return { ...base, ...readLines(master.recurrence, base) }
}

/**
 * The starts between two instants (RDATE: up to the second), ascending, with EXDATE and EXRULE
 * applied; may include some of the day before. Stops after `room` starts of a rule.
 */
export function startsBetween(series: Series, range: { from: number; to: number; room: number }): Start[] {
  const { first, clock } = series
  const found = new Map<number, Start>()
  const add = (start: Start) => found.set(start.key, start)
  // A margin on both sides: wall time goes back where clocks do.
  const [from, to] = [clock.wallAt(range.from) - dayMs, clock.wallAt(range.to) + dayMs]
  const walls = { from, sure: from + 2 * dayMs, to, room: range.room }
  if (series.keepsFirst) add(first)
  for (const rule of series.rules) for (const start of ruleStarts(series, rule, walls)) add(start)
  for (const date of series.rDates) add(date)
  for (const rule of series.exRules) {
    for (const { key } of ruleStarts(series, rule, { ...walls, own: true })) found.delete(key)
  }
  for (const date of series.exDates) exclude(found, date, series)
  const kept = [...found.values()].filter(({ instant }) => instant <= range.to)
  return kept.sort((a, b) => a.instant - b.instant)
}

/** The last start of rules and RDATE, exclusions ignored; null for an endless series. */
export function lastStart(series: Series): Start | null {
  let last = series.first
  for (const rule of series.rules) {
    const end = lastOfRule(series, rule)
    if (!end) return null
    if (end.instant > last.instant) last = end
  }
  const endOf = (start: Start) => start.instant + (start.length ?? series.length)
  for (const date of series.rDates) if (endOf(date) > endOf(last)) last = date
  return last
}

function readLines(lines: string[], base: Pick<Series, 'allDay' | 'clock' | 'first' | 'problems'>) {
  const read: Pick<Series, 'rules' | 'exRules' | 'rDates' | 'exDates'> = {
    rules: [],
    exRules: [],
    rDates: [],
    exDates: [],
  }
  let unreadable = false
  for (const text of lines) {
    const line = readLine(text)
    const code = line ? readInto(read, line, base) : 'line-unreadable'
    if (code === 'rrule-unreadable' || code === 'line-unreadable') unreadable = true
    if (code) base.problems.push(`${code}:${text}`)
  }
  return { ...read, keepsFirst: unreadable || read.rules.length === 0 }
}

type Read = Pick<Series, 'rules' | 'exRules' | 'rDates' | 'exDates'>

function readInto(read: Read, line: Line, series: Pick<Series, 'allDay' | 'clock' | 'first'>): string | null {
  if (line.name === 'RRULE' || line.name === 'EXRULE') {
    const rule = readRule(line.value, series.allDay)
    if (rule) (line.name === 'RRULE' ? read.rules : read.exRules).push(rule)
    return rule ? null : `${line.name.toLowerCase()}-unreadable`
  }
  if (line.name !== 'RDATE' && line.name !== 'EXDATE') return 'line-unknown'
  const { dates, complete } = readDates(line, series.clock)
  if (line.name === 'EXDATE') read.exDates.push(...dates)
  else read.rDates.push(...dates.map((date) => listedStart(date, series)))
  return complete ? null : `${line.name.toLowerCase()}-unreadable`
}

function ruleStarts(series: Series, rule: Rule, range: WallRange & { own?: boolean }): Start[] {
  const { first, clock } = series
  const to = Math.min(range.to, untilWall(rule, clock) + dayMs)
  try {
    const walls = wallStarts({ ...range, to, rule, dtstart: first.wall })
    return walls.map((wall) => startAt(wall, series)).filter((start) => within(rule, start))
  } catch {
    series.problems.push(`rule-too-large:${rule.parts}`)
    return range.own ? [] : [first]
  }
}

function lastOfRule(series: Series, rule: Rule): Start | null {
  if (!rule.until && rule.count === null) return null
  let before = untilWall(rule, series.clock) + dayMs
  try {
    for (;;) {
      const wall = lastWallStart(rule, series.first.wall, before)
      if (wall === null) return series.first
      const start = startAt(wall, series)
      if (within(rule, start)) return start
      before = wall - 1
    }
  } catch {
    return null
  }
}

// UNTIL is compared as instants: at the end of summer time wall times would order two starts
// wrongly.
function within({ until }: Rule, start: Start): boolean {
  if (!until) return true
  return 'instant' in until ? start.instant <= until.instant : start.wall <= until.wall
}

function untilWall({ until }: Rule, clock: Clock): number {
  if (!until) return Number.POSITIVE_INFINITY
  return 'instant' in until ? clock.wallAt(until.instant) : until.wall
}

// DTSTART keeps its instant: it may be in the second of two equal hours.
function startAt(wall: number, { allDay, clock, first }: Series): Start {
  if (wall === first.wall) return first
  if (allDay) return allDayStart(wall, clock)
  const instant = clock.instantAt(wall)
  return { key: instant, wall, instant, length: null }
}

function timedStart(instant: number, clock: Clock): Start {
  return { key: instant, wall: clock.wallAt(instant), instant, length: null }
}

function allDayStart(date: number, clock: Clock): Start {
  return { key: date, wall: date, instant: clock.instantAt(date), length: null }
}

function listedStart(date: ListedDate, series: Pick<Series, 'allDay' | 'clock' | 'first'>): Start {
  if (series.allDay) return allDayStart(floorDay(date.written), series.clock)
  const instant = date.day ? series.clock.instantAt(date.wall + timeOfDay(series.first.wall)) : date.instant
  return { ...timedStart(instant, series.clock), length: date.length }
}

// A date excludes the whole day of a timed series.
function exclude(found: Map<number, Start>, date: ListedDate, { allDay }: Series): void {
  if (allDay) found.delete(floorDay(date.written))
  else if (!date.day) found.delete(date.instant)
  else for (const [key, { wall }] of found) if (floorDay(wall) === date.wall) found.delete(key)
}

function floorDay(wall: number): number {
  return Math.floor(wall / dayMs) * dayMs
}

function timeOfDay(wall: number): number {
  return wall - floorDay(wall)
}

function dateMs(date: string): number {
  return epochMs(`${date}T00:00:00Z`)
}
