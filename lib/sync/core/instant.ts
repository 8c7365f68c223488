import { Temporal } from 'temporal-polyfill'
import { epochMs } from '#lib/recurrence/times.ts'

/** Arithmetic on UTC ISO instants. */

export const addMs = (instant: string, ms: number): string =>
  Temporal.Instant.from(instant).add({ milliseconds: ms }).toString({ smallestUnit: 'millisecond' })

/** Milliseconds from one instant to another; negative when `to` is earlier. */
export const msBetween = (from: string, to: string): number => epochMs(to) - epochMs(from)
