import { setTimeout as pause } from 'node:timers/promises'
import type { Environment } from './environment.ts'

/** Accepted on one side and expected on the other: a booking in Google, a change of Google here. */
type Pending = { kind: 'booking' | 'change'; since: number }
type Arrived = Pending & { at: number }

export type Arrivals = ReturnType<typeof watchArrivals>

const pollMs = 250

/**
 * Polls the database for arrivals, after both sides have committed. Times are of
 * `performance.now()`.
 */
export const watchArrivals = ({ database: { sql } }: Environment) => {
  const pending = new Map<string, Pending>()
  const arrived: Arrived[] = []
  let watching = true
  const keysOf = (kind: Pending['kind']) => [...pending].filter(([, item]) => item.kind === kind).map(([key]) => key)
  const poll = async () => {
    const found = await sql<{ key: string }[]>`
      select appointment_id::text as key from event_mappings
      where appointment_id = any(${keysOf('booking')}::uuid[]) and state = 'live' and revision_pushed >= 1
      union all select title from google_events where title = any(${keysOf('change')}::text[])`
    const at = performance.now()
    for (const { key } of found) {
      const item = pending.get(key)
      if (item) arrived.push({ ...item, at })
      pending.delete(key)
    }
  }
  const watch = async () => {
    while (watching) {
      // A fault may take the database down.
      if (pending.size > 0) await poll().catch(() => {})
      await pause(pollMs)
    }
  }
  const ended = watch()
  return {
    arrived,
    expect: (kind: Pending['kind'], key: string) => pending.set(key, { kind, since: performance.now() }),
    pending: () => pending.size,
    /** Whether everything accepted until that time has arrived. */
    isCurrent: (until: number) => ![...pending.values()].some(({ since }) => since <= until),
    stop: async () => {
      watching = false
      await ended
    },
  }
}
