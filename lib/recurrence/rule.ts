import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { dayMs } from './clock.ts'
import { readListedDate } from './dates.ts'

/** A parsed RRULE or EXRULE. `until` is the last start that counts: an instant or a wall time. */
export type Rule = { parts: string; count: number | null; until: Until | null }
export type Until = { instant: number } | { wall: number }

/**
 * A range of wall times (see clock.ts), inclusive. Generation stops after `room` starts at or after
 * `sure`.
 */
export type WallRange = { from: number; sure: number; to: number; room: number }
export type WallQuery = WallRange & { rule: Rule; dtstart: number; own?: boolean }

/** Null if the rule is unreadable. All-day rules lose their time parts (RFC 5545 §3.3.10). */
export function readRule(value: string, allDay: boolean): Rule | null {
  const parts = readParts(value)
  const frequency = parts?.get('FREQ')
  if (!parts || !frequency || (allDay && timeFrequency.test(frequency))) return null
  const until = parts.has('UNTIL') ? readUntil(parts.get('UNTIL') ?? '', allDay) : null
  if (parts.has('UNTIL') && !until) return null
  const count = parts.has('COUNT') ? Number(parts.get('COUNT')) : null
  const apart = (name: string) => name === 'UNTIL' || name === 'COUNT' || (allDay && timeParts.has(name))
  const kept = [...parts].filter(([name]) => !apart(name))
  const rule = { parts: kept.map((part) => part.join('=')).join(';'), count, until }
  return accepted(rule) ? rule : null
}

/**
 * The starts in a range, ascending. DTSTART is the first one even if the rule does not match it;
 * `own` returns the rule's own matches only. Throws if the rule has too many starts to iterate.
 *
 * The rule runs in UTC, where the library needs no zone and can jump to `from`, except with COUNT.
 */
export function wallStarts({ rule, dtstart, own, ...range }: WallQuery): number[] {
  if (own) return walk(rule, dtstart, range)
  const added = dtstart >= range.from && dtstart <= range.to && misses(rule, dtstart)
  return [...(added ? [dtstart] : []), ...walk(rule, dtstart, range)]
}

/**
 * The last start at or before `before`, or null. Throws if the rule has too many starts to iterate.
 */
export function lastWallStart(rule: Rule, dtstart: number, before: number): number | null {
  const last = engine(rule, dtstart).previous(utc(before), true)
  return last ? last.epochMilliseconds : dtstart <= before ? dtstart : null
}

const timeFrequency = /^(?:HOURLY|MINUTELY|SECONDLY)$/
const timeParts = new Set(['BYHOUR', 'BYMINUTE', 'BYSECOND'])
const furthest = Date.UTC(9999, 0)
const walkedByCount = 100_000
const shortest = 60_000

const positive = /^0*[1-9]\d{0,8}$/
const weekday = /^(?:MO|TU|WE|TH|FR|SA|SU)$/
const grammar: Record<string, (value: string) => boolean> = {
  FREQ: (value) => /^(?:YEARLY|MONTHLY|WEEKLY|DAILY)$/.test(value) || timeFrequency.test(value),
  INTERVAL: (value) => positive.test(value),
  COUNT: (value) => positive.test(value),
  UNTIL: () => true,
  WKST: (value) => weekday.test(value),
  BYDAY: (value) => value.split(',').every((day) => /^(?:[+-]?0*[1-9]\d?)?(?:MO|TU|WE|TH|FR|SA|SU)$/.test(day)),
  BYMONTH: (value) => value.split(',').every((month) => /^0*(?:[1-9]|1[0-3])L?$/.test(month)),
  BYMONTHDAY: numbers(1, 31, true),
  BYYEARDAY: numbers(1, 366, true),
  BYWEEKNO: numbers(1, 53, true),
  BYSETPOS: numbers(1, 366, true),
  BYHOUR: numbers(0, 23),
  BYMINUTE: numbers(0, 59),
  BYSECOND: numbers(0, 60),
  RSCALE: (value) => /^[A-Z]+$/.test(value),
  SKIP: (value) => /^(?:OMIT|BACKWARD|FORWARD)$/.test(value),
}

