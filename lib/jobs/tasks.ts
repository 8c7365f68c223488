import type { Task, TaskList } from 'graphile-worker'
import { z } from 'zod'
import type { Database } from '#db/client.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import { scope } from '#lib/observe/scope.ts'
import { traced } from '#lib/observe/telemetry.ts'
import { type SyncReport, syncConnection } from '#lib/sync/run.ts'
import { awaitDatabase } from './await-database.ts'
import { revoke } from './revoke.ts'
import { schedule } from './schedule.ts'

/** The queue's jobs. A payload only says where to look. One line tells how each one went. */

const syncPayload = z.object({ connectionId: z.uuid() })
const revokePayload = z.object({ revocationId: z.uuid() })

/** `patienceMs`: how long a job that threw waits for a database that is away; no longer once `stop` is told. */
type Options = {
  deadline?: number
  patienceMs?: number
  stop?: AbortSignal
  onReport?: (report: SyncReport) => void
}
type Outcome = Record<string, string | number | boolean | null>
type Ids = { connectionId?: string; revocationId?: string }

const minuteMs = 60_000

export const tasks = (database: Database, options: Options = {}): TaskList => {
  const patience = { limitMs: options.patienceMs ?? minuteMs, stop: options.stop }
  const told = teller(() => awaitDatabase(database, patience))
  return {
    'sync-connection': told(async (payload) => {
      const { connectionId } = syncPayload.parse(payload)
      const report = await syncConnection(database, connectionId, { deadline: options.deadline })
      options.onReport?.(report)
      return report
    }),
    revoke: told(async (payload) => {
      await revoke(database, revokePayload.parse(payload).revocationId)
      return {}
    }),
    tick: told(() => schedule(database, { spreadSeconds: 20 })),
  }
}

/** `recover` is waited for when a job throws: the queue notes the failure where it could not, were the database away. */
const teller =
  (recover: () => Promise<void>) =>
  (work: (payload: unknown) => Promise<Outcome>): Task =>
  (payload, { job }) => {
    const { connectionId = '', revocationId = '' } = (payload ?? {}) as Ids
    const about = { ...(connectionId && { connectionId }), ...(revocationId && { revocationId }) }
    const ids = { jobId: job.id, task: job.task_identifier, ...about }
    const failureOf = (outcome: Outcome) => (outcome.failure ? String(outcome.failure) : null)
    const spanned = () =>
      traced({ name: 'job', attributes: { task: ids.task }, failureOf }, () => work(payload))
    return scope().run(ids, () => tell(spanned, recover))
  }

const tell = async (work: () => Promise<Outcome>, recover: () => Promise<void>): Promise<void> => {
  const begun = performance.now()
  const ms = () => Math.round(performance.now() - begun)
  try {
    log('info', 'job', { ...(await work()), ms: ms() })
  } catch (error) {
    log('error', 'job', { failure: nameOfError(error), ms: ms() })
    await recover()
    throw error
  }
}
