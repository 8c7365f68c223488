import { registerStream } from '#lib/observe/open-streams.ts'
import type { PublishedKind } from './change-kind.ts'
import { subscribe } from './hub.ts'

const heartbeatMs = 20_000

type StreamOptions = {
  businessId: string
  signal: AbortSignal
  /** Whether session and membership still hold. Asked at the start and after changes of them. */
  mayStay: () => Promise<boolean>
  /** When the session expires, in epoch milliseconds. */
  until: number
  /** The stream ends then, and the browser reconnects. */
  maxSeconds?: number
  /** When the page was rendered, in epoch milliseconds. */
  since?: number
}

/** An event stream of change kinds. It ends when its reader may no longer read the business. */
export const changeStream = ({ businessId, signal, mayStay, until, maxSeconds, since }: StreamOptions) => {
  const text = new TextEncoder()
  let closed = false
  const cleanups: (() => void)[] = []
  const release = () => {
    closed = true
    for (const cleanup of cleanups.splice(0)) cleanup()
  }
  const start = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const send = (line: string) => {
      if (!closed) controller.enqueue(text.encode(`${line}\n\n`))
    }
    const end = () => {
      if (closed) return
      release()
      controller.close()
    }
    const check = coalesced(async () => {
      if (!(await mayStay().catch(() => false))) end()
    })
    const opened = Promise.withResolvers<void>()
    const onChange = async (kind: PublishedKind) => {
      await opened.promise
      // Only the check knows whether this change ended the membership.
      if (kind !== 'rows') await check()
      if (kind !== 'access') send(`event: change\ndata: ${kind}`)
    }
    const unsubscribe = await subscribe(businessId, (kind) => void onChange(kind), since)
    if (closed) return unsubscribe()
    const heartbeat = setInterval(() => (Date.now() < until ? send(': heartbeat') : end()), heartbeatMs)
    const limit = maxSeconds === undefined ? undefined : setTimeout(end, maxSeconds * 1000)
    cleanups.push(unsubscribe, registerStream(end), () => {
      clearInterval(heartbeat)
      clearTimeout(limit)
    })
    signal.addEventListener('abort', end)
    // Membership may have ended between the check of the request and the subscription.
    await check()
    send('retry: 2000\nevent: ready\ndata:')
    opened.resolve()
    if (signal.aborted) end()
  }
  return new ReadableStream<Uint8Array>({ start, cancel: release })
}

/** Calls during a run share one further run, which starts after it. */
const coalesced = (work: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const run = () => {
    running = work().finally(() => {
      running = undefined
    })
    return running
  }
  return () => {
    if (!running) return run()
    next ??= running.then(() => {
      next = undefined
      return run()
    })
    return next
  }
}
