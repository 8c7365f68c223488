import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { failureOf } from './answer.ts'
import { kindOf, type Operation } from './failure.ts'
import type { FailureKind } from './failure-kind.ts'

const operations: Operation[] = [
  'calendars.list',
  'events.list',
  'events.get',
  'events.insert',
  'events.patch',
  'events.delete',
  'channels.watch',
  'channels.stop',
]
const writes: Operation[] = ['events.insert', 'events.patch', 'events.delete']
const on = (...names: Operation[]) => names
const except = (...names: Operation[]) => operations.filter((operation) => !names.includes(operation))

/** Every error Google is known to answer with, on the operations where it can come. */
const rows: [number | null, string, Operation[], FailureKind][] = [
  [400, 'timeRangeEmpty', writes, 'rejected'],
  [400, 'required', writes, 'rejected'],
  [400, 'invalid', writes, 'rejected'],
  [400, 'invalid', on('events.list'), 'cursor-lost'],
  [400, 'eventTypeRestriction', writes, 'rejected'],
  [400, 'badRequest', writes, 'rejected'],
  [400, 'parseError', writes, 'rejected'],
  [400, 'channelIdNotUnique', on('channels.watch'), 'rejected'],
  [400, 'push.webhookUrlNotHttps', on('channels.watch'), 'rejected'],
  [400, 'pushNotSupportedForRequestedResource', on('channels.watch'), 'rejected'],
  [403, 'pushNotSupportedForRequestedResource', on('channels.watch'), 'rejected'],
  [401, 'push.webhookUrlUnauthorized', on('channels.watch'), 'rejected'],
  [401, 'authError', operations, 'unauthorized'],
  [403, 'rateLimitExceeded', operations, 'rate-limited'],
  [403, 'RATE_LIMIT_EXCEEDED', operations, 'rate-limited'],
  [403, 'userRateLimitExceeded', operations, 'rate-limited'],
  [429, 'rateLimitExceeded', operations, 'rate-limited'],
  [429, '', operations, 'rate-limited'],
  [403, 'quotaExceeded', operations, 'quota'],
  [429, 'quotaExceeded', operations, 'quota'],
  [403, 'dailyLimitExceeded', operations, 'quota'],
  [403, 'accessNotConfigured', operations, 'quota'],
  [403, 'SERVICE_DISABLED', operations, 'quota'],
  [403, 'forbidden', operations, 'calendar-lost'],
  [403, 'requiredAccessLevel', writes, 'calendar-lost'],
  [403, 'notACalendarUser', operations, 'calendar-lost'],
  [403, 'forbiddenForNonOrganizer', writes, 'rejected'],
  [403, 'insufficientPermissions', operations, 'scope-missing'],
  [403, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT', operations, 'scope-missing'],
  [404, 'notFound', on('events.list', 'events.insert', 'channels.watch'), 'calendar-lost'],
  [404, 'notFound', on('events.get', 'events.patch', 'events.delete', 'channels.stop'), 'gone'],
  [409, 'duplicate', on('events.insert'), 'conflict'],
  [409, 'conflict', writes, 'conflict'],
  [410, 'fullSyncRequired', on('events.list'), 'cursor-lost'],
  [410, 'updatedMinTooLongAgo', on('events.list'), 'cursor-lost'],
  [410, 'deleted', on('events.patch', 'events.delete', 'events.get', 'channels.stop'), 'gone'],
  [412, 'conditionNotMet', on('events.patch', 'events.delete'), 'conflict'],
  [408, '', operations, 'transient'],
  [500, 'backendError', operations, 'transient'],
  [503, 'backendError', operations, 'transient'],
  [502, '', operations, 'transient'],
  [null, '', operations, 'transient'],
]

describe.each(rows)('%s %s', (status, reason, where, kind) => {
  test.each(where)(`on %s: ${kind}`, (operation) => {
    const spellings = reason ? [reason, reason.toUpperCase(), reason.toLowerCase()] : ['']
    for (const spelling of spellings)
      expect(kindOf({ status, reasons: spelling ? [spelling] : [], operation })).toBe(kind)
  })
})

test('an unknown reason affects the item, never the calendar', () => {
  for (const operation of except('events.list'))
    expect(kindOf({ status: 400, reasons: ['somethingNew'], operation })).toBe('rejected')
  for (const operation of operations)
    expect(kindOf({ status: 403, reasons: ['somethingNew'], operation })).toBe('rejected')
})

test.each([[[]], [['']], [['Ann’s appointment']]])('403 with the reasons %j is no refusal', (reasons) => {
  for (const operation of operations) expect(kindOf({ status: 403, reasons, operation })).toBe('transient')
})

test('reasons decide, wherever in the list they stand', () => {
  const reasons = ['somethingNew', 'insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT']
  expect(kindOf({ status: 403, reasons, operation: 'events.list' })).toBe('scope-missing')
})

describe('what the client throws', () => {
  let server: Server | undefined
  afterEach(() => server?.close())

  const ask = async (listener: RequestListener) => {
    server = createServer(listener).listen(0, '127.0.0.1')
    await new Promise((resolve) => server?.once('listening', resolve))
    const { calendar } = await import('googleapis/build/src/apis/calendar/index.js')
    const rootUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const google = calendar({ version: 'v3', rootUrl, retry: false, timeout: 2000 })
    const error = await google.events.list({ calendarId: 'x' }).then(
      () => null,
      (thrown) => thrown,
    )
    return failureOf(error, 'events.list')
  }
  const answer =
    (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
    (_, response) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  const envelope = (code: number, reason: string, details: object[] = []) =>
    JSON.stringify({
      error: { errors: [{ domain: 'global', reason, message: 'x' }], code, message: 'x', details },
    })

  test('Google’s envelope, with Retry-After', async () => {
    expect(await ask(answer(403, envelope(403, 'rateLimitExceeded'), { 'retry-after': '30' }))).toEqual({
      kind: 'rate-limited',
      detail: 'rateLimitExceeded',
      status: 403,
      retryAfterSeconds: 30,
    })
  })

  test('a reason among the details only', async () => {
    const body = JSON.stringify({
      error: { code: 403, message: 'x', details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }] },
    })
    expect(await ask(answer(403, body))).toMatchObject({ kind: 'scope-missing', status: 403 })
  })

  test('a page instead of JSON', async () => {
    const page = answer(502, '<!doctype html><title>Error</title>', { 'content-type': 'text/html' })
    expect(await ask(page)).toEqual({
      kind: 'transient',
      detail: 'http-502',
      status: 502,
      retryAfterSeconds: null,
    })
  })

  test('an empty body', async () => {
    expect(await ask(answer(503, ''))).toMatchObject({ kind: 'transient', detail: 'http-503' })
  })

  test('a Retry-After that is a date is not taken for a number', async () => {
    const asked = answer(503, '{}', { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' })
    expect(await ask(asked)).toMatchObject({ retryAfterSeconds: null })
  })

  test('a broken connection', async () => {
    expect(await ask((request) => request.socket.destroy())).toMatchObject({
      kind: 'transient',
      status: null,
      retryAfterSeconds: null,
    })
  })

  test('something that is no error of the client at all', () => {
    expect(failureOf(new Error('boom'), 'events.get')).toEqual({
      kind: 'transient',
      detail: 'no-answer',
      status: null,
      retryAfterSeconds: null,
    })
  })
})
