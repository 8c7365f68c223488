import { originValidationResponse } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { env } from '#lib/env.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import { type Refused, refuse } from '../answer.ts'
import { statusOf } from '../codes.ts'
import { authenticate } from '../http/authenticate.ts'
import { problemResponse } from '../http/problem.ts'
import { readBody } from '../http/read-body.ts'
import { countRequest } from '../limits.ts'
import { unavailable } from '../run-verb.ts'
import { callTool } from './call-tool.ts'
import { serveMcp } from './mcp.ts'
import type { ToolAnswer } from './present.ts'
import { toolNamed } from './tools.ts'

/**
 * 401 without a key and 404 for an unknown tool; else 200, so that platforms pass on the answer.
 */
export const answerTool = async (request: Request, name: string): Promise<Response> => {
  try {
    return await callByHttp(request, name)
  } catch (error) {
    log('error', 'api.agent-failed', { error: nameOfError(error) })
    return json(unavailable)
  }
}

const callByHttp = async (request: Request, name: string): Promise<Response> => {
  const caller = await authenticate(request)
  if (caller instanceof Response) return caller
  const tool = toolNamed(name)
  if (!tool) return problemResponse(unknownTool)
  const body = hasNoBody(request) ? { ok: true as const, value: {} } : await readBody(request)
  if (!body.ok) return json((await countRequest(caller, 'reads')) ?? body)
  return json(await callTool(caller, tool, inputOf(body.value)))
}

const hasNoBody = ({ body, headers }: Request) => body === null || headers.get('content-length') === '0'

/** Retell sends a function's arguments in `args`, beside the call they belong to. */
const wrappedSchema = z.object({
  name: z.string(),
  args: z.record(z.string(), z.unknown()),
  call: z.object({ call_id: z.string().optional() }),
})

const inputOf = (body: unknown): unknown => {
  const wrapped = wrappedSchema.safeParse(body)
  return wrapped.success ? { callId: wrapped.data.call.call_id, ...wrapped.data.args } : body
}

const json = (answer: ToolAnswer) => Response.json(answer, { headers: { 'cache-control': 'no-store' } })

const unknownTool = refuse('not-found', 'I can’t do that.', { fields: { tool: 'There is no such tool.' } })

export const onlyPost = (): Response =>
  problemResponse(refuse('method-not-allowed', 'I can’t do that.', { fields: { method: 'Send a POST.' } }), {
    allow: 'POST',
  })

/** One request of the Model Context Protocol. Browsers may only send it from our own pages. */
export const answerMcp = async (request: Request): Promise<Response> => {
  try {
    return await serve(request)
  } catch (error) {
    log('error', 'api.mcp-failed', { error: nameOfError(error) })
    return problemResponse(unavailable)
  }
}

const serve = async (request: Request): Promise<Response> => {
  const otherSite = originValidationResponse(request, [new URL(env().NEXTAUTH_URL).hostname])
  if (otherSite) return otherSite
  const caller = await authenticate(request)
  if (caller instanceof Response) return caller
  if (request.method !== 'POST') return serveMcp(caller, request)
  const body = await readBody(request)
  const tooMany = body.ok && isCall(body.value) ? null : await countRequest(caller, 'reads')
  if (tooMany) return rpcError(tooMany)
  if (!body.ok) return rpcError(body)
  const { method, headers, signal } = request
  return serveMcp(caller, new Request(request.url, { method, headers, signal, body: Buffer.from(body.bytes) }))
}

/** Counted when it runs. */
const isCall = (message: unknown): boolean => Object(message).method === 'tools/call'

const parseError = -32_700
const otherError = -32_000

const rpcError = ({ code, say, fields, retryAfterSeconds }: Refused) =>
  Response.json(
    {
      jsonrpc: '2.0',
      id: null,
      error: {
        code: code === 'invalid' ? parseError : otherError,
        message: fields ? Object.values(fields).join(' ') : say,
      },
    },
    {
      status: statusOf[code],
      headers: {
        'cache-control': 'no-store',
        ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      },
    },
  )
