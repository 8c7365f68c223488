import { Temporal } from 'temporal-polyfill'
import { earliest, epochMs, type GoogleTime, latest, type OriginalStart, readDate, readInstant } from './times.ts'

/** Google's id of one instance of a series. */
export function instanceId(masterId: string, originalStart: OriginalStart): string {
  return `${masterId}_${originalStart}`
}

/**
 * Master and original start from an instance id; null for any other id. A cancelled instance may
 * have no other field. A split series (`<base>_R20240513T213000`) is a master: its own instances
 * have a second stamp.
 */
export function parseInstanceId(id: string): { masterId: string; originalStart: OriginalStart } | null {
  const match = /^(.+)_(\d{8}(?:T\d{6}Z)?)$/i.exec(id)
  if (!match?.[1] || !match[2]) return null
  const originalStart = match[2].toUpperCase()
  return isStamp(originalStart) ? { masterId: match[1], originalStart } : null
}

/** The series id of an instance, or the id itself. */
export function seriesIdOf(eventId: string): string {
  return parseInstanceId(eventId)?.masterId ?? eventId
}

/** The id of a series' first instance; null if its start cannot be read. */
export function firstInstanceId(
  master: { id: string; start: GoogleTime | null | undefined },
  zone: string,
): string | null {
  const first = originalStartOf(master.start, zone)
  return first && instanceId(master.id, first)
}

/** Identity from `originalStartTime`; null if unreadable. `zone` applies to times without one. */
export function originalStartOf(originalStartTime: GoogleTime | null | undefined, zone: string): OriginalStart | null {
  if (!originalStartTime) return null
  if (originalStartTime.date) return readDate(originalStartTime.date)?.replaceAll('-', '') ?? null
  const instant = readInstant(originalStartTime, zone)
  const ms = instant === null ? Number.NaN : epochMs(instant)
  return ms >= earliest && ms <= latest ? timedStamp(ms) : null
}

/** `YYYYMMDDTHHmmssZ` of an instant. */
export function timedStamp(ms: number): OriginalStart {
  const iso = new Date(ms).toISOString()
  return `${dateOf(iso)}T${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`
}

/** `YYYYMMDD` of a date, given as its midnight in UTC. */
export function dateStamp(ms: number): OriginalStart {
  return dateOf(new Date(ms).toISOString())
}

/**
 * `YYYY-MM-DDTHH:mm:ssZ`. `Date` formats ten times as fast as Temporal, and an expansion has
 * thousands of instants.
 */
export function isoSeconds(ms: number): string {
  const iso = new Date(ms).toISOString()
  return iso.endsWith('.000Z') ? `${iso.slice(0, 19)}Z` : iso
}

function dateOf(iso: string): string {
  return iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 10)
}

function isStamp(stamp: string): boolean {
  try {
    if (stamp.length === 8) Temporal.PlainDate.from(stamp, { overflow: 'reject' })
    else Temporal.Instant.from(stamp)
    return true
  } catch {
    return false
  }
}
