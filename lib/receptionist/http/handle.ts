import { log, nameOfError } from '#lib/observe/log.ts'
import type { Refused } from '../answer.ts'
import type { Caller } from '../caller.ts'
import { statusOf } from '../codes.ts'
import { runVerb, unavailable } from '../run-verb.ts'
import { notFound } from '../say/refusals.ts'
import { needsOf } from '../verb-needs.ts'
import { authenticateCounted } from './authenticate.ts'
import { idempotencyKeyOf, idempotent, type Kept } from './idempotent.ts'
import type { Operation } from './operation.ts'
import { isId, parsed, parsedQuery, parsedRevision } from './parse.ts'
import { problemHeaders, problemOf, problemResponse } from './problem.ts'
import { readBody } from './read-body.ts'

/** Next gives no `params` to a path without any. */
export type RouteContext = { params?: Promise<Record<string, string | string[] | undefined>> }

/** Answers a request by an operation. Bad input is a problem in words; so is every failure. */
export const handle = async (operation: Operation, request: Request, context: RouteContext): Promise<Response> => {
  try {
    return await answer(operation, request, context)
  } catch (error) {
    log('error', 'api.failed', { operation: operation.id, error: nameOfError(error) })
    return problemResponse(unavailable)
  }
}

const answer = async (operation: Operation, request: Request, context: RouteContext): Promise<Response> => {
  const caller = await authenticateCounted(request, needsOf(operation.verb, {}).writes ? 'writes' : 'reads')
  if (caller instanceof Response) return caller
  const asked = await read(operation, request, context)
  if (!asked.ok) return problemResponse(asked)
  const run = () => runOnce(operation, caller, asked.value)
  if (operation.method !== 'POST') return response(operation, await run())
  const key = idempotencyKeyOf(request.headers)
  if (!key.ok) return problemResponse(key)
  const { method } = request
  const { pathname: path } = new URL(request.url)
  const once = await idempotent(caller, { key: key.value, request: { method, path, bytes: asked.value.bytes } }, run)
  if (!once.ok) return problemResponse(once)
  return response(operation, once.kept, once.isReplayed ? { 'idempotent-replayed': 'true' } : {})
}

type Asked = { id: string; query: unknown; body: unknown; revision: number; bytes: Uint8Array }

const read = async (
  operation: Operation,
  request: Request,
  { params }: RouteContext,
): Promise<{ ok: true; value: Asked } | Refused> => {
  const { id = '' } = (await params) ?? {}
  if (typeof id !== 'string' || (operation.path.includes('{id}') && !isId(id))) return notFound
  const value = { id: id.toLowerCase(), query: {}, body: {}, revision: 0, bytes: new Uint8Array() } as Asked
  if (operation.query) {
    const query = parsedQuery(operation.query, new URL(request.url).searchParams)
    if (!query.ok) return query
    value.query = query.value
  }
  if (operation.takesRevision) {
    const revision = parsedRevision(request.headers.get('if-match'))
    if (!revision.ok) return revision
    value.revision = revision.value
  }
  if (operation.body) {
    const sent = await readBody(request)
    if (!sent.ok) return sent
    const body = parsed(operation.body, sent.value)
    if (!body.ok) return body
    Object.assign(value, { body: body.value, bytes: sent.bytes })
  }
  return { ok: true, value }
}

const runOnce = async (operation: Operation, by: Caller, asked: Asked) => {
  const { caller, body } = withCallId(operation, by, asked.body)
  const shown = { ...(asked.id && { id: asked.id }), ...Object(asked.query), ...Object(body) }
  const work = () => operation.run(caller, { ...asked, body })
  const answered = await runVerb(caller, operation.verb, shown, work, { isCounted: true })
  if (!answered.ok) {
    const { code, retryAfterSeconds } = answered
    return { status: statusOf[code], body: JSON.stringify(problemOf(answered)), code, retryAfterSeconds }
  }
  const { ok: _, ...value } = answered
  return { status: operation.status?.(value) ?? 200, body: JSON.stringify(value), code: null }
}

/** Of the body, else of the header. */
const withCallId = ({ body: schema }: Operation, caller: Caller, body: unknown) => {
  const given = Object(body) as { callId?: string }
  const callId = given.callId ?? caller.callId
  const takesIt = schema !== undefined && 'shape' in schema && 'callId' in Object(schema.shape)
  return { caller: { ...caller, callId }, body: takesIt && callId ? { ...given, callId } : body }
}

type Answered = Kept & { retryAfterSeconds?: number }

const response = (operation: Operation, { status, body, retryAfterSeconds }: Answered, more: object = {}): Response =>
  new Response(body, {
    status,
    headers: {
      ...(status < 400 ? headersOf(operation, { status, body }) : problemHeaders),
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      ...more,
    },
  })

/** The same for a repeated answer: made from its body. */
const headersOf = ({ location }: Operation, { status, body }: Kept) => {
  const value = JSON.parse(body) as { revision?: number }
  return {
    ...{ 'content-type': 'application/json', 'cache-control': 'no-store' },
    ...(value.revision !== undefined && { etag: `"${value.revision}"` }),
    ...(status === 201 && location && { location: location(value) }),
  }
}
