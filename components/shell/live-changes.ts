import { type ChangeKind, parseChangeKind } from '#lib/live/change-kind.ts'

/** One event stream per page, shared by all its listeners. */

type Listener = (kind: ChangeKind) => void

const listeners = new Set<Listener>()
let stream: EventSource | null = null
let interrupted = false
let reopening: ReturnType<typeof setTimeout> | undefined
let failures = 0

const notify = (kind: ChangeKind) => {
  for (const listener of listeners) listener(kind)
}

/** Epoch milliseconds by the server's clock. The stream begins with what has changed since. */
const renderedAt = () => document.querySelector('[data-rendered-at]')?.getAttribute('data-rendered-at') ?? ''

const reopenMs = { first: 3000, most: 60_000 }

/** Browsers reconnect after a network error, but not after a response that is not a stream. */
const open = () => {
  const current = new EventSource(`/api/live?since=${renderedAt()}`)
  stream = current
  current.addEventListener('change', ({ data }) => notify(parseChangeKind(data)))
  current.addEventListener('error', () => {
    interrupted = true
    if (current.readyState !== EventSource.CLOSED || stream !== current) return
    const pause = Math.min(reopenMs.first * 2 ** failures++, reopenMs.most)
    // Jitter, because all pages fail at the same moment.
    reopening = setTimeout(open, pause * (1 + Math.random()))
  })
  // Changes during an interruption were missed.
  current.addEventListener('open', () => {
    if (interrupted) notify('anything')
    interrupted = false
    failures = 0
  })
}

/** Calls `listener` on each change in the business, until the returned function is called. */
export const onLiveChange = (listener: Listener): (() => void) => {
  listeners.add(listener)
  if (!stream) open()
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearTimeout(reopening)
    stream?.close()
    stream = null
  }
}
