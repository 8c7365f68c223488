import { after } from 'next/server.js'
import { isServerless } from '#lib/env.ts'
import { processSingleton } from '#lib/process-singleton.ts'
import { log, nameOfError } from './log.ts'

const running = () => processSingleton('background', () => new Set<Promise<void>>())

/**
 * Work that an answer does not wait for. A serverless host and a shutdown wait for it. A failure is
 * logged as `event`.
 */
export const inBackground = (event: string, work: () => Promise<unknown>): void => {
  const done = work()
    .catch((error: unknown) => log('error', event, { error: nameOfError(error) }))
    .then(() => void running().delete(done))
  running().add(done)
  if (isServerless()) after(done)
}

export const untilBackgroundDone = async (): Promise<void> => {
  while (running().size > 0) await Promise.all(running())
}
