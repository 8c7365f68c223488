import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { dayMs } from './clock.ts'
import { readListedDate } from './dates.ts'
import { densityOf, type Pattern, patternOf } from './pattern.ts'
import { type Steps, spend, startsBackward, startsForward, TooLarge, type WallRange, walkOf } from './walk.ts'

/**
 * A parsed RRULE or EXRULE. `until` is the last start that counts: an instant or a wall time.
 * `pattern` is null for a rule with RSCALE or SKIP (RFC 7529), which the library iterates.
 */
export type Rule = { parts: string; count: number | null; until: Until | null; pattern: Pattern | null }
export type Until = { instant: number } | { wall: number }

export type WallQuery = WallRange & { rule: Rule; dtstart: number; steps: Steps; own?: boolean }

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
  const pattern = parts.has('RSCALE') || parts.has('SKIP') ? null : patternOf(new Map(kept))
  const rule = { parts: kept.map((part) => part.join('=')).join(';'), count, until, pattern }
  return pattern || accepted(rule) ? rule : null
}

/** A start every minute. */
const densest = 1440

/**
 * The starts in a range, ascending. DTSTART is the first one even if the rule does not match it;
 * `own` returns the rule's own matches only. Throws if the rule has more starts than there are
 * steps.
 */
export function wallStarts({ rule, dtstart, own, steps, ...range }: WallQuery): number[] {
  const to = Math.min(range.to, furthest)
  if (own) return ownStarts({ rule, dtstart, steps, ...range, to })
  // Google shows it in addition to COUNT matches.
  const at = { from: dtstart, sure: dtstart, to: dtstart, room: 1 }
  const added = dtstart >= range.from && dtstart <= to && ownStarts({ rule, dtstart, steps, ...at }).length === 0
  return [...(added ? [dtstart] : []), ...ownStarts({ rule, dtstart, steps, ...range, to })]
}

/**
 * The rule's own starts at or before `before`, descending. Throws like `wallStarts`, and for every
 * rule that the library iterates: from far ahead it takes a second.
 */
export function lastWallStarts(query: {
  rule: Rule
  dtstart: number
  before: number
  steps: Steps
}): Generator<number> {
  const { pattern, count } = refuseDense(query.rule)
  if (!pattern) throw new TooLarge()
  return startsBackward(walkOf(pattern, query.dtstart, query.steps), Math.min(query.before, furthest), count)
}

function ownStarts({ rule, dtstart, steps, ...range }: WallQuery): number[] {
  const { pattern, count } = refuseDense(rule)
  if (pattern) return startsForward(walkOf(pattern, dtstart, steps), range, count)
  const found = engine(rule, dtstart)
    .between(utc(range.from), utc(range.to), true)
    .map((start) => start.epochMilliseconds)
  spend(steps, found.length * stepsPerScaledStart)
  return found
}

function refuseDense(rule: Rule): Rule {
  const isLong = rule.pattern
    ? densityOf(rule.pattern) > densest
    : /BY(?:HOUR|MINUTE|SECOND)=|FREQ=(?:HOUR|MINUTE|SECOND)LY/.test(rule.parts) || (rule.count ?? 0) > mostScaled
  if (isLong) throw new TooLarge()
  return rule
}

const timeFrequency = /^(?:HOURLY|MINUTELY|SECONDLY)$/
const timeParts = new Set(['BYHOUR', 'BYMINUTE', 'BYSECOND'])
const furthest = Date.UTC(9999, 0)

/** The library takes its time over calendars other than ours. */
const mostScaled = 1000
const stepsPerScaledStart = 50

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

function engine({ parts, count }: Rule, dtstart: number): Pick<RRuleTemporal, 'between'> {
  const options = { dtstart: utc(dtstart), cache: false, rruleString: parts }
  return new RRuleTemporal(count === null ? options : { ...options, count })
}

function utc(wall: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.min(wall, furthest)).toZonedDateTimeISO('UTC')
}
