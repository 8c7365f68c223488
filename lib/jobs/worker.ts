import { EventEmitter } from 'node:events'
import { Logger, parseCronItems, type RunnerOptions, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import { connect, type Database } from '#db/client.ts'
import { requeueAbandoned } from '#db/queries/sync/jobs.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import type { SyncReport } from '#lib/sync/run.ts'
import { schedule } from './schedule.ts'
import { tasks } from './tasks.ts'

/**
 * The queue's runner: inside a long-lived server, as a process of its own, or for one drain with a
 * time budget.
 */

const concurrency = 4
/** Deliveries mostly wait for receivers, and must not take the place of sync runs. */
const deliveryConcurrency = 12
const everyMinute = parseCronItems([
  { task: 'tick', match: '* * * * *', options: { backfillPeriod: 0, jobKey: 'tick' } },
])

/** Of the queue's own messages only errors are logged, by class: their text quotes the error. */
const quiet = new Logger(() => (level, _, meta) => {
  if (level === 'error') log('error', 'queue', { error: nameOfError(meta?.error ?? meta?.e) })
})

/** A sync run holds one database connection for its lock and uses others beside it. */
const poolFor = (url: string, direct = false) => connect(url, { max: concurrency * 3 + 2, direct })

const runnerOptions = (databaseUrl: string): RunnerOptions => ({
  connectionString: databaseUrl,
  concurrency,
  maxPoolSize: concurrency + 2,
  noHandleSignals: true,
  pollInterval: 2000,
  logger: quiet,
})

/** Two runners: receivers that are slow occupy only the second. Returns what stops both. */
const runBoth = async (
  { taskList, ...shared }: Partial<RunnerOptions> & { taskList: TaskList },
  databaseUrl: string,
): Promise<{ stop: () => Promise<void> }> => {
  const { 'deliver-webhook': deliver, ...others } = taskList
  const options = { ...runnerOptions(databaseUrl), ...shared }
  const first = await run({ ...options, taskList: others })
  const second = await run({
    ...options,
    taskList: { 'deliver-webhook': deliver },
    parsedCronItems: [],
    concurrency: deliveryConcurrency,
    maxPoolSize: 4,
  })
  return {
    stop: async () => {
      await Promise.all([first.stop(), second.stop()])
    },
  }
}

/**
 * Runs until `stop`: jobs start within milliseconds of their commit, and a tick every minute queues
 * what is due.
 */
export const startWorker = async (options: {
  databaseUrl: string
  direct?: boolean
}): Promise<{ stop: () => Promise<void> }> => {
  const database = poolFor(options.databaseUrl, options.direct)
  const stopping = new AbortController()
  const runners = await runBoth(
    { taskList: tasks(database, { stop: stopping.signal }), parsedCronItems: everyMinute },
    options.databaseUrl,
  )
  await schedule(database)
  const watchdog = setInterval(() => void requeueAbandonedJobs(database), watchdogMs)
  return {
    stop: async () => {
      clearInterval(watchdog)
      await stop(runners, database, stopping)
    },
  }
}

const stop = async (runners: { stop: () => Promise<void> }, database: Database, stopping: AbortController) => {
  stopping.abort()
  await runners.stop()
  await database.close()
}

const watchdogMs = 5000

/** Every process requeues the jobs of processes that died. */
const requeueAbandonedJobs = async ({ db }: Database) => {
  try {
    const jobs = await requeueAbandoned(db, watchdogMs / 1000)
    if (jobs > 0) log('warn', 'queue.abandoned', { jobs })
  } catch {
    // The database is down; the next call tries again.
  }
}

export type DrainReport = { ran: number; pushed: number; pages: number; failed: number; left: number }

const checkMs = 25

/**
 * With a batch, even of no delay, `stop` waits until the outcome of each job is recorded. Without,
 * a runner that stops right after a job leaves its row locked for hours.
 */
const awaitOutcomes = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } }

/** Runs due jobs until none is left or the budget ends; a running job is finished, not cut. */
export const drain = async (options: {
  databaseUrl: string
  budgetMs: number
  jobsLeft: (database: Database) => Promise<number>
}): Promise<DrainReport> => {
  const deadline = Date.now() + options.budgetMs
  const database = poolFor(options.databaseUrl)
  const report: DrainReport = { ran: 0, pushed: 0, pages: 0, failed: 0, left: 0 }
  const onReport = (sync: SyncReport) => {
    if (sync.ran) report.ran++
    if (sync.failure) report.failed++
    report.pushed += sync.pushed
    report.pages += sync.pages
  }
  const events: WorkerEvents = new EventEmitter()
  let running = 0
  events.on('job:start', () => running++)
  events.on('job:complete', () => running--)
  const runners = await runBoth(
    // The address may lead to a transaction pooler.
    { noPreparedStatements: true, preset: awaitOutcomes, events, taskList: tasks(database, { deadline, onReport }) },
    options.databaseUrl,
  )
  while (Date.now() < deadline && (running > 0 || (await options.jobsLeft(database)) > 0))
    await new Promise((resolve) => setTimeout(resolve, checkMs))
  await runners.stop()
  report.left = await options.jobsLeft(database)
  await database.close()
  return report
}
