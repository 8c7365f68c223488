import { AsyncLocalStorage } from 'node:async_hooks'
import { processSingleton } from '#lib/process-singleton.ts'

/** Ids of the running request or job; each of its log lines carries them. */
export type LogIds = Record<string, string | number>

export const scope = (): AsyncLocalStorage<LogIds> =>
  processSingleton('log-scope', () => new AsyncLocalStorage<LogIds>())

/** Adds ids to all further log lines of the running request or job. */
export const addLogIds = (ids: LogIds) => {
  const current = scope().getStore()
  if (current) Object.assign(current, ids)
}
