import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline, Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { stubGoogleEnv } from '#testing/google-env.ts'
import { kindOf, type Operation } from './failure.ts'

/** What a server between the product and Google, or Google on a bad day, may answer. */

let server: Server
let answer: RequestListener
let requests: number
let api: ReturnType<typeof import('./calendar-api.ts').calendarApi>
const tokens: (string | undefined)[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    requests += 1
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  stubGoogleEnv(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const { calendarApi } = await import('./calendar-api.ts')
  api = calendarApi(async (rejected) => {
    tokens.push(rejected)
    return { ok: true, data: rejected ? 'second' : 'first' }
  })
})
afterAll(() => {
  vi.restoreAllMocks()
  server.close()
})
beforeEach(() => {
  requests = 0
  tokens.length = 0
})

const send = (status: number, body: string, type = 'application/json; charset=UTF-8') => {
  answer = (_, response) => response.writeHead(status, { 'content-type': type }).end(body)
}
const calls: [Operation, () => Promise<{ ok: boolean }>][] = [
  ['calendars.list', () => api.listCalendars({})],
  ['events.list', () => api.listEvents('c', { syncToken: 's0' })],
  ['events.get', () => api.getEvent('c', 'e1')],
  ['events.insert', () => api.insertEvent('c', { id: 'e1' })],
  ['events.patch', () => api.patchEvent('c', 'e1', { etag: '"1"', body: {} })],
  ['events.delete', () => api.deleteEvent('c', 'e1', '"1"')],
  ['channels.watch', () => api.watchEvents('c', { id: 'ch1' })],
  ['channels.stop', () => api.stopChannel({ id: 'ch1', resourceId: 'r1' })],
]
const envelope = (code: unknown, reason: unknown) =>
  JSON.stringify({ error: { errors: [{ domain: 'global', reason, message: 'x' }], code, message: 'x' } })

describe.each(calls)('%s', (operation, call) => {
  test.each([
    ['a page', '<!doctype html><title>Sign in</title>', 'text/html'],
    ['a page that calls itself JSON', '<!doctype html>', 'application/json'],
    ['an object without members', '{}', 'application/json'],
    ['a text', '"ok"', 'application/json'],
    ['a list', '[]', 'application/json'],
    ['a body cut short', '{"items":[{"id":"e1","sta', 'application/json'],
    ['an error', '{"error":"invalid_grant"}', 'application/json'],
  ])('200 with %s is transient', async (_, body, type) => {
    send(200, body, type)
    expect(await call()).toMatchObject({ ok: false, failure: { kind: 'transient', status: 200 } })
  })

  const statuses = [400, 401, 403, 404, 409, 410, 412, 418, 429, 500, 503]
  test.each(statuses)(
    '%i without Google’s error is transient, and no permission is asked for again',
    async (status) => {
      const bodies: [string, string?][] = [
        ['<!doctype html>', 'text/html'],
        ['<!doctype html>'],
        [''],
        ['{}'],
        ['[]'],
        ['{"error":"invalid_grant"}'],
        ['{"error":null}'],
        ['{"error":{}}'],
        [envelope(status + 1, 'authError')],
        [envelope(String(status), 'authError')],
        [JSON.stringify({ error: { code: status, message: 'x' } })],
        [JSON.stringify({ error: { code: status, errors: [] } })],
        [envelope(status, 'authError').slice(0, 40)],
      ]
      for (const [body, type] of bodies) {
        send(status, body, type)
        expect(await call(), body).toEqual({
          ok: false,
          failure: { kind: 'transient', detail: `http-${status}`, status, retryAfterSeconds: null },
        })
      }
      expect(requests).toBe(bodies.length)
      expect(tokens.filter(Boolean)).toEqual([])
    },
  )

  test.each(statuses)('%i with Google’s error means what it says', async (status) => {
    send(status, envelope(status, 'someReason'))
    expect(await call()).toMatchObject({
      failure: { kind: kindOf({ status, reasons: ['someReason'], operation }), detail: 'someReason' },
    })
    expect(requests).toBe(status === 401 ? 2 : 1)
  })

  test('a connection that breaks within the body is transient', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('{"items":[')
      setTimeout(() => response.destroy(), 5)
    }
    expect(await call()).toMatchObject({ ok: false, failure: { kind: 'transient' } })
  })

  test.each(['Ann’s appointment', 'x'.repeat(65), '', 7, null, { a: 1 }, 'a\nb'])(
    'the reason %j is no detail',
    async (reason) => {
      send(403, envelope(403, reason))
      expect(await call()).toMatchObject({ failure: { detail: 'http-403' } })
    },
  )
})

/** `bytes`: how much the server could send before the client ended the connection. */
const sendEndless = (status: number, headers: Record<string, string> = {}) => {
  const sent = { bytes: 0 }
  const chunk = Buffer.alloc(64 * 1024, '{"items":[')
  function* chunks() {
    for (; sent.bytes < 512 * 1024 * 1024; sent.bytes += chunk.length) yield chunk
  }
  answer = (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    pipeline(Readable.from(chunks()), response, () => response.destroy())
  }
  return sent
}
const tooLarge = { kind: 'transient', detail: 'answer-too-large', status: null, retryAfterSeconds: null }

describe('an answer of more than 32 MB', () => {
  test.each([200, 403, 500])('with %i is not read to its end', async (status) => {
    const sent = sendEndless(status)
    expect(await api.listEvents('c', {})).toEqual({ ok: false, failure: tooLarge })
    expect(sent.bytes).toBeLessThan(48 * 1024 * 1024)
  })

  test('that is small while it is packed is not unpacked to its end', async () => {
    const packed = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '))
    expect(packed.length).toBeLessThan(100_000)
    answer = (_, response) =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(packed)
    expect(await api.listEvents('c', {})).toEqual({ ok: false, failure: tooLarge })
  })

  test('that says its length is not read', async () => {
    const sent = sendEndless(200, { 'content-length': String(1024 * 1024 * 1024) })
    expect(await api.getEvent('c', 'e1')).toEqual({ ok: false, failure: tooLarge })
    expect(sent.bytes).toBeLessThan(48 * 1024 * 1024)
  })

  test('an answer of 30 MB is read', async () => {
    send(200, `${' '.repeat(30 * 1024 * 1024)}${JSON.stringify({ items: [], nextSyncToken: 's1' })}`)
    expect(await api.listEvents('c', {})).toMatchObject({ ok: true })
  })
})

test('a deletion is answered with 204', async () => {
  answer = (_, response) => response.writeHead(204).end()
  expect(await api.deleteEvent('c', 'e1', '"1"')).toMatchObject({ ok: true })
})

test('a pause is bounded', async () => {
  answer = (_, response) => response.writeHead(503, { 'retry-after': '1e300' }).end()
  expect(await api.getEvent('c', 'e1')).toMatchObject({ failure: { retryAfterSeconds: 86_400 } })
})
