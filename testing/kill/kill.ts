import { expect } from 'vitest'
import type { LogEntry } from '../../emulator/log.ts'
import type { Model } from '../chaos/model.ts'
import { syncedCalendars } from '../chaos/team/model.ts'
import { startWorkerProcess, until } from '../worker-process.ts'

/** One in six, as each starts two processes; all of them with `KILL_POINTS=all`. */
export const chosenOf = <Point>(points: Record<string, Point>): [string, Point][] =>
  Object.entries(points).filter((_, at) => process.env.KILL_POINTS === 'all' || at % 6 === 0)

type Kill = { operation: string; count: number; isIn?: (entry: LogEntry) => boolean }

/** Sends the signal once Google has committed the request, before it answers. */
export const killAt = async (model: Model, { operation, count, isIn = () => true }: Kill): Promise<void> => {
  const crashing = startWorkerProcess()
  let left = count
  model.requests.onCommit = (entry) => {
    if (entry.operation === operation && isIn(entry) && --left === 0) crashing.kill()
  }
  let isOver = false
  void crashing.ended.then(() => {
    isOver = true
  })
  await until(`the process reaches ${operation}`, () => isOver)
  model.requests.onCommit = null
  expect(await crashing.ended, crashing.output()).toBe('SIGKILL')
}

/** Another process finds the work without a push notification or a new job. */
export const takeOver = async (model: Model): Promise<void> => {
  const started = new Date().toISOString()
  const worker = startWorkerProcess()
  await until('the next worker has nothing left to do', async () => {
    const calendars = await syncedCalendars(model)
    if (!calendars.some(({ lastSuccessAt }) => (lastSuccessAt ?? '') > started)) return false
    return calendars.every(isUpToDate) && !(await isQueued(model))
  })
  expect(await worker.stop(), worker.output()).toBe(0)
}

const isUpToDate = ({ isRequested, lastFailureKind }: Awaited<ReturnType<typeof syncedCalendars>>[number]) =>
  !isRequested && lastFailureKind === null

/** A poll requests no run: it is only a job, which the killed process may have begun. */
const isQueued = async ({ database: { sql } }: Model): Promise<boolean> => {
  const jobs = await sql`
    select from graphile_worker.jobs where task_identifier = 'sync-calendar' and run_at <= now() limit 1`
  return jobs.length > 0
}
