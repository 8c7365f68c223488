import { overlaps, type Span } from '#lib/availability/overlap.ts'
import type { AppointmentState } from '../change.ts'

/** Bookings that are under way in this process, by business, the first one first. */

/** A time that is about to be taken. Without `memberIds`, of anyone. */
export type WantedTime = Span & { memberIds?: readonly string[]; serviceId?: string | null }

type Racing = {
  wants: WantedTime
  /** What it wrote, if anything, as soon as it has ended. */
  winner: Promise<AppointmentState | null>
  /** Whether another booking waits for it. */
  isAwaited: boolean
}

export type Races = Map<string, Set<Racing>>

/**
 * `rival`: the first of those ahead that wants the time as well; null if there is none left. A time
 * of anyone has one, because others can still take it.
 */
export const enterRace = (races: Races, name: string, wants: WantedTime | null) => {
  if (!wants) return { rival: () => null, isAwaited: () => false, end: () => {} }
  const all = races.get(name) ?? new Set()
  races.set(name, all)
  const rivals = [...all].filter((other) => isRival(other.wants, wants))
  const ahead = wants.memberIds ? rivals : rivals.slice(0, 1)
  const { promise: winner, resolve } = Promise.withResolvers<AppointmentState | null>()
  const own = { wants, winner, isAwaited: false }
  all.add(own)
  return {
    rival: () => {
      const rival = ahead.find((other) => all.has(other)) ?? null
      if (rival) rival.isAwaited = true
      return rival
    },
    isAwaited: () => own.isAwaited,
    end: (written: AppointmentState | null) => {
      resolve(written)
      all.delete(own)
      if (all.size === 0) races.delete(name)
    },
  }
}

const isRival = (a: WantedTime, b: WantedTime) =>
  overlaps(a, b) && (!a.memberIds || !b.memberIds || a.memberIds.some((id) => b.memberIds?.includes(id)))
