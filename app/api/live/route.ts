import { sessionOfRequest } from '#lib/auth/session.ts'
import { actingViewer, isStillMember } from '#lib/auth/viewer.ts'
import { env, isServerless } from '#lib/env.ts'
import { drainNow } from '#lib/jobs/drain-after-response.ts'
import { syncIfStale } from '#lib/jobs/freshness.ts'
import { changeStream } from '#lib/live/stream.ts'
import { problem } from '#lib/problem.ts'

/** Function time limit in seconds. The stream ends before it, and the browser reconnects. */
export const maxDuration = 60

/** An event stream of change kinds. Clients then refetch the data. */
export const GET = async (request: Request) => {
  const acting = await actingViewer()
  const session = await sessionOfRequest()
  if (!acting.ok || !session)
    return problem(401, { code: 'signed-out', message: 'You are signed out. Sign in to continue.' })
  const { businessId } = acting.viewer
  const since = Number(new URL(request.url).searchParams.get('since'))
  await syncIfStale(businessId)
  drainNow()
  const stream = changeStream({
    businessId,
    signal: request.signal,
    until: session.until,
    mayStay: () => isStillMember(session, businessId),
    maxSeconds: isServerless() ? env().LIVE_STREAM_SECONDS : undefined,
    since: since > 0 ? since : undefined,
  })
  return new Response(stream, {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    },
  })
}
