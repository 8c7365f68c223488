import { actingViewer } from '#lib/auth/viewer.ts'
import { env, isServerless } from '#lib/env.ts'
import { drainNow } from '#lib/jobs/drain-after-response.ts'
import { syncIfStale } from '#lib/jobs/freshness.ts'
import { subscribe } from '#lib/live/hub.ts'
import { registerStream } from '#lib/observe/open-streams.ts'

/** Function time limit in seconds. The stream ends before it, and the browser reconnects. */
export const maxDuration = 60

const heartbeatMs = 20_000

/** An event stream of change kinds. Clients then refetch the data. */
export const GET = async (request: Request) => {
  const acting = await actingViewer()
  if (!acting.ok) return Response.json({ code: acting.code, message: acting.message }, { status: 401 })
  await syncIfStale(acting.viewer.businessId)
  drainNow()
  return new Response(changes(acting.viewer.businessId, request.signal), {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    },
  })
}

const changes = (businessId: string, signal: AbortSignal) => {
  const text = new TextEncoder()
  let cancelled = false
  let release = () => {
    cancelled = true
  }
  return new ReadableStream<Uint8Array>({
    start: async (controller) => {
      const send = (line: string) => controller.enqueue(text.encode(`${line}\n\n`))
      const unsubscribe = await subscribe(businessId, (kind) => send(`event: change\ndata: ${kind}`))
      if (cancelled) return unsubscribe()
      const heartbeat = setInterval(() => send(': heartbeat'), heartbeatMs)
      let closed = false
      release = () => {
        closed = true
        clearInterval(heartbeat)
        clearTimeout(limit)
        unregister()
        unsubscribe()
      }
      const end = () => {
        if (closed) return
        release()
        controller.close()
      }
      const limit = isServerless() ? setTimeout(end, env().LIVE_STREAM_SECONDS * 1000) : undefined
      const unregister = registerStream(end)
      signal.addEventListener('abort', end)
      send('retry: 2000\nevent: ready\ndata:')
      if (signal.aborted) end()
    },
    cancel: () => release(),
  })
}
