import { setTimeout as pause } from 'node:timers/promises'
import type { Stage } from './stage.ts'

/** What was accepted on one side and has to arrive on the other: a booking in Google, a change of Google here. */
type Waiting = { kind: 'booking' | 'change'; since: number }
type Arrived = Waiting & { at: number }

export type Arrivals = ReturnType<typeof followArrivals>

const everyMs = 250

/** Looks at the database four times a second: by then each side has committed. Times are of `performance.now()`. */
export const followArrivals = ({ database: { sql } }: Stage) => {
  const waiting = new Map<string, Waiting>()
  const arrived: Arrived[] = []
  let following = true
  const keysOf = (kind: Waiting['kind']) =>
    [...waiting].filter(([, item]) => item.kind === kind).map(([key]) => key)
  const look = async () => {
    const found = await sql<{ key: string }[]>`
      select appointment_id::text as key from event_mappings
      where appointment_id = any(${keysOf('booking')}::uuid[]) and state = 'live' and revision_pushed >= 1
      union all select title from google_events where title = any(${keysOf('change')}::text[])`
    const at = performance.now()
    for (const { key } of found) {
      const item = waiting.get(key)
      if (item) arrived.push({ ...item, at })
      waiting.delete(key)
    }
  }
  const follow = async () => {
    while (following) {
      // While the database is away nothing arrives.
      if (waiting.size > 0) await look().catch(() => {})
      await pause(everyMs)
    }
  }
  const ended = follow()
  return {
    arrived,
    expect: (kind: Waiting['kind'], key: string) => waiting.set(key, { kind, since: performance.now() }),
    waiting: () => waiting.size,
    /** Whether everything that was accepted up to then has arrived. */
    isCurrent: (then: number) => ![...waiting.values()].some(({ since }) => since <= then),
    stop: async () => {
      following = false
      await ended
    },
  }
}
