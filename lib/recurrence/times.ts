import { Temporal } from 'temporal-polyfill'
import type { GoogleTime } from '#lib/google/wire.ts'

/**
 * Times of a Google event or an appointment. Timed values are UTC instants `YYYY-MM-DDTHH:mm:ssZ`
 * (fraction only where there is one), zones are IANA. All-day values are dates, the end exclusive.
 */
export type EventTimes =
  | { allDay: false; start: string; end: string; startZone: string | null; endZone: string | null }
  | { allDay: true; start: string; end: string }

/**
 * Identity of an instance: `YYYYMMDDTHHmmssZ` (UTC of its original start) or `YYYYMMDD` (all-day).
 */
export type OriginalStart = string

/** Whether stored JSON has the shape of `EventTimes`. */
export const isEventTimes = (json: unknown): json is EventTimes => {
  if (typeof json !== 'object' || json === null || !('allDay' in json)) return false
  if (!('start' in json && typeof json.start === 'string')) return false
  if (!('end' in json && typeof json.end === 'string')) return false
  if (json.allDay === true) return true
  return json.allDay === false && hasZone(json, 'startZone') && hasZone(json, 'endZone')
}

const hasZone = (times: object, key: 'startZone' | 'endZone') => {
  const zone: unknown = Reflect.get(times, key)
  return zone === null || typeof zone === 'string'
}

/** UTC instants, the end exclusive. */
export type Span = { start: string; end: string }

export type TimesRefusal = 'missing' | 'mixed' | 'unreadable' | 'ends-before-start'
export type ReadTimes = { ok: true; times: EventTimes } | { ok: false; reason: TimesRefusal }

/** `calendarZone` applies to a `dateTime` with neither an offset nor a known zone. */
export function readEventTimes(
  start: GoogleTime | null | undefined,
  end: GoogleTime | null | undefined,
  calendarZone: string,
): ReadTimes {
  const kinds = [kindOf(start), kindOf(end)]
  if (!start || !end || kinds.includes('none')) return { ok: false, reason: 'missing' }
  if (kinds[0] !== kinds[1] || kinds.includes('both')) return { ok: false, reason: 'mixed' }
  return kinds[0] === 'date' ? readAllDay(start, end) : readTimed(start, end, calendarZone)
}

/** Equal instants; zones do not matter. All-day times never equal timed ones. */
export function sameTimes(a: EventTimes, b: EventTimes): boolean {
  if (a.allDay || b.allDay) return a.allDay === b.allDay && a.start === b.start && a.end === b.end
  return epochMs(a.start) === epochMs(b.start) && epochMs(a.end) === epochMs(b.end)
}

/** The instants covered by `times`; all-day times run from midnight to midnight in `zone`. */
export function spanOf(times: EventTimes, zone: string): Span {
  if (!times.allDay) return { start: times.start, end: times.end }
  return { start: startOfDay(times.start, zone), end: startOfDay(times.end, zone) }
}

/** Half-open: spans that only touch do not overlap. */
export function overlaps(a: Span, b: Span): boolean {
  return epochMs(a.end) > epochMs(b.start) && epochMs(a.start) < epochMs(b.end)
}

export function epochMs(instant: string): number {
  const quick = instant.length === 20 ? Date.parse(instant) : Number.NaN
  if (!Number.isNaN(quick)) return quick
  return Temporal.Instant.from(instant).epochMilliseconds
}

/**
 * The IANA name of a zone, or null. Google also sends `GMT-07:00`: whole hours have an IANA name
 * with the opposite sign; for other offsets the instant decides.
 */
export function readZone(zone: string | null | undefined): string | null {
  if (!zone) return null
  const fixed = /^(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone)
  if (!fixed) return knownZone(zone)
  const hours = Number(fixed[2])
  if (Number(fixed[3] ?? 0) !== 0) return null
  return hours === 0 ? 'UTC' : knownZone(`Etc/GMT${fixed[1] === '-' ? '+' : '-'}${hours}`)
}

/** The usual format, limited to days that exist in any year: `Date` would carry the others over. */
const usual =
  /^\d{4}-(?:\d\d-(?:[01]\d|2[0-8])|(?!02)\d\d-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/

/**
 * The instant of a `dateTime`; null if invalid. `Date` parses faster, and a first read has tens of
 * thousands.
 */
export function readInstant(time: GoogleTime, calendarZone: string): string | null {
  const text = time.dateTime ?? ''
  const quick = usual.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(quick)) return `${new Date(quick).toISOString().slice(0, 19)}Z`
  try {
    if (/T.*(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(text)) return Temporal.Instant.from(text).toString()
    const zone = readZone(time.timeZone) ?? calendarZone
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant().toString()
  } catch {
    return null
  }
}

/** The date of a `date`; null if invalid. */
export function readDate(text: string | null | undefined): string | null {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString()
  } catch {
    return null
  }
}

function kindOf(time: GoogleTime | null | undefined): 'none' | 'date' | 'dateTime' | 'both' {
  if (time?.date) return time.dateTime ? 'both' : 'date'
  return time?.dateTime ? 'dateTime' : 'none'
}

function readAllDay(from: GoogleTime, to: GoogleTime): ReadTimes {
  const start = readDate(from.date)
  const end = readDate(to.date)
  if (!start || !end) return { ok: false, reason: 'unreadable' }
  if (end < start) return { ok: false, reason: 'ends-before-start' }
  // Imported events may end on their start date, meaning that one day.
  const lastDay = end === start ? Temporal.PlainDate.from(start).add({ days: 1 }).toString() : end
  return { ok: true, times: { allDay: true, start, end: lastDay } }
}

function readTimed(from: GoogleTime, to: GoogleTime, calendarZone: string): ReadTimes {
  const start = readInstant(from, calendarZone)
  const end = readInstant(to, calendarZone)
  if (!start || !end) return { ok: false, reason: 'unreadable' }
  if (epochMs(end) < epochMs(start)) return { ok: false, reason: 'ends-before-start' }
  const zones = { startZone: readZone(from.timeZone), endZone: readZone(to.timeZone) }
  return { ok: true, times: { allDay: false, start, end, ...zones } }
}

function startOfDay(date: string, zone: string): string {
  return Temporal.PlainDate.from(date).toZonedDateTime(zone).toInstant().toString()
}

/** Zones are few and events many: each name is looked up once. */
const knownZones = new Map<string, string | null>()

function knownZone(zone: string): string | null {
  const known = knownZones.get(zone)
  if (known !== undefined) return known
  const found = findZone(zone)
  if (knownZones.size < 1000) knownZones.set(zone, found)
  return found
}

function findZone(zone: string): string | null {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId
  } catch {
    return null
  }
}
