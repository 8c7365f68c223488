import type { SyncContext } from './context.ts'

const inFlight = 8

export const isOver = (context: SyncContext) => Date.now() > context.deadline

/**
 * Does `work` for each item, eight at a time, begun in their order. What it answers other than null stops the rest and is
 * handed on; so does the deadline, without a word.
 */
export const mapConcurrent = async <T, Stop>(
  context: SyncContext,
  items: T[],
  work: (item: T) => Promise<Stop | null>,
): Promise<Stop | null> => {
  const waiting = items.values()
  let stop: Stop | null = null
  const lane = async () => {
    for (const item of waiting) {
      if (stop !== null || isOver(context)) return
      stop = (await work(item)) ?? stop
    }
  }
  await Promise.all(Array.from({ length: Math.min(inFlight, items.length) }, lane))
  return stop
}
