import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { LogEntry } from './log.ts'
import type { Fault } from './model.ts'
import type { Person } from './person/person.ts'
import type { World } from './world.ts'

/** One request, and the world it acts on. */
export type Context = {
  method: string
  url: URL
  /** Decoded values of the route's `:name` segments. */
  params: Record<string, string>
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Buffer
  raw: IncomingMessage
  res: ServerResponse
  world: World
  person: Person
  /** Fields of the request's log entry that the handler fills in. */
  logFields: Partial<LogEntry>
  /** The fault that applies to the request. */
  fault?: Fault
  /** Position in the batch that the request is part of, from 1. */
  part?: number
}

export type Reply = {
  status: number
  headers?: Record<string, string>
  body?: string | Buffer
  /** The connection breaks after half of the announced length. */
  cutShort?: boolean
  /** Without the `Date` that every answer has. */
  withoutDate?: boolean
}

/** Returns a reply, or `undefined` after writing to `context.res` itself (event streams). */
export type Handler = (context: Context) => Reply | undefined | Promise<Reply | undefined>

/**
 * `path` is matched by segment: `:name` matches one, a final `*` matches the rest (`params['*']`).
 */
export type Route = {
  method: string
  path: string
  /** Name in the request log (`events.patch`); routes without it are not logged. */
  operation?: string
  handle: Handler
}

/** A request to such a route is logged, and faults apply to it. */
export function isLogged(route: Route): route is Route & { operation: string } {
  return route.operation !== undefined
}

export type Match = { route: Route; params: Record<string, string> }

/** Finds a route by method and path; the first match wins. */
export function createRouter(routes: Route[]) {
  const byMethod = Map.groupBy(
    routes.map((route) => ({ route, parts: route.path.split('/') })),
    ({ route }) => route.method,
  )
  return (method: string, pathname: string): Match | undefined => {
    const parts = pathname.split('/')
    for (const candidate of byMethod.get(method) ?? []) {
      const params = matchParts(candidate.parts, parts)
      if (params) return { route: candidate.route, params }
    }
  }
}

function matchParts(pattern: string[], parts: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index]
    if (expected === '*') {
      params['*'] = decode(parts.slice(index).join('/'))
      return params
    }
    if (part === undefined) return
    if (expected.startsWith(':')) params[expected.slice(1)] = decode(part)
    else if (expected !== part) return
  }
  return pattern.length === parts.length ? params : undefined
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Google lets a client that can only send POST name another method in a header. */
export function methodOf(method: string, headers: IncomingMessage['headers']): string {
  const override = headers['x-http-method-override']
  return method === 'POST' && typeof override === 'string' ? override.toUpperCase() : method
}

export async function readBody(raw: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of raw) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export function html(body: string, status = 200): Reply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...headers },
    body: JSON.stringify(value),
  }
}

export function redirect(location: string, status = 302): Reply {
  return { status, headers: { location } }
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

const compress = promisify(gzip)

/** Sends the reply; gzips bodies over 1 KiB if the client accepts it. */
export async function send(context: { raw: IncomingMessage; res: ServerResponse }, reply: Reply): Promise<void> {
  const { res } = context
  if (res.destroyed) return
  const headers: Record<string, string> = { ...reply.headers }
  let body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body
  const wantsGzip = /\bgzip\b/.test(String(context.raw.headers['accept-encoding'] ?? ''))
  if (body && body.length > 1024 && wantsGzip) {
    body = await compress(body, { level: 1 })
    headers['content-encoding'] = 'gzip'
  }
  if (reply.status !== 204 && reply.status !== 304) headers['content-length'] = String(body?.length ?? 0)
  if (reply.withoutDate) {
    res.sendDate = false
    res.removeHeader('date')
  }
  res.writeHead(reply.status, headers)
  if (reply.cutShort) res.write(body?.subarray(0, body.length / 2) ?? '', () => res.destroy())
  else res.end(context.raw.method === 'HEAD' ? undefined : body)
}
