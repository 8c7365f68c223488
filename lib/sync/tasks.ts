import type { TaskList } from 'graphile-worker'
import { z } from 'zod'
import type { Database } from '#db/client.ts'
import { revoke } from '#lib/google/unlink.ts'
import { schedule } from './schedule.ts'
import { type SyncReport, syncConnection } from './sync-connection.ts'

/** The queue's jobs. A payload only says where to look. */

const syncPayload = z.object({ connectionId: z.uuid() })
const revokePayload = z.object({ revocationId: z.uuid() })

type Options = { deadline?: number; onReport?: (report: SyncReport) => void }

export const tasks = (database: Database, options: Options = {}): TaskList => ({
  'sync-connection': async (payload) => {
    const { connectionId } = syncPayload.parse(payload)
    const report = await syncConnection(database, connectionId, { deadline: options.deadline })
    options.onReport?.(report)
  },
  revoke: async (payload) => {
    await revoke(database, revokePayload.parse(payload).revocationId)
  },
  tick: async () => {
    await schedule(database)
  },
})
