import { inBatches } from '#lib/google/batch/in-batches.ts'
import { batchLimit } from '#lib/google/batch/send-batch.ts'
import { isPastDeadline, type SyncContext } from './context.ts'

/**
 * Runs `work` for each item, some at a time, in order of the list. A result other than null stops
 * the rest and is returned; the deadline stops it too, and returns null.
 */
type MapItems = <Context extends SyncContext, T, Stop>(
  context: Context,
  items: T[],
  work: (context: Context, item: T) => Promise<Stop | null>,
) => Promise<Stop | null>

const mostSingle = 8

/** Eight at a time. */
export const mapConcurrent: MapItems = (context, items, work) =>
  run(context, { items, workers: mostSingle, leave: () => {} }, (item) => work(context, item))

/** Fifty at a time, whose requests are sent together. */
export const mapInBatches: MapItems = (context, items, work) => {
  const workers = Math.min(batchLimit, items.length)
  const { api, leave } = inBatches(context.api, workers)
  return run(context, { items, workers, leave }, (item) => work({ ...context, api }, item))
}

const run = async <T, Stop>(
  context: SyncContext,
  { items, workers, leave }: { items: T[]; workers: number; leave: () => void },
  work: (item: T) => Promise<Stop | null>,
): Promise<Stop | null> => {
  const waiting = items.values()
  let stop: Stop | null = null
  const next = async () => {
    try {
      for (const item of waiting) {
        if (stop !== null || isPastDeadline(context)) return
        stop = (await work(item)) ?? stop
      }
    } finally {
      leave()
    }
  }
  await Promise.all(Array.from({ length: Math.min(workers, items.length) }, next))
  return stop
}
