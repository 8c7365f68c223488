import { randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { log } from './log.ts'
import { routeOf } from './route-of.ts'
import { type LogIds, scope } from './scope.ts'

type Started = { request: IncomingMessage; response: ServerResponse; server: Server }

/**
 * A request, body included, must arrive within this time; Node checks twice a minute. By default an
 * unfinished body may hold its memory for five minutes.
 */
const arrivalMs = 30_000

const validId = /^[\w:.-]{8,100}$/

/** Logs each finished request, except for build assets, and adds its id to every line it causes. */
export const logRequests = (onRequest: (started: Started) => void) => {
  subscribe('http.server.request.start', (message) => {
    const started = message as Started
    const { request, response, server } = started
    server.requestTimeout = arrivalMs
    const given = String(request.headers['x-request-id'] ?? request.headers['x-vercel-id'] ?? '')
    const ids: LogIds = { requestId: validId.test(given) ? given : randomUUID() }
    const startedAt = performance.now()
    scope().enterWith(ids)
    onRequest(started)
    if (request.url?.startsWith('/_next/')) return
    response.once('close', () => scope().run(ids, () => logRequest(started, startedAt)))
  })
}

const logRequest = ({ request, response }: Started, startedAt: number) =>
  log(response.statusCode >= 500 ? 'error' : 'info', 'request', {
    method: request.method,
    route: routeOf(request.url ?? '/'),
    status: response.statusCode,
    ms: Math.round(performance.now() - startedAt),
    cut: response.writableFinished ? undefined : true,
  })
