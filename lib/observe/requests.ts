import { randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { log } from './log.ts'
import { routeOf } from './route-of.ts'
import { type ScopeFacts, scope } from './scope.ts'

type Started = { request: IncomingMessage; response: ServerResponse; server: Server }

const known = /^[\w:.-]{8,100}$/

/** One line per request when it is over, and its id on every line in between. Files of the build are not told. */
export const logRequests = (onRequest: (started: Started) => void) => {
  subscribe('http.server.request.start', (message) => {
    const started = message as Started
    const { request, response } = started
    const given = String(request.headers['x-request-id'] ?? request.headers['x-vercel-id'] ?? '')
    const ids: ScopeFacts = { requestId: known.test(given) ? given : randomUUID() }
    const begun = performance.now()
    scope().enterWith(ids)
    onRequest(started)
    if (request.url?.startsWith('/_next/')) return
    response.once('close', () => scope().run(ids, () => tell(started, begun)))
  })
}

const tell = ({ request, response }: Started, begun: number) =>
  log(response.statusCode >= 500 ? 'error' : 'info', 'request', {
    method: request.method,
    route: routeOf(request.url ?? '/'),
    status: response.statusCode,
    ms: Math.round(performance.now() - begun),
    cut: response.writableFinished ? undefined : true,
  })
