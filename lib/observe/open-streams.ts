import { processSingleton } from '#lib/process-singleton.ts'

/** Open event streams. Shutdown closes them first; their clients reconnect to another process. */

const streams = () => processSingleton('open-streams', () => ({ closers: new Set<() => void>(), closing: false }))

/** `close` is called at shutdown, unless the returned function was called before. */
export const registerStream = (close: () => void): (() => void) => {
  const { closers, closing } = streams()
  closers.add(close)
  if (closing) queueMicrotask(close)
  return () => closers.delete(close)
}

export const closeStreams = () => {
  streams().closing = true
  for (const close of [...streams().closers]) close()
}
