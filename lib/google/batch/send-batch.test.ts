import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { stubGoogleEnv } from '#testing/google-env.ts'
import type { CalendarApi } from '../calendar-api.ts'
import { deleteRequest, getRequest, patchRequest } from './event-request.ts'

/** What a whole batch may be answered with, by Google or by a server in between. */

let server: Server
let answer: RequestListener
let api: CalendarApi

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  stubGoogleEnv(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const { calendarApi } = await import('../calendar-api.ts')
  api = calendarApi(async () => ({ ok: true, data: 'token' }))
})
afterAll(() => {
  vi.restoreAllMocks()
  server.closeAllConnections()
  server.close()
})

const send = (status: number, body: string, headers: Record<string, string> = {}) => {
  answer = (_, response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
}
const envelope = (code: number, reason: string) =>
  JSON.stringify({ error: { errors: [{ domain: 'global', reason, message: 'x' }], code, message: 'x' } })
const requests = [
  getRequest('c', 'e1'),
  patchRequest('c', 'e2', { etag: '"1"', body: {} }),
  deleteRequest('c', 'e3', '"1"'),
]
const failures = async () => {
  const answers = await api.batch<unknown>(requests)
  expect(answers).toHaveLength(requests.length)
  const [first, ...others] = answers.map((each) => (each.ok ? each : each.failure))
  for (const other of others) expect(other).toEqual(first)
  return first
}

test.each([
  [429, 'rateLimitExceeded', 'rate-limited'],
  [403, 'userRateLimitExceeded', 'rate-limited'],
  [403, 'quotaExceeded', 'quota'],
  [403, 'accessNotConfigured', 'quota'],
  [403, 'insufficientPermissions', 'scope-missing'],
  [401, 'authError', 'unauthorized'],
  [500, 'backendError', 'transient'],
  [503, 'backendError', 'transient'],
])('%i %s concerns every part as %s', async (status, reason, kind) => {
  send(status, envelope(status, reason), { 'retry-after': '5' })
  expect(await failures()).toEqual({ kind, detail: reason, status, retryAfterSeconds: 5 })
})

// A part with such a status has lost its event, its calendar or a race; a whole batch has not.
test.each([
  [400, 'badRequest'],
  [403, 'forbidden'],
  [403, 'requiredAccessLevel'],
  [404, 'notFound'],
  [409, 'duplicate'],
  [410, 'deleted'],
  [412, 'conditionNotMet'],
  [413, 'uploadTooLarge'],
])('%i %s says nothing about an event or a calendar', async (status, reason) => {
  send(status, envelope(status, reason))
  expect(await failures()).toMatchObject({ kind: 'transient', status })
})

test.each([
  ['a batch that is too large', '{"error":{"code":400,"message":"Inner request count","status":"INVALID_ARGUMENT"}}'],
  ['a batch that Google cannot parse', `[${envelope(400, 'badRequest')}]`],
  ['a page', '<!doctype html>'],
  ['nothing', ''],
])('400 with %s is transient', async (_, body) => {
  send(400, body)
  expect(await failures()).toEqual({ kind: 'transient', detail: 'http-400', status: 400, retryAfterSeconds: null })
})

test.each([
  ['a page', '<!doctype html>', 'text/html'],
  ['an object', '{}', 'application/json'],
  ['an event', '{"id":"e1","etag":"1"}', 'application/json'],
  ['nothing', '', 'application/json'],
  ['a batch without a boundary', '--b--', 'multipart/mixed'],
])('200 with %s is an odd answer to every part', async (_, body, type) => {
  send(200, body, { 'content-type': type })
  expect(await failures()).toMatchObject({ kind: 'transient', detail: 'odd-answer-no-parts', status: 200 })
})

test.each([204, 304])('%i is no answer to any part', async (status) => {
  send(status, '')
  expect(await failures()).toMatchObject({ kind: 'transient', status })
})

test.each([
  [200, 'ok'],
  [203, 'transient'],
  [206, 'transient'],
])('%i with an answer to every part is %s', async (status, outcome) => {
  answer = (request, response) => {
    const [, batchId] = /boundary=batch_(.+)$/.exec(request.headers['content-type'] ?? '') ?? []
    const part = `Content-Type: application/http\r\nContent-ID: <response-${batchId}-1>\r\n\r\nHTTP/1.1 204 No Content`
    request.resume()
    response.writeHead(status, { 'content-type': 'multipart/mixed; boundary=b' }).end(`--b\r\n${part}\r\n--b--`)
  }
  const [only] = await api.batch([deleteRequest('c', 'e3', '"1"')])
  expect(only?.ok ? 'ok' : only?.failure.kind).toBe(outcome)
})

test('a redirect is not followed with the access token', async () => {
  const followed: (string | undefined)[] = []
  answer = (request, response) => {
    if (request.url === '/elsewhere') followed.push(request.headers.authorization)
    response.writeHead(302, { location: `http://localhost:${(server.address() as AddressInfo).port}/elsewhere` }).end()
  }
  expect(await failures()).toMatchObject({ kind: 'transient' })
  expect(followed.filter(Boolean)).toEqual([])
})

test('an answer to another batch is no answer', async () => {
  const part = 'Content-Type: application/http\r\nContent-ID: <response-other-3>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n'
  send(200, `--b\r\n${part}\r\n--b--`, { 'content-type': 'multipart/mixed; boundary=b' })
  expect(await failures()).toMatchObject({ kind: 'transient', detail: 'no-answer', status: null })
})

test('a broken connection is transient', async () => {
  answer = (request) => request.socket.destroy()
  expect(await failures()).toMatchObject({ kind: 'transient', status: null })
})

test.each(['with', 'without'])('an answer that is too large is not read to its end, %s a length', async (length) => {
  const megabytes = 64
  const chunk = Buffer.alloc(1024 * 1024, 'x')
  let sent = 0
  const closed = new Promise<void>((resolve) => {
    answer = (_, response) => {
      const size = length === 'with' && { 'content-length': String(megabytes * chunk.length) }
      response.writeHead(200, { 'content-type': 'multipart/mixed; boundary=b', ...size })
      const write = () => {
        while (sent < megabytes && !response.destroyed) {
          sent += 1
          if (!response.write(chunk)) return response.once('drain', write)
        }
      }
      response.once('close', resolve)
      write()
    }
  })
  expect(await failures()).toMatchObject({ kind: 'transient', detail: 'answer-too-large', status: null })
  await closed
  expect(sent).toBeLessThan(megabytes)
})

test('a batch without an answer ends at its deadline', async () => {
  const deadline = new AbortController()
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal)
  answer = () => deadline.abort(new DOMException('late', 'TimeoutError'))
  expect(await failures()).toMatchObject({ kind: 'transient', detail: 'TimeoutError', status: null })
  expect(timeout).toHaveBeenCalledWith(60_000)
  timeout.mockRestore()
})
