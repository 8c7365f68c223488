import { type ChangeKind, parseChangeKind } from '#lib/live/change-kind.ts'

/** One event stream per page, shared by everyone on it who wants to know that something changed. */

type Listener = (news: ChangeKind) => void

const listeners = new Set<Listener>()
let stream: EventSource | null = null
let interrupted = false
let reopening: ReturnType<typeof setTimeout> | undefined
let refusals = 0

const tell = (news: ChangeKind) => {
  for (const listener of listeners) listener(news)
}

const reopenMs = { first: 3000, most: 60_000 }

/** A browser comes back by itself after a broken connection, but never after an answer that was no stream. */
const open = () => {
  const current = new EventSource('/api/live')
  stream = current
  current.addEventListener('change', ({ data }) => tell(parseChangeKind(data)))
  current.addEventListener('error', () => {
    interrupted = true
    // Everybody met the same answer at the same moment; they need not come back at the same one.
    if (current.readyState !== EventSource.CLOSED || stream !== current) return
    const pause = Math.min(reopenMs.first * 2 ** refusals++, reopenMs.most)
    reopening = setTimeout(open, pause * (1 + Math.random()))
  })
  // What happened while the stream was down was not told.
  current.addEventListener('open', () => {
    if (interrupted) tell('anything')
    interrupted = false
    refusals = 0
  })
}

/** Calls `listener` whenever something changed in this business. Answers with the way to stop. */
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
