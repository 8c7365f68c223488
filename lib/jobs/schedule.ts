import type { Database } from '#db/client.ts'
import { noteSchedulerRun } from '#db/queries/operations.ts'
import { enqueueDue } from '#db/queries/sync/due.ts'
import { enqueueRevocations } from '#db/queries/sync/revocations.ts'
import { renewHours } from '#lib/sync/channel.ts'
import { awaitedForMs, readIntervalMs } from '#lib/sync/notifications/leave-read.ts'

const notifiedSeconds = readIntervalMs.notified / 1000
const polledSeconds = readIntervalMs.polled / 1000
const awaitedSeconds = awaitedForMs / 1000

/**
 * Queues a sync run for every connection that is due, and every revocation. Called once a day it
 * already makes everything correct. `spreadSeconds`: polls are spread over this many seconds where
 * a worker keeps running.
 */
export const schedule = (
  { db }: Database,
  options = { spreadSeconds: 0 },
): Promise<{ connections: number; revocations: number }> =>
  db.transaction(async (tx) => {
    const [connections, revocations] = await Promise.all([
      enqueueDue(tx, { notifiedSeconds, polledSeconds, awaitedSeconds, renewHours, ...options }),
      enqueueRevocations(tx),
      noteSchedulerRun(tx),
    ])
    return { connections, revocations }
  })
