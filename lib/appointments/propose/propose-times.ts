import type { Db, Tx } from '#db/client.ts'
import { windowsAhead } from '#lib/availability/find-a-time.ts'
import { epochMs } from '#lib/availability/overlap.ts'
import type { Slot } from '#lib/availability/world.ts'
import { type ProposedTime, type SlotSearch, type Started, slotsIn, startSearch, toProposed } from './slots.ts'

export type TimesSearch = SlotSearch & { from: string; days: number; count: number }

/**
 * **Find a time**: the next `count` slots after `from`, within `days`, that do not overlap each
 * other. Throws if there is too much to read: call it in `orTooMany`.
 */
export const proposeTimes = (db: Db, search: TimesSearch): Promise<ProposedTime[]> =>
  db.transaction(async (tx) => timesOf(tx, await startSearch(tx, search), search))

/** The same with what `check` says of the mirror, in one transaction; null if it says nothing. */
export const proposeTimesIf = <T>(
  db: Db,
  search: TimesSearch,
  check: (tx: Tx) => Promise<T | null>,
): Promise<{ times: ProposedTime[]; checked: T } | null> =>
  db.transaction(async (tx) => {
    const [started, checked] = await Promise.all([startSearch(tx, search), check(tx)])
    return checked === null ? null : { times: await timesOf(tx, started, search), checked }
  })

const timesOf = async (tx: Tx, started: Started, search: TimesSearch): Promise<ProposedTime[]> => {
  const { from, now, days, minutes, count } = search
  // One slot overlaps those of the next steps; one more, as the last time of before may overlap.
  const limit = (count + 1) * Math.ceil(minutes / started.reading.business.stepMinutes)
  const found: Slot[] = []
  for (const starts of windowsAhead({ from: Math.max(epochMs(from), epochMs(now)), days, minutes })) {
    addApart(found, await slotsIn(tx, started, starts, limit), count)
    if (found.length >= count) break
  }
  return found.map((slot) => toProposed(started, slot))
}

const addApart = (found: Slot[], slots: readonly Slot[], count: number) => {
  for (const slot of slots) {
    if (found.length >= count) return
    if (slot.start >= (found.at(-1)?.end ?? slot.start)) found.push(slot)
  }
}
