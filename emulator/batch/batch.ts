import { errorReply } from '../calendar/errors.ts'
import { calendarRoutes } from '../calendar/routes.ts'
import { type Context, createRouter, isLogged, json, methodOf, type Reply, type Route } from '../http.ts'
import { answerLogged } from '../serve.ts'
import { type RequestPart, readRequestParts } from './request-parts.ts'
import { type AnswerPart, multipartReply } from './response-parts.ts'

/** Google's documentation once said 50, now 1,000; other APIs of Google refuse more than 50. */
const MAX_PARTS = 50

const find = createRouter(calendarRoutes)

export const batchRoute: Route = {
  method: 'POST',
  path: '/batch/calendar/v3',
  operation: 'batch',
  handle: answerBatch,
}

/**
 * Parts are executed in any order and answered in the order in which they were sent. They wait for
 * their faults side by side, so that a batch takes the time of one request.
 */
async function answerBatch(context: Context): Promise<Reply> {
  const { body, headers, world, fault } = context
  const parts = readRequestParts(headers['content-type'], body)
  if (!parts || parts.length === 0) return unparsable(body)
  if (parts.length > MAX_PARTS) return tooManyParts(parts.length)
  const { shuffleBatch, shuffleBatchAnswers } = world.state.switches
  const executed = shuffleBatch ? shuffled(parts) : parts
  const answers = new Map<RequestPart, AnswerPart>()
  await Promise.all(
    executed.map(async (part) => {
      const reply = await answerPart(context, part)
      if (reply) answers.set(part, { contentId: part.contentId, reply })
    }),
  )
  const answered = (shuffleBatchAnswers ? shuffled(parts) : parts).flatMap((part) => {
    const answer = answers.get(part)
    if (!answer || !fault?.parts?.includes(part.position)) return answer ?? []
    return fault.kind === 'missing-parts' ? [] : [answer, answer]
  })
  return multipartReply(answered)
}

/** Undefined if a fault swallows the answer. */
async function answerPart(outer: Context, part: RequestPart): Promise<Reply | undefined> {
  const url = partUrl(outer, part)
  // The documentation allows neither whole URLs nor a batch in a batch.
  if (!url || url.pathname.startsWith('/batch')) return errorReply({ status: 400, reason: 'badRequest' })
  const method = methodOf(part.method, part.headers)
  const match = find(method, url.pathname)
  if (!match || !isLogged(match.route)) return errorReply({ status: 404, reason: 'notFound' })
  const context: Context = {
    ...outer,
    method,
    url,
    params: match.params,
    query: url.searchParams,
    headers: { ...outer.headers, ...part.headers },
    body: part.body,
    part: part.position,
    logFields: {},
    fault: undefined,
  }
  const reply = await answerLogged(context, match.route, outer.fault)
  return reply === 'reset' ? undefined : reply
}

/** Query parameters of the batch apply to each part that does not set them. */
function partUrl({ world, query }: Context, { target }: RequestPart): URL | undefined {
  if (!/^\/(?!\/)/.test(target)) return
  const url = new URL(target, world.origin)
  const own = new Set(url.searchParams.keys())
  for (const [name, value] of query) if (!own.has(name)) url.searchParams.append(name, value)
  return url
}

function shuffled<T>(items: T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

/** These two bodies differ from the API's own: one is a list, the other has no reason. */
function unparsable(body: Buffer): Reply {
  const message = `Failed to parse batch request, error: 0 items. Received batch body: (${body.length}) bytes redacted`
  const errors = [{ message, domain: 'global', reason: 'badRequest' }]
  return json([{ error: { code: 400, message, errors, status: 'INVALID_ARGUMENT' } }], 400)
}

function tooManyParts(count: number): Reply {
  const message = `Inner request count exceeds the limit. Received: ${count}, Limit: ${MAX_PARTS}`
  return json({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }, 400)
}
