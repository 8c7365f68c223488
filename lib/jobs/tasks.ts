import type { Task, TaskList } from 'graphile-worker'
import { z } from 'zod'
import type { Database } from '#db/client.ts'
import { deliverWebhook } from '#lib/deliveries/deliver.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import { scope } from '#lib/observe/scope.ts'
import { traced } from '#lib/observe/telemetry.ts'
import { type SyncReport, syncCalendar } from '#lib/sync/run.ts'
import { awaitDatabase } from './await-database.ts'
import { revoke } from './revoke.ts'
import { schedule } from './schedule.ts'

/**
 * The queue's tasks. A payload holds an id and nothing else. Each job logs one line with its
 * outcome.
 */

const syncPayload = z.object({ syncedCalendarId: z.uuid() })
const revokePayload = z.object({ revocationId: z.uuid() })
const webhookPayload = z.object({ webhookId: z.uuid() })

/**
 * `patienceMs`: how long a job that threw waits for the database to come back; `stop` ends the
 * wait.
 */
type Options = {
  deadline?: number
  patienceMs?: number
  stop?: AbortSignal
  onReport?: (report: SyncReport) => void
}
type JobOutcome = Record<string, string | number | boolean | null>
type Ids = { syncedCalendarId?: string; revocationId?: string; webhookId?: string }

const minuteMs = 60_000
/** Then a sync run queues what is left, and other calendars come first. */
const longestRunMs = minuteMs

export const tasks = (database: Database, options: Options = {}): TaskList => {
  const patience = { limitMs: options.patienceMs ?? minuteMs, stop: options.stop }
  const logged = withJobLog(() => awaitDatabase(database, patience))
  const { deadline = Number.POSITIVE_INFINITY } = options
  return {
    'sync-calendar': logged(async (payload) => {
      const { syncedCalendarId } = syncPayload.parse(payload)
      const end = Math.min(deadline, Date.now() + longestRunMs)
      const report = await syncCalendar(database, syncedCalendarId, { deadline: end })
      options.onReport?.(report)
      return report
    }),
    revoke: logged(async (payload) => {
      await revoke(database, revokePayload.parse(payload).revocationId)
      return {}
    }),
    'deliver-webhook': logged((payload) =>
      deliverWebhook(database, webhookPayload.parse(payload).webhookId, { deadline }),
    ),
    tick: logged(() => schedule(database, { spreadSeconds: 20 })),
  }
}

/** `recover` runs after a throw: the queue can only record the failure while the database is up. */
const withJobLog =
  (recover: () => Promise<void>) =>
  (work: (payload: unknown) => Promise<JobOutcome>): Task =>
  (payload, { job }) => {
    const { syncedCalendarId, revocationId, webhookId } = (payload ?? {}) as Ids
    const subject = {
      ...(syncedCalendarId && { syncedCalendarId }),
      ...(revocationId && { revocationId }),
      ...(webhookId && { webhookId }),
    }
    const ids = { jobId: job.id, task: job.task_identifier, ...subject }
    const failureOf = (outcome: JobOutcome) => (outcome.failure ? String(outcome.failure) : null)
    const traits = { name: 'job', attributes: { task: ids.task }, failureOf, attributesOf: purposeOf }
    const spanned = () => traced(traits, () => work(payload))
    return scope().run(ids, () => logOutcome(spanned, recover))
  }

/** Of sync runs: whether the calendar is written or only read. */
const purposeOf = ({ purpose }: JobOutcome): { purpose?: string } => (typeof purpose === 'string' ? { purpose } : {})

const logOutcome = async (work: () => Promise<JobOutcome>, recover: () => Promise<void>): Promise<void> => {
  const started = performance.now()
  const ms = () => Math.round(performance.now() - started)
  try {
    log('info', 'job', { ...(await work()), ms: ms() })
  } catch (error) {
    log('error', 'job', { failure: nameOfError(error), ms: ms() })
    await recover()
    // The queue keeps the message, which may contain the parameters of a query.
    throw new Error(nameOfError(error))
  }
}
