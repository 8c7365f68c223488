import { Temporal } from 'temporal-polyfill'

/**
 * Wall time of one zone as a number: the epoch milliseconds that the same date and time would have
 * in UTC, so that rules run on plain numbers and days have 24 hours.
 */
export type Clock = { wallAt: (instant: number) => number; instantAt: (wall: number) => number }

export const dayMs = 86_400_000

/**
 * A wall time that does not exist (spring) moves forward by the gap, as Google shows it; one that
 * exists twice (autumn) is the first (RFC 5545 §3.3.5). One range of constant offset is cached, so
 * ascending reads are cheap.
 */
export function zoneClock(zone: string): Clock {
  let stretch = { from: 0, to: 0, offset: 0 }
  const instantAt = (wall: number): number => {
    if (!inside(stretch, wall - stretch.offset)) stretch = stretchAt(wall - 2 * dayMs, zone)
    const instant = wall - stretch.offset
    return inside(stretch, instant) ? instant : resolve(wall, zone)
  }
  return { instantAt, wallAt: (instant) => instant + offsetAt(instant, zone) }
}

type Stretch = { from: number; to: number; offset: number }

// At least a day from both ends: nearer to them a wall time may exist twice or not at all.
function inside(stretch: Stretch, instant: number): boolean {
  return instant >= stretch.from + dayMs && instant < stretch.to - dayMs
}

function stretchAt(instant: number, zone: string): Stretch {
  const time = at(instant, zone)
  const next = time.getTimeZoneTransition('next')
  return {
    from: instant,
    to: next ? next.epochMilliseconds : Number.POSITIVE_INFINITY,
    offset: time.offsetNanoseconds / 1e6,
  }
}

function resolve(wall: number, zone: string): number {
  return at(wall, 'UTC').toPlainDateTime().toZonedDateTime(zone).epochMilliseconds
}

function offsetAt(instant: number, zone: string): number {
  return at(instant, zone).offsetNanoseconds / 1e6
}

function at(instant: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
}
