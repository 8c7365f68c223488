import type { Database } from '#db/client.ts'
import { noteSchedulerRun } from '#db/queries/operations.ts'
import { enqueueDue, enqueueRevocations } from '#db/queries/sync.ts'
import { renewHours } from './channel.ts'

const rungSeconds = 15 * 60
const polledSeconds = 60

/** Queues a look for every connection that is due, and every revocation. Alone, even once a day, it makes everything right. */
export const schedule = async ({ db }: Database): Promise<{ connections: number; revocations: number }> => {
  const connections = await enqueueDue(db, { rungSeconds, polledSeconds, renewHours })
  const revocations = await enqueueRevocations(db)
  await noteSchedulerRun(db)
  return { connections, revocations }
}
