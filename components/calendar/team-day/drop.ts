import { epochMs, instantOf, type Span } from '#lib/availability/overlap.ts'
import { minuteMs } from '#lib/availability/world.ts'
import type { Clock } from '#lib/recurrence/clock.ts'
import type { NewPlace } from '../changes.ts'
import type { Minutes } from './column-layout.ts'

/** The columns a drop is from and to, as member ids; null is **Unassigned**. */
export type ColumnChange = { from: string | null; to: string | null }

export type Drop = ColumnChange & {
  /** Later in wall time; negative is earlier. */
  minutes: number
}

type DropContext = { clock: Clock; isActive: (memberId: string) => boolean }
type Dropped = Span & { assigneeIds: readonly string[] }

/** The one change that a drop means; null if it changes nothing. */
export const placeOfDrop = (appointment: Dropped, drop: Drop, { clock, isActive }: DropContext): NewPlace | null => {
  const { start, end, assigneeIds: before } = appointment
  const assigneeIds = reassigned(before, drop, isActive)
  const isReassigned = assigneeIds.length !== before.length || !assigneeIds.every((id) => before.includes(id))
  const times = movedBy({ start, end }, drop.minutes, clock)
  if (!isReassigned && times.start === start) return null
  return isReassigned ? { ...times, assigneeIds } : times
}

/**
 * The member of the column it comes from is replaced by the one of the column it goes to; other
 * assignees stay. **Unassigned** shows what is assigned to former members only: they are replaced.
 */
export const reassigned = (
  assigneeIds: readonly string[],
  { from, to }: ColumnChange,
  isActive: (memberId: string) => boolean,
): string[] => {
  if (from === to) return [...assigneeIds]
  const others = assigneeIds.filter((id) => (from === null ? isActive(id) : id !== from))
  return [...new Set(to === null ? others : [...others, to])].sort()
}

/** By wall time; it stays as long as it is where daylight saving begins or ends. */
const movedBy = ({ start, end }: Span, minutes: number, clock: Clock): Span => {
  if (minutes === 0) return { start, end }
  const from = laterBy(epochMs(start), minutes, clock)
  return { start: instantOf(from), end: instantOf(from + epochMs(end) - epochMs(start)) }
}

const laterBy = (instant: number, minutes: number, clock: Clock) =>
  clock.instantAt(clock.wallAt(instant) + minutes * minuteMs)

/** With its end later by `minutes`; null if that changes nothing or leaves no time. */
export const resizedBy = ({ start, end }: Span, minutes: number, clock: Clock): Span | null => {
  const until = laterBy(epochMs(end), minutes, clock)
  return minutes === 0 || until <= epochMs(start) ? null : { start, end: instantOf(until) }
}

/** The time between two minutes of a date. */
export const spanOn = (date: string, { from, to }: Minutes, clock: Clock): Span => {
  const midnight = epochMs(`${date}T00:00:00Z`)
  const start = clock.instantAt(midnight + from * minuteMs)
  const end = clock.instantAt(midnight + to * minuteMs)
  // Between both there may be no time, where the clock is set forward.
  return { start: instantOf(start), end: instantOf(end > start ? end : start + (to - from) * minuteMs) }
}
