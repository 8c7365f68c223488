import { expect } from 'vitest'
import type { LogEntry } from '../../emulator/log.ts'
import type { Model } from '../chaos/model.ts'
import { syncedCalendars } from '../chaos/team/model.ts'
import { startWorkerProcess, until } from '../worker-process.ts'

type Kill = { operation: string; count: number; isIn?: (entry: LogEntry) => boolean }

/** Sends the signal once Google has committed the request, before it answers. */
export const killAt = async (model: Model, { operation, count, isIn = () => true }: Kill): Promise<void> => {
  const crashing = startWorkerProcess()
  let left = count
  model.requests.onCommit = (entry) => {
    if (entry.operation === operation && isIn(entry) && --left === 0) crashing.kill()
  }
  const end = await crashing.ended
  model.requests.onCommit = null
  expect(end, crashing.output()).toBe('SIGKILL')
}

/** Another process finds the work without a push notification or a new job. */
export const takeOver = async (model: Model): Promise<void> => {
  const started = new Date().toISOString()
  const worker = startWorkerProcess()
  await until('the next worker has answered every request', async () => {
    const calendars = await syncedCalendars(model)
    return calendars.some(({ lastSuccessAt }) => (lastSuccessAt ?? '') > started) && calendars.every(isUpToDate)
  })
  expect(await worker.stop(), worker.output()).toBe(0)
}

const isUpToDate = ({ isRequested, lastFailureKind }: Awaited<ReturnType<typeof syncedCalendars>>[number]) =>
  !isRequested && lastFailureKind === null
