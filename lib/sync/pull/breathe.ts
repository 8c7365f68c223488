import { setImmediate } from 'node:timers/promises'

/** Longer than this no run keeps other requests of the process waiting. */
const sliceMs = 8

/** Returns a function that gives the event loop back where the last time was long enough ago. */
export const breather = (): (() => Promise<void>) => {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < sliceMs) return
    await setImmediate()
    since = performance.now()
  }
}
