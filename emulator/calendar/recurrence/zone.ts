import { Temporal } from 'temporal-polyfill'

// UTC offsets by zone and instant. Temporal is used once per zone and year, the rest is arithmetic
// on milliseconds, because one page of a list contains thousands of times.

type OffsetSpan = { from: number; offset: number }

const spansByZone = new Map<string, Map<number, OffsetSpan[]>>()
const knownZones = new Map<string, boolean>()

const MINUTE = 60_000
export const DAY = 86_400_000

export function isZone(zone: string): boolean {
  const known = knownZones.get(zone)
  if (known !== undefined) return known
  let valid = true
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
  } catch {
    valid = false
  }
  knownZones.set(zone, valid)
  return valid
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

/** `2026-03-01T09:00:00+01:00`; like Google, without fractions and with `Z` for a zero offset. */
export function renderInstant(zone: string, ms: number): string {
  const offset = offsetAt(zone, ms)
  const wall = new Date(ms + offset).toISOString().slice(0, 19)
  if (offset === 0) return `${wall}Z`
  const total = Math.abs(offset) / MINUTE
  const hours = String(Math.floor(total / 60)).padStart(2, '0')
  return `${wall}${offset < 0 ? '-' : '+'}${hours}:${String(Math.floor(total % 60)).padStart(2, '0')}`
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
  const start = Date.UTC(year, 0, 1)
  const end = Date.UTC(year + 1, 0, 1)
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone)
  const spans: OffsetSpan[] = []
  let from = start
  while (at && from < end) {
    spans.push({ from, offset: at.offsetNanoseconds / 1e6 })
    at = at.getTimeZoneTransition('next')
    from = at?.epochMilliseconds ?? end
  }
  return spans
}
