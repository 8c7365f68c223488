import { AsyncLocalStorage } from 'node:async_hooks'

/** What every line of a request or job carries: ids only. */
export type ScopeFacts = Record<string, string | number>

const held = globalThis as typeof globalThis & { sophiieScope?: AsyncLocalStorage<ScopeFacts> }

/** One for the process, however many bundles hold this file. */
export const scope = (): AsyncLocalStorage<ScopeFacts> => {
  held.sophiieScope ??= new AsyncLocalStorage()
  return held.sophiieScope
}

/** Adds ids to every further line of the running request or job. */
export const noteIds = (ids: ScopeFacts) => {
  const facts = scope().getStore()
  if (facts) Object.assign(facts, ids)
}
