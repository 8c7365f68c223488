import type { Database } from '#db/client.ts'
import { noteSchedulerRun } from '#db/queries/operations.ts'
import { enqueueDue, enqueueRevocations } from '#db/queries/sync.ts'
import { renewHours } from '#lib/sync/channel.ts'

const rungSeconds = 15 * 60
const polledSeconds = 60

/**
 * Queues a look for every connection that is due, and every revocation. Alone, even once a day, it makes everything right.
 * One transaction whose statements travel together. `spreadSeconds`: where the queue goes on running afterwards, polls are
 * spread over so many.
 */
export const schedule = (
  { db }: Database,
  options = { spreadSeconds: 0 },
): Promise<{ connections: number; revocations: number }> =>
  db.transaction(async (tx) => {
    const [connections, revocations] = await Promise.all([
      enqueueDue(tx, { rungSeconds, polledSeconds, renewHours, ...options }),
      enqueueRevocations(tx),
      noteSchedulerRun(tx),
    ])
    return { connections, revocations }
  })
