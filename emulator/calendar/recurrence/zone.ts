import { Temporal } from 'temporal-polyfill'

// UTC offsets by zone and instant. Temporal is used once per zone and year, the rest is arithmetic
// on milliseconds, because one page of a list contains thousands of times.

type OffsetSpan = { from: number; offset: number }

const spansByZone = new Map<string, Map<number, OffsetSpan[]>>()
const knownZones = new Map<string, boolean>()

const MINUTE = 60_000
export const DAY = 86_400_000

/** A time zone that Google accepts: an IANA name or a fixed offset, `GMT-07:00`. */
export function isZone(zone: string): boolean {
  const known = knownZones.get(zone)
  if (known !== undefined) return known
  let valid = true
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(offsetZone(zone) ?? zone)
  } catch {
    valid = false
  }
  knownZones.set(zone, valid)
  return valid
}

/** `-07:00` for `GMT-07:00`, which Temporal does not know by that name. */
function offsetZone(zone: string): string | undefined {
  return /^(?:GMT|UTC)([+-]\d\d:\d\d)$/.exec(zone)?.[1]
}

/** The zone as Temporal knows it; names that it does not know count as UTC. */
export function temporalZone(zone: string): string {
  return isZone(zone) ? (offsetZone(zone) ?? zone) : 'UTC'
}

/** Offset of `zone` from UTC at an instant, in milliseconds. */
export function offsetAt(zone: string, ms: number): number {
  if (zone === 'UTC') return 0
  const spans = spansOf(zone, yearOf(ms))
  let offset = spans[0]?.offset ?? 0
  for (const span of spans) {
    if (span.from > ms) break
    offset = span.offset
  }
  return offset
}

/**
 * Converts wall time, in milliseconds as if it were UTC. A skipped time moves forward, a repeated
 * one is the first.
 */
export function wallToInstant(zone: string, wall: number): number {
  if (zone === 'UTC') return wall
  const before = offsetAt(zone, wall - DAY)
  const after = offsetAt(zone, wall + DAY)
  const early = wall - before
  if (offsetAt(zone, early) === before) return early
  const late = wall - after
  if (offsetAt(zone, late) === after) return late
  return early
}

export function instantToWall(zone: string, ms: number): number {
  return ms + offsetAt(zone, ms)
}

/**
 * `2026-03-01T09:00:00+01:00`; like Google, without fractions and with `Z` for a zero offset.
 * Seconds of an offset (local mean time) are dropped, and the wall time fits the shortened offset.
 */
export function renderInstant(zone: string, ms: number): string {
  const offset = Math.trunc(offsetAt(zone, ms) / MINUTE) * MINUTE
  const wall = new Date(ms + offset).toISOString().replace(/^\+0/, '').slice(0, -5)
  if (offset === 0) return `${wall}Z`
  const total = Math.abs(offset) / MINUTE
  const hours = String(Math.floor(total / 60)).padStart(2, '0')
  return `${wall}${offset < 0 ? '-' : '+'}${hours}:${String(Math.floor(total % 60)).padStart(2, '0')}`
}

/** The last year that a client can send, 9999, ends later in an offset than in UTC. */
const YEAR_10000 = Date.UTC(10_000, 0, 1)

/** The instant as RFC 3339 with a year of four digits. */
export function renderIso(ms: number): string {
  if (ms < YEAR_10000) return new Date(ms).toISOString()
  return new Date(ms - DAY + MINUTE).toISOString().replace('Z', '-23:59')
}

/** Whether `2026-02-30` exists; there is no year 0. */
export function isRealDate(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date) && !date.startsWith('0000')
}

/** `Date.UTC`, which would read the years 0 to 99 as 1900 to 1999. */
export function utc(
  year: number,
  month: number,
  day: number,
  [hour, minute, second]: [number, number, number] = [0, 0, 0],
): number {
  return new Date(Date.UTC(2000, 0, 1, hour, minute, second)).setUTCFullYear(year, month, day)
}

/** Midnight of a date in a zone. */
export function dateToInstant(zone: string, date: string): number {
  return wallToInstant(zone, Date.parse(`${date}T00:00:00Z`))
}

/** `20260301T090000Z` */
export function stampOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

function yearOf(ms: number): number {
  return new Date(ms).getUTCFullYear()
}

function spansOf(zone: string, year: number): OffsetSpan[] {
  let years = spansByZone.get(zone)
  if (!years) {
    years = new Map()
    spansByZone.set(zone, years)
  }
  let spans = years.get(year)
  if (!spans) {
    spans = readSpans(zone, year)
    years.set(year, spans)
  }
  return spans
}

function readSpans(zone: string, year: number): OffsetSpan[] {
  const start = utc(year, 0, 1)
  const end = utc(year + 1, 0, 1)
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(
    temporalZone(zone),
  )
  const spans: OffsetSpan[] = []
  let from = start
  while (at && from < end) {
    spans.push({ from, offset: at.offsetNanoseconds / 1e6 })
    at = at.getTimeZoneTransition('next')
    from = at?.epochMilliseconds ?? end
  }
  return spans
}
