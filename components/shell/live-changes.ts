/** One event stream per page, shared by everyone on it who wants to know that something changed. */

const listeners = new Set<() => void>()
let stream: EventSource | null = null
let interrupted = false

const tell = () => {
  for (const listener of listeners) listener()
}

const open = () => {
  stream = new EventSource('/api/live')
  stream.addEventListener('change', tell)
  stream.addEventListener('error', () => {
    interrupted = true
  })
  // What happened while the stream was down was not told.
  stream.addEventListener('open', () => {
    if (interrupted) tell()
    interrupted = false
  })
}

/** Calls `listener` whenever something changed in this business. Answers with the way to stop. */
export const onLiveChange = (listener: () => void): (() => void) => {
  listeners.add(listener)
  if (!stream) open()
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    stream?.close()
    stream = null
  }
}
