import { isPastDeadline, type SyncContext } from './context.ts'

const inFlight = 8

/**
 * Runs `work` for each item, eight at a time, in order of the list. A result other than null stops
 * the rest and is returned; the deadline stops it too, and returns null.
 */
export const mapConcurrent = async <T, Stop>(
  context: SyncContext,
  items: T[],
  work: (item: T) => Promise<Stop | null>,
): Promise<Stop | null> => {
  const waiting = items.values()
  let stop: Stop | null = null
  const next = async () => {
    for (const item of waiting) {
      if (stop !== null || isPastDeadline(context)) return
      stop = (await work(item)) ?? stop
    }
  }
  await Promise.all(Array.from({ length: Math.min(inFlight, items.length) }, next))
  return stop
}
