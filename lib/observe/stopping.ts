import { processSingleton } from '#lib/process-singleton.ts'

/** Whether shutdown has begun. The health check answers 503 before the listener closes. */

const state = () => processSingleton('shutdown', () => ({ stopping: false }))

export const isStopping = (): boolean => state().stopping

export const markStopping = () => {
  state().stopping = true
}
