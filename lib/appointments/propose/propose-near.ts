import type { Db } from '#db/client.ts'
import { windowsAround } from '#lib/availability/find-a-time.ts'
import { nearestApart } from '#lib/availability/nearest.ts'
import { epochMs } from '#lib/availability/overlap.ts'
import type { Slot } from '#lib/availability/world.ts'
import { type Running, shared } from '#lib/turns.ts'
import { withNewBudget } from '../world.ts'
import { type ProposedTime, type SlotSearch, slotsIn, startSearch, toProposed } from './slots.ts'

type NearSearch = SlotSearch & { start: string }

/** The three slots closest to a refused time. Throws like `proposeTimes`. */
export const proposeNear = (db: Db, search: NearSearch): Promise<ProposedTime[]> =>
  db.transaction(async (tx) => {
    const [start, count] = [epochMs(search.start), 3]
    const started = await startSearch(tx, search)
    let found: Slot[] = []
    for (const starts of windowsAround({ start, now: epochMs(search.now) })) {
      const slots = await slotsIn(
        tx,
        { ...started, reading: withNewBudget(started.reading) },
        starts,
        Number.POSITIVE_INFINITY,
      )
      found = nearestApart(slots, start, count)
      if (found.length >= count) break
    }
    return found.map((slot) => toProposed(started, slot))
  })

const searches: Running<ProposedTime[]> = new Map()

/** The same for all who ask for it at once: the losers of a race share one search. */
export const proposeNearOnce = (db: Db, search: NearSearch): Promise<ProposedTime[]> => {
  const { now: _, ...wanted } = search
  return shared(searches, JSON.stringify(wanted), () => proposeNear(db, search))
}
