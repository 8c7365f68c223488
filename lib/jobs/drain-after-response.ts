import { after } from 'next/server.js'
import { database } from '#db/client.ts'
import { countJobs } from '#db/queries/sync.ts'
import { env, isServerless } from '#lib/env.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import { processSingleton } from '#lib/process-singleton.ts'
import { drain } from './worker.ts'

/** Where no worker runs beside the server, whoever queued a look also works it off, within the request. */

/** With the longest call to Google this stays under the function's limit of 60 s. */
const budgetMs = 30_000

type Drain = { running: Promise<void>; again: boolean }
const state = () => processSingleton<{ current?: Drain }>('drain', () => ({}))

/** Once the answer is sent: nobody waits for Google. Does nothing where a worker runs. */
export const drainAfterResponse = () => {
  if (isServerless()) after(drainOnce)
}

/** Begun at once, for somebody who waits for the outcome. Does nothing where a worker runs. */
export const drainNow = () => {
  if (isServerless()) after(drainOnce())
}

/** One drain per process; what was queued while it ran is part of it, or of one more. */
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
    // What is queued stays queued: the next request or the scheduler works it off.
    log('error', 'sync.drain-failed', { error: nameOfError(error) })
  }
}