// The library ignores values it does not know, which would widen the rule; they are refused here.
function readParts(value: string): Map<string, string> | null {
  const parts = new Map<string, string>()
  for (const part of value.trim().toUpperCase().split(';')) {
    const [name = '', text = ''] = part.split('=').map((side) => side.trim())
    if (name === '' || name.startsWith('X-')) continue
    if (parts.has(name) || !grammar[name]?.(text)) return null
    parts.set(name, text)
  }
  const onlyElsewhere = /13|L/.test(parts.get('BYMONTH') ?? '') && !parts.has('RSCALE')
  return onlyElsewhere || skipIsLost(parts) ? null : parts
}

// rrule-temporal 2.2.8 ignores SKIP here: a month that is too short would silently lose its
// instance.
function skipIsLost(parts: Map<string, string>): boolean {
  const moves = parts.has('SKIP') && parts.get('SKIP') !== 'OMIT'
  return moves && parts.get('FREQ') === 'MONTHLY' && parts.has('BYMONTHDAY')
}

function numbers(low: number, high: number, negative = false): (value: string) => boolean {
  return (value) =>
    value.split(',').every((text) => {
      if (!/^[+-]?\d+$/.test(text) || (!negative && text.startsWith('-'))) return false
      const size = Math.abs(Number(text))
      return size >= low && size <= high
    })
}

// A date includes the whole day; in an all-day series only the date counts.
function readUntil(text: string, allDay: boolean): Until | null {
  const date = readListedDate(text)
  if (!date) return null
  if (allDay) return { wall: Math.floor(date.wall / dayMs) * dayMs }
  if (date.form === 'date') return { wall: date.wall + dayMs - 1 }
  return date.form === 'utc' ? { instant: date.wall } : { wall: date.wall }
}

function accepted(rule: Rule): boolean {
  try {
    engine(rule, 0)
    return true
  } catch {
    return false
  }
}

// Google shows it in addition to COUNT matches. The library's option for that disables jumping.
function misses(rule: Rule, dtstart: number): boolean {
  return engine(rule, dtstart).between(utc(dtstart), utc(dtstart), true).length === 0
}

type Engine = Pick<RRuleTemporal, 'between' | 'previous'>

function engine({ parts, count }: Rule, dtstart: number): Engine {
  const options = { dtstart: utc(dtstart), cache: false }
  if (count === null) return new RRuleTemporal({ ...options, rruleString: parts })
  return new RRuleTemporal({ ...options, rruleString: parts, count, maxIterations: walkedByCount })
}

// In ranges of about ten thousand starts at most; longer ones if the rule turns out to be sparse.
function walk(rule: Rule, dtstart: number, range: WallRange): number[] {
  const walked = engine(rule, dtstart)
  const found: number[] = []
  let stretch = stretchOf(rule)
  for (let from = range.from, left = range.room; from <= range.to && left > 0; ) {
    const to = Math.min(from + stretch, range.to)
    const starts = startsIn(walked, { from, to }, rule.count === null && stretch > shortest)
    if (!starts) {
      stretch /= 4
      continue
    }
    for (const start of starts) {
      found.push(start)
      if (start >= range.sure) left -= 1
    }
    from = to + 1
    if (starts.length < 5000) stretch *= 2
  }
  return found
}

// Null: too many starts for one range.
function startsIn(walked: Engine, { from, to }: { from: number; to: number }, retry: boolean): number[] | null {
  try {
    return walked.between(utc(from), utc(to), true).map((start) => start.epochMilliseconds)
  } catch (error) {
    if (retry) return null
    throw error
  }
}

function stretchOf({ parts, count }: Rule): number {
  if (count !== null) return furthest
  const listed = (name: string) => new RegExp(`${name}=([^;]*)`).exec(parts)?.[1]?.split(',').length ?? 1
  const each = { HOURLY: 24, MINUTELY: 1440, SECONDLY: 86_400 }[/FREQ=(\w+)/.exec(parts)?.[1] ?? ''] ?? 1
  const perDay = Math.min(each * listed('BYHOUR') * listed('BYMINUTE') * listed('BYSECOND'), 86_400)
  return Math.max(shortest, (10_000 / perDay) * dayMs)
}

function utc(wall: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.min(wall, furthest)).toZonedDateTimeISO('UTC')
}
