/** Streams that would keep a process from ending; they end first, and their readers come back to another process. */

type Streams = { ends: Set<() => void>; ending: boolean }
const held = globalThis as typeof globalThis & { sophiieStreams?: Streams }

const streams = (): Streams => {
  held.sophiieStreams ??= { ends: new Set(), ending: false }
  return held.sophiieStreams
}

/** `end` is called when the process is about to stop, unless the returned function was called before. */
export const holdOpen = (end: () => void): (() => void) => {
  const { ends, ending } = streams()
  ends.add(end)
  if (ending) queueMicrotask(end)
  return () => ends.delete(end)
}

export const endStreams = () => {
  streams().ending = true
  for (const end of [...streams().ends]) end()
}
