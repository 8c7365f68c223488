import { actingViewer } from '#lib/auth/viewer.ts'
import { subscribe } from '#lib/live/hub.ts'

const heartbeatMs = 20_000

/** An event stream that says only that something changed; readers ask for the truth themselves. */
export const GET = async (request: Request) => {
  const acting = await actingViewer()
  if (!acting.ok) return Response.json({ code: acting.code, message: acting.message }, { status: 401 })
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
  let end = () => {}
  return new ReadableStream<Uint8Array>({
    start: async (controller) => {
      const send = (line: string) => controller.enqueue(text.encode(`${line}\n\n`))
      const unsubscribe = await subscribe(businessId, () => send('event: change\ndata:'))
      const beat = setInterval(() => send(': still here'), heartbeatMs)
      end = () => {
        clearInterval(beat)
        unsubscribe()
      }
      signal.addEventListener('abort', () => {
        end()
        controller.close()
      })
      send('retry: 2000\nevent: ready\ndata:')
    },
    cancel: () => end(),
  })
}
