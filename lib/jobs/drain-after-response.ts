import { after } from 'next/server.js'
import { database } from '#db/client.ts'
import { countJobs } from '#db/queries/sync/jobs.ts'
import { env, isServerless } from '#lib/env.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import { processSingleton } from '#lib/process-singleton.ts'
import { drain } from './worker.ts'

/** On a serverless host no worker runs: the request that queued a job also runs it. */

/** Plus the longest request to Google it stays under the function's limit of 60 s. */
const budgetMs = 30_000

type Drain = { running: Promise<void>; again: boolean }
const state = () => processSingleton<{ current?: Drain }>('drain', () => ({}))

/** Runs queued jobs after the response. Does nothing where a worker runs. */
export const drainAfterResponse = () => {
  if (isServerless()) after(drainOnce)
}

/** Starts at once, for a request that waits for the outcome. Does nothing where a worker runs. */
export const drainNow = () => {
  if (isServerless()) after(drainOnce())
}

/** One drain per process; jobs queued while it runs are part of it or of one more. */
const drainOnce = (): Promise<void> => {
  const own = state()
  if (own.current) {
    own.current.again = true
    return own.current.running
  }
  const current: Drain = { running: Promise.resolve(), again: false }
  own.current = current
  current.running = drainUntilQuiet(current).finally(() => {
    own.current = undefined
  })
  return current.running
}

const drainUntilQuiet = async (current: Drain): Promise<void> => {
  const deadline = Date.now() + budgetMs
  const databaseUrl = env().DATABASE_URL
  try {
    do {
      current.again = false
      if ((await countJobs(database(databaseUrl).db)) === 0) continue
      const budgetMs = deadline - Date.now()
      const report = await drain({ databaseUrl, budgetMs, jobsLeft: ({ db }) => countJobs(db) })
      log('info', 'sync.drained', report)
    } while (current.again && Date.now() < deadline)
  } catch (error) {
    // The jobs stay queued: the next request or the scheduler runs them.
    log('error', 'sync.drain-failed', { error: nameOfError(error) })
  }
}
