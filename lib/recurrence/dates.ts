import { Temporal } from 'temporal-polyfill'
import { type Clock, dayMs, zoneClock } from './clock.ts'
import { dayOf, daysInMonth } from './day.ts'
import { earliest, latest, readZone } from './times.ts'

/** One line of Google's `recurrence`: `EXDATE;TZID=Europe/Berlin:20240301T090000,…`. */
export type Line = { name: string; parameters: Map<string, string>; value: string }

/** A date or time as written; `wall` is its value read as UTC, `form` how it was written. */
export type WrittenDate = { form: 'date' | 'utc' | 'floating'; wall: number }

/**
 * One date of an RDATE or EXDATE: `written` as in the line, `wall` in the series' zone, `day` =
 * without a time, `length` in ms if it was a PERIOD.
 */
export type ListedDate = {
  written: number
  wall: number
  instant: number
  day: boolean
  length: number | null
}

export function readLine(text: string): Line | null {
  const match = /^\s*([A-Z-]+)((?:;[^:;="]+=(?:"[^"]*"|[^:;"]*))*):(.*)$/is.exec(text)
  if (!match) return null
  const parameters = [...(match[2] ?? '').matchAll(/;([^=]+)=("[^"]*"|[^;]*)/g)].map(
    ([, name = '', value = '']) => [name.toUpperCase(), value.replaceAll('"', '')] as const,
  )
  return {
    name: (match[1] ?? '').toUpperCase(),
    parameters: new Map(parameters),
    value: (match[3] ?? '').trim(),
  }
}

/**
 * The readable dates of a line, and whether all of them were readable. Floating times are in the
 * series' zone.
 */
export function readDates(line: Line, seriesClock: Clock): { dates: ListedDate[]; complete: boolean } {
  const zone = line.parameters.get('TZID')
  const known = readZone(zone)
  const clock = known ? zoneClock(known) : seriesClock
  const texts = line.value.split(',').map((text) => text.trim())
  const dates = texts.flatMap((text) => place(text, clock, seriesClock) ?? [])
  return { dates, complete: dates.length === texts.length && (zone === undefined || known !== null) }
}

/** `20240301`, `20240301T090000` or `20240301T090000Z`; null otherwise. */
export function readListedDate(text: string): WrittenDate | null {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/i.exec(text.trim())
  if (!match) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
  // A leap second is the last second of its minute.
  if (!isDate || hour > 23 || minute > 59 || second > 60) return null
  const form = match[4] === undefined ? 'date' : match[7] ? 'utc' : 'floating'
  const seconds = (hour * 60 + minute) * 60 + Math.min(second, 59)
  return { form, wall: dayOf(year, month, day) * dayMs + seconds * 1000 }
}

function place(text: string, clock: Clock, seriesClock: Clock): ListedDate | null {
  const [startText = '', endText] = text.split('/')
  const start = readListedDate(startText)
  if (!start) return null
  const instant = instantOf(start, clock)
  const length = endText === undefined ? null : lengthOf(instant, endText, clock)
  if (length !== null && !(length >= 0)) return null
  // Two days of distance: the edges are wall times elsewhere.
  if (instant < earliest + 2 * dayMs || instant > latest - 2 * dayMs) return null
  const wall = start.form === 'date' ? start.wall : seriesClock.wallAt(instant)
  return { written: start.wall, wall, instant, day: start.form === 'date', length }
}

function instantOf(date: WrittenDate, clock: Clock): number {
  return date.form === 'utc' ? date.wall : clock.instantAt(date.wall)
}

// NaN if unreadable. Days of a duration are nominal, hours exact (RFC 5545 §3.3.6).
function lengthOf(start: number, endText: string, clock: Clock): number {
  const end = readListedDate(endText)
  if (end) return instantOf(end, clock) - start
  try {
    const { weeks, days, hours, minutes, seconds } = Temporal.Duration.from(endText)
    const later = clock.instantAt(clock.wallAt(start) + (weeks * 7 + days) * dayMs)
    return later - start + ((hours * 60 + minutes) * 60 + seconds) * 1000
  } catch {
    return Number.NaN
  }
}
