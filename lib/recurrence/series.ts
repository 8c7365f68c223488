import { type Clock, dayMs, zoneClock } from './clock.ts'
import { type Line, type ListedDate, readDates, readLine } from './dates.ts'
import { lastWallStarts, type Rule, readRule, wallStarts } from './rule.ts'
import { type EventTimes, epochMs, latest, readZone, zoneOrUtc } from './times.ts'
import type { Steps, WallRange } from './walk.ts'

/** A recurring Google event; `recurrence` holds Google's lines. */
export type Master = { eventId: string; times: EventTimes; recurrence: string[] }

/** Stable code, a colon, and the beginning of the line it is about. */
export type Problems = string[]

/**
 * A master with more is shown as its first instance only (`rule-too-large`). A daily series with
 * 2,000 exclusions has more than five years; Google's own editor makes one rule.
 */
export const most = { rules: 10, dates: 2000, lines: 4100, characters: 100_000 }

/**
 * For one series: a step is a day examined or a start produced, 50,000 take about 20 ms to examine.
 * A daily rule may go on for 130 years before the range in which its COUNT ends.
 */
export const stepsPerSeries = 50_000
const stepsPerDate = 5

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
  steps: Steps
}

/** `steps`: what the series may spend; what it leaves is there for others. */
export function readSeries(master: Master, calendarZone: string, steps = { left: stepsPerSeries }): Series {
  const { times } = master
  const problems: Problems = []
  const wanted = (times.allDay ? null : times.startZone) ?? calendarZone
  const zone = readZone(wanted)
  if (!zone) problems.push(`zone-unreadable:${wanted}`)
  const clock = zoneClock(zone ?? zoneOrUtc(calendarZone))
  const first = times.allDay ? allDayStart(dateMs(times.start), clock) : timedStart(epochMs(times.start), clock)
  const end = times.allDay ? dateMs(times.end) : epochMs(times.end)
  const base = { allDay: times.allDay, clock, first, length: end - first.key, problems, steps }
  const listed = countDates(master.recurrence)
  if (listed !== null && listed * stepsPerDate <= steps.left) {
    steps.left -= listed * stepsPerDate
    return { ...base, ...readLines(master.recurrence, base) }
  }
  problems.push('rule-too-large')
  return { ...base, rules: [], exRules: [], rDates: [], exDates: [], keepsFirst: true }
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
  exclude(found, series)
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
    if (code) base.problems.push(`${code}:${text.slice(0, 200)}`)
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
    const walls = wallStarts({ ...range, to, rule, dtstart: first.wall, steps: series.steps })
    return walls.map((wall) => startAt(wall, series)).filter((start) => start.instant <= latest && within(rule, start))
  } catch {
    series.problems.push(`rule-too-large:${rule.parts.slice(0, 200)}`)
    return range.own ? [] : [first]
  }
}

function lastOfRule(series: Series, rule: Rule): Start | null {
  if (!rule.until && rule.count === null) return null
  const before = untilWall(rule, series.clock) + dayMs
  try {
    const walls = lastWallStarts({ rule, dtstart: series.first.wall, before, steps: series.steps })
    for (const wall of walls) {
      const start = startAt(wall, series)
      if (within(rule, start)) return start
    }
    return series.first
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
function exclude(found: Map<number, Start>, { exDates, allDay }: Series): void {
  const days = new Set<number>()
  for (const date of exDates) {
    if (allDay) found.delete(floorDay(date.written))
    else if (!date.day) found.delete(date.instant)
    else days.add(date.wall)
  }
  if (days.size > 0) for (const [key, { wall }] of found) if (days.has(floorDay(wall))) found.delete(key)
}

/**
 * How many RDATE and EXDATE there are, before anything is parsed; null if something is too large.
 */
function countDates(lines: string[]): number | null {
  let characters = 0
  let rules = 0
  const dates = { RDATE: 0, EXDATE: 0 }
  for (const line of lines) {
    characters += line.length
    if (characters > most.characters || lines.length > most.lines) return null
    const name = /^\s*([A-Z]*)/i.exec(line)?.[1]?.toUpperCase()
    if (name === 'RRULE' || name === 'EXRULE') rules += 1
    if (name === 'RDATE' || name === 'EXDATE') dates[name] += line.split(',').length
  }
  const isTooLarge = rules > most.rules || dates.RDATE > most.dates || dates.EXDATE > most.dates
  return isTooLarge ? null : dates.RDATE + dates.EXDATE
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
