/** Streams that would keep a process from ending; they end first, and their readers come back to another process. */

const held = globalThis as typeof globalThis & { sophiieStreams?: Set<() => void> }

const streams = () => {
  held.sophiieStreams ??= new Set()
  return held.sophiieStreams
}

/** `end` is called when the process is about to stop, unless the returned function was called before. */
export const holdOpen = (end: () => void): (() => void) => {
  streams().add(end)
  return () => streams().delete(end)
}

export const endStreams = () => {
  for (const end of [...streams()]) end()
}
