import { Temporal } from 'temporal-polyfill'

/** `start`, `end` or `originalStartTime` as the Calendar API sends it. */
export type GoogleTime = { date?: string | null; dateTime?: string | null; timeZone?: string | null }

/**
 * Times of a Google event or an appointment. Timed values are UTC instants `YYYY-MM-DDTHH:mm:ssZ`
 * (fraction only where there is one), zones are IANA names or offsets like `+05:30`. All-day values
 * are dates, the end exclusive.
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

/**
 * Postgres, four-digit years and `Date` agree on the instants from `earliest` to `latest`. Dates
 * keep two days of distance, so that their midnights lie within in every zone.
 */
export const earliest = Date.parse('0001-01-01T00:00:00Z')
const lastStorable = '9999-12-31T23:59:59Z'
export const latest = Date.parse(lastStorable)
const earliestDate = '0001-01-03'
const latestDate = '9999-12-29'

export type TimesRefusal = 'missing' | 'mixed' | 'unreadable' | 'ends-before-start' | 'out-of-range'
export type ReadTimes = { ok: true; times: EventTimes } | { ok: false; reason: TimesRefusal }

/**
 * `calendarZone` applies to a `dateTime` with neither an offset nor a known zone. An end beyond
 * what can be stored becomes the last storable one; such a start is refused.
 */
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
 * A zone that `Temporal` and `Intl` take: an IANA name, or an offset like `-07:00` for Google's
 * `GMT-07:00`. Null if this runtime does not know it.
 */
export function readZone(zone: string | null | undefined): string | null {
  if (!zone || zone.length > longestZone) return null
  const fixed = /^(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone)
  if (!fixed) return knownZone(zone)
  const offset = `${(fixed[2] ?? '').padStart(2, '0')}:${fixed[3] ?? '00'}`
  return offset === '00:00' ? 'UTC' : knownZone(`${fixed[1]}${offset}`)
}

/** `zone` if this runtime knows it, else UTC: for zones that were stored long ago. */
export function zoneOrUtc(zone: string): string {
  return readZone(zone) ?? 'UTC'
}

/** The usual format, limited to days that exist in any year: `Date` would carry the others over. */
const usual =
  /^\d{4}-(?:\d\d-(?:[01]\d|2[0-8])|(?!02)\d\d-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/

/**
 * The instant of a `dateTime`, which may lie beyond what can be stored; null if invalid. `Date`
 * parses faster, and a first read has tens of thousands.
 */
export function readInstant(time: GoogleTime, calendarZone: string): string | null {
  const text = withSign(time.dateTime ?? '')
  const quick = usual.test(text) ? Date.parse(text) : Number.NaN
  if (quick >= earliest && quick <= latest) return `${new Date(quick).toISOString().slice(0, 19)}Z`
  try {
    if (/T.*(?:Z|[+-]\d\d(?::?\d\d)?)$/i.test(text)) return Temporal.Instant.from(text).toString()
    const zone = readZone(time.timeZone) ?? zoneOrUtc(calendarZone)
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant().toString()
  } catch {
    return null
  }
}

/** The last evening of 9999 is in the year 10000 in other zones; `Temporal` reads it as +010000. */
const withSign = (text: string) => text.replace(/^1(?=\d{4}-)/, '+01')

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
  // The end of the last day of 9999.
  const end = to.date === '10000-01-01' ? latestDate : readDate(to.date)
  if (!start || !end) return { ok: false, reason: 'unreadable' }
  if (end < start) return { ok: false, reason: 'ends-before-start' }
  if (start < earliestDate || start >= latestDate) return { ok: false, reason: 'out-of-range' }
  if (end > latestDate) return { ok: true, times: { allDay: true, start, end: latestDate } }
  // Imported events may end on their start date, meaning that one day.
  const lastDay = end === start ? Temporal.PlainDate.from(start).add({ days: 1 }).toString() : end
  return { ok: true, times: { allDay: true, start, end: lastDay } }
}

function readTimed(from: GoogleTime, to: GoogleTime, calendarZone: string): ReadTimes {
  const start = readInstant(from, calendarZone)
  const end = readInstant(to, calendarZone)
  if (!start || !end) return { ok: false, reason: 'unreadable' }
  const [startMs, endMs] = [epochMs(start), epochMs(end)]
  if (endMs < startMs) return { ok: false, reason: 'ends-before-start' }
  if (startMs < earliest || startMs > latest) return { ok: false, reason: 'out-of-range' }
  const zones = { startZone: readZone(from.timeZone), endZone: readZone(to.timeZone) }
  const stored = endMs > latest ? lastStorable : end
  return { ok: true, times: { allDay: false, start, end: stored, ...zones } }
}

function startOfDay(date: string, zone: string): string {
  return Temporal.PlainDate.from(date).toZonedDateTime(zoneOrUtc(zone)).toInstant().toString()
}

/** The longest IANA name has 30 characters. */
const longestZone = 255

/**
 * Zones are few and events many: each name is looked up once. Emptied when it is full, so that a
 * calendar with a thousand made-up names cannot keep others out.
 */
const knownZones = new Map<string, string | null>()

function knownZone(zone: string): string | null {
  const known = knownZones.get(zone)
  if (known !== undefined) return known
  const found = findZone(zone)
  if (knownZones.size >= 1000) knownZones.clear()
  knownZones.set(zone, found)
  return found
}

function findZone(zone: string): string | null {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId
  } catch {
    return null
  }
}
