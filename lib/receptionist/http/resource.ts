import { refuse } from '../answer.ts'
import { handle, type RouteContext } from './handle.ts'
import type { Method, Operation } from './operation.ts'
import { didNotGetIt } from './parse.ts'
import { problemResponse } from './problem.ts'

type Handler = (request: Request, context: RouteContext) => Promise<Response>
type Handlers = Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS', Handler>

/** The handlers of a path: its operations, and 405 for every other method. */
export const resource = (...operations: readonly Operation[]): Handlers =>
  handlersOf(
    operations.map((each): [Method, Handler] => [each.method, (request, context) => handle(each, request, context)]),
  )

/** A public JSON document. */
export const document = (read: () => object): Handlers => {
  const headers = { 'cache-control': 'public, max-age=300' }
  return handlersOf([['GET', async () => Response.json(read(), { headers })]])
}

const handlersOf = (own: [Method, Handler][]): Handlers => {
  const allow = allowOf(own.map(([method]) => method))
  const not: Handler = async () => problemResponse(notAllowed, { allow })
  const options: Handler = async () => new Response(null, { status: 204, headers: { allow } })
  return { ...{ GET: not, POST: not, PUT: not, PATCH: not, DELETE: not, OPTIONS: options }, ...Object.fromEntries(own) }
}

const allowOf = (methods: readonly Method[]) => [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ')

const notAllowed = refuse('method-not-allowed', didNotGetIt)

const unknownPath = refuse('not-found', didNotGetIt, { fields: { path: 'There is no such address in /api/v1.' } })

/** Every other path. */
export const nothing = (): Handlers => {
  const missing: Handler = async () => problemResponse(unknownPath)
  return { GET: missing, POST: missing, PUT: missing, PATCH: missing, DELETE: missing, OPTIONS: missing }
}
