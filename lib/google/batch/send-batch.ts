import { randomUUID } from 'node:crypto'
import { gaxios } from 'google-auth-library'
import { log } from '#lib/observe/log.ts'
import { traced } from '#lib/observe/telemetry.ts'
import { type Answered, answered, failureOf } from '../answer.ts'
import { googleEndpoints } from '../endpoints.ts'
import type { GoogleFailure } from '../failure.ts'
import type { EventRequest } from './event-request.ts'
import { type AnswerPart, readParts, writeParts } from './multipart.ts'

/** Google refuses larger batches of some APIs; its documentation of this one has named both. */
export const batchLimit = 50

/** Google executes the parts of a batch before it answers any. */
const timeoutMs = 60_000

/** Of the whole answer. An event with 100 guests takes some 20 KB. */
const maxAnswerBytes = 8 * 1024 * 1024

/**
 * Sends one batch. A failure of the whole is that of every part; a part without a readable answer
 * may have been executed, as after a broken connection.
 */
export const sendBatch = async <T>(accessToken: string, requests: EventRequest<T>[]): Promise<Answered<T>[]> => {
  const started = performance.now()
  const whole = await traced(
    {
      name: 'google.call',
      attributes: { operation: 'batch' },
      failureOf: (answer) => (answer.ok ? null : answer.failure.kind),
    },
    () => post(accessToken, requests),
  )
  const ms = Math.round(performance.now() - started)
  const { status, ...failure } = whole.ok ? { status: whole.status } : logged(whole.failure)
  log('info', 'google.call', { operation: 'batch', parts: requests.length, status, ...failure, ms })
  if (!whole.ok) return requests.map(() => whole)
  return requests.map((request, index) => {
    const answer = answerOf(request, whole.data.get(index))
    if (!answer.ok)
      log('info', 'google.call', { operation: request.operation, ...logged(answer.failure), part: index + 1 })
    return answer
  })
}

const logged = ({ status, kind, detail }: GoogleFailure) => ({ status, kind, detail })

type Parts = Map<number, AnswerPart>

const transport = new gaxios.Gaxios()

const post = async (accessToken: string, requests: EventRequest<unknown>[]): Promise<Answered<Parts>> => {
  const batchId = randomUUID()
  const { contentType, body } = writeParts(requests, batchId)
  try {
    const { data, status, headers } = await transport.request<AsyncIterable<Buffer>>({
      url: `${googleEndpoints().apiRoot}batch/calendar/v3`,
      method: 'POST',
      headers: { Authorization: `Bearer ${accessToken}`, 'Content-Type': contentType },
      data: body,
      responseType: 'stream',
      retry: false,
      timeout: timeoutMs,
      validateStatus: () => true,
    })
    const text = await textOf(data)
    if (status !== 200) {
      const failure = failureOf({ response: { status, headers, data: parsed(text) } }, 'batch')
      return { ok: false, failure }
    }
    const parts = readParts({ contentType: headers.get('content-type'), body: text }, batchId)
    return answered(parts ? { data: parts } : { odd: 'no-parts' }, status)
  } catch (error) {
    return { ok: false, failure: failureOf(error, 'batch') }
  }
}

/** Leaving the loop closes the connection. */
const textOf = async (body: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > maxAnswerBytes) throw Object.assign(new Error('The answer is too large.'), { code: 'answer-too-large' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

const answerOf = <T>(request: EventRequest<T>, part: AnswerPart | undefined): Answered<T> => {
  if (!part)
    return { ok: false, failure: { kind: 'transient', detail: 'no-answer', status: null, retryAfterSeconds: null } }
  const { status, headers, body } = part
  const data = parsed(body)
  if (status < 300) return answered(request.read(data), status)
  return { ok: false, failure: failureOf({ response: { status, headers, data } }, request.operation) }
}

/** As Google's client reads a body: JSON if it is JSON, else the text. */
const parsed = (body: string): unknown => {
  if (body.trim() === '') return ''
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
