import { Temporal } from 'temporal-polyfill'
import type { Database } from '#db/client.ts'
import { noteSchedulerRun } from '#db/queries/operations.ts'
import { enqueueDue } from '#db/queries/sync/due.ts'
import { enqueueRevocations } from '#db/queries/sync/revocations.ts'
import { enqueueDueWebhooks } from '#db/queries/webhooks/deliveries.ts'
import { rollSeries } from '#lib/series/roll.ts'
import { renewHours } from '#lib/sync/channel.ts'
import { awaitedForMs, readIntervalMs } from '#lib/sync/notifications/leave-read.ts'
import { cleanUp } from './clean-up.ts'
import { expireHolds } from './expire-holds.ts'

const notifiedSeconds = readIntervalMs.notified / 1000
const polledSeconds = readIntervalMs.polled / 1000
const awaitedSeconds = awaitedForMs / 1000

/** What is left is done at the next tick. */
const rollMs = 20_000

/**
 * Queues a sync run for every calendar that is due, every revocation and every endpoint with
 * deliveries that are due; reports holds that expired, plans the visits that came into the horizon
 * of their series, and deletes what is old. Called once a day it already makes everything correct.
 * The parts do not depend on each other: one that fails keeps none of the others back.
 * `spreadSeconds`: polls are spread over this many seconds where a worker keeps running.
 */
export const schedule = async (database: Database, options = { spreadSeconds: 0 }): Promise<Scheduled> => {
  const now = Temporal.Now.instant()
  const parts = [
    enqueue(database, options),
    expireHolds(database),
    rollSeries(database, { now: now.toString(), deadline: now.epochMilliseconds + rollMs }),
    cleanUp(database),
  ] as const
  await Promise.allSettled(parts)
  const [queued, holds, series] = await Promise.all(parts)
  return { ...queued, holds, visits: series.booked + series.needTime }
}

const enqueue = ({ db }: Database, options: { spreadSeconds: number }) =>
  db.transaction(async (tx) => {
    const [calendars, revocations, webhooks] = await Promise.all([
      enqueueDue(tx, { notifiedSeconds, polledSeconds, awaitedSeconds, renewHours, ...options }),
      enqueueRevocations(tx),
      enqueueDueWebhooks(tx),
      noteSchedulerRun(tx),
    ])
    return { calendars, revocations, webhooks }
  })

export type Scheduled = { calendars: number; revocations: number; webhooks: number; holds: number; visits: number }
