import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type Connection, connect } from '../connect.ts'
import { startGoogle } from '../server.ts'
import { control, foreignWrites, readLog } from '../testing.ts'
import { type Answer, multipart, type Part, post, readAnswers } from './batch-client.ts'

const email = 'olive@example.com'
const timed = { start: { dateTime: '2027-03-02T09:00:00Z' }, end: { dateTime: '2027-03-02T10:00:00Z' } }
const EVENTS = '/calendar/v3/calendars/primary/events'

const google = await startGoogle()
let olive: Connection

beforeEach(async () => {
  await control(google.url, 'reset')
  google.person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
  olive = await connect(google.url, { email })
  google.world.log.clear()
})
afterAll(() => google.stop())

const switches = (body: object) => control(google.url, 'switches', { body })
const fault = (body: object) => control(google.url, 'faults', { body })
const send = (parts: Part[], headers?: Record<string, string>) =>
  post(google.url, { token: olive.accessToken, body: multipart(parts), headers })
const answersTo = async (parts: Part[], headers?: Record<string, string>) => readAnswers(await send(parts, headers))
const insert = (id: string, more: object = {}): Part => ({
  id: `<${id}>`,
  method: 'POST',
  path: EVENTS,
  headers: { 'Content-Type': 'application/json' },
  body: { ...timed, id, ...more },
})
const get = (id: string): Part => ({ id: `<get-${id}>`, method: 'GET', path: `${EVENTS}/${id}` })
const stored = async () =>
  (await olive.api.events.list({ calendarId: 'primary' })).data.items?.map(({ id }) => id).sort()
const reasons = (answers: Answer[]) =>
  answers.map(({ status, body }) => {
    const error = (body as { error?: { errors: { reason: string }[] } } | undefined)?.error
    return error ? `${status} ${error.errors[0]?.reason}` : String(status)
  })

describe('a batch', () => {
  test('answers each part with its own id, status, ETag and resource', async () => {
    const response = await send([insert('event1', { summary: 'One — zwei' }), get('event2')])
    expect(response.status).toBe(200)
    const [inserted, missing] = await readAnswers(response)
    expect(inserted).toMatchObject({
      id: '<response-event1>',
      status: 200,
      body: { id: 'event1', summary: 'One — zwei' },
    })
    expect(inserted?.headers).toMatchObject({
      ETag: expect.stringMatching(/^"\d+"$/),
      'Content-Type': 'application/json; charset=UTF-8',
      'Content-Length': String(Buffer.byteLength(inserted?.text ?? '')),
    })
    expect(missing).toMatchObject({
      id: '<response-get-event2>',
      status: 404,
      body: { error: { code: 404, errors: [{ domain: 'global', reason: 'notFound' }] } },
    })
  })

  test('lets parts fail singly, as the single requests would', async () => {
    const [first] = await answersTo([insert('event1'), insert('event2')])
    const etag = first?.headers.ETag ?? ''
    const answers = await answersTo([
      { method: 'PATCH', path: `${EVENTS}/event1`, headers: { 'If-Match': etag }, body: { summary: 'New' } },
      { method: 'PATCH', path: `${EVENTS}/event2`, headers: { 'If-Match': etag }, body: { summary: 'New' } },
      insert('event2'),
      { method: 'POST', path: EVENTS, body: { id: 'event3' } },
      { method: 'DELETE', path: `${EVENTS}/event4` },
      { method: 'POST', path: EVENTS, body: { ...timed, id: 'NO' } },
      insert('event5'),
    ])
    expect(reasons(answers)).toEqual([
      '200',
      '412 conditionNotMet',
      '409 duplicate',
      '400 required',
      '404 notFound',
      '400 invalid',
      '200',
    ])
    expect(await stored()).toEqual(['event1', 'event2', 'event5'])
  })

  test('answers a deletion with 204 and no body', async () => {
    await answersTo([insert('event1')])
    const [deleted] = await answersTo([{ id: '1', method: 'DELETE', path: `${EVENTS}/event1` }])
    expect(deleted).toMatchObject({ id: 'response-1', status: 204, text: '' })
    expect(deleted?.headers).not.toHaveProperty('Content-Length')
  })

  test('applies parameters and headers of the batch to parts that have none of their own', async () => {
    await answersTo([insert('event1', { summary: 'One' })])
    const url = `${google.url}/batch/calendar/v3?fields=id`
    const body = multipart([get('event1'), { ...get('event1'), path: `${EVENTS}/event1?fields=summary` }])
    const headers = {
      authorization: `Bearer ${olive.accessToken}`,
      'content-type': 'multipart/mixed; boundary="batch_of_a_test"',
    }
    const answers = await readAnswers(await fetch(url, { method: 'POST', headers, body }))
    expect(answers.map((answer) => answer.body)).toEqual([{ id: 'event1' }, { summary: 'One' }])
    const etag = { 'if-match': '"other"' }
    const patch = { method: 'PATCH', path: `${EVENTS}/event1`, body: {} }
    expect(reasons(await answersTo([patch, { ...patch, headers: { 'If-Match': '*' } }], etag))).toEqual([
      '412 conditionNotMet',
      '200',
    ])
  })

  test('takes the access token of the batch, unless a part has its own', async () => {
    google.person.addAccount({ email: 'sam@example.com', name: 'Sam', timeZone: 'Europe/Berlin' })
    const sam = await connect(google.url, { email: 'sam@example.com' })
    const own = (token: string) => ({ Authorization: `Bearer ${token}` })
    const parts = [
      insert('event1'),
      { ...insert('event2'), headers: own(sam.accessToken) },
      { ...insert('event3'), headers: own('unknown') },
    ]
    expect(reasons(await answersTo(parts))).toEqual(['200', '200', '401 authError'])
    expect(
      (await readLog(google.url)).filter(({ eventId }) => eventId).map((entry) => [entry.email, entry.eventId]),
    ).toEqual(
      expect.arrayContaining([
        [email, 'event1'],
        ['sam@example.com', 'event2'],
      ]),
    )
    const withoutToken = await post(google.url, { body: multipart(parts.slice(0, 2)) })
    expect(withoutToken.status).toBe(200)
    expect(reasons(await readAnswers(withoutToken))).toEqual(['401 authError', '409 duplicate'])
  })

  test('accepts lines that end with LF, no version, no id, and another method in a header', async () => {
    const part = { method: 'POST', path: `${EVENTS}/event1`, headers: { 'X-HTTP-Method-Override': 'PATCH' }, body: {} }
    await answersTo([insert('event1')])
    const body = multipart([part], { eol: '\n' }).replace(' HTTP/1.1', '')
    const [answer] = await readAnswers(await post(google.url, { token: olive.accessToken, body }))
    expect(answer).toMatchObject({ status: 200 })
    expect(answer).not.toHaveProperty('id')
  })

  test('ignores what comes before the first part and after the last', async () => {
    const body = `A preamble.\r\n${multipart([insert('event1')])}\r\n${multipart([insert('event2')])}`
    expect(await readAnswers(await post(google.url, { token: olive.accessToken, body }))).toHaveLength(1)
    expect(await stored()).toEqual(['event1'])
  })

  test('cannot create working locations', async () => {
    const location = {
      ...timed,
      eventType: 'workingLocation',
      transparency: 'transparent',
      visibility: 'public',
      workingLocationProperties: { type: 'homeOffice' },
    }
    expect(reasons(await answersTo([insert('event1', location)]))).toEqual(['400 eventTypeRestriction'])
    await olive.api.events.insert({ calendarId: 'primary', requestBody: location })
  })

  test('costs its parts in quota', async () => {
    await switches({ quotaPerMinute: 5, shuffleBatch: false })
    const patch = { method: 'PATCH', path: `${EVENTS}/event1`, body: {} }
    expect(reasons(await answersTo([insert('event1'), patch, get('event1'), get('event1')]))).toEqual([
      '200',
      '200',
      '200',
      '403 rateLimitExceeded',
    ])
  })
})

describe('the order of parts', () => {
  const ids = Array.from({ length: 40 }, (_, index) => `event${String(index).padStart(2, '0')}`)
  const executed = async () => (await readLog(google.url)).flatMap(({ eventId }) => eventId ?? [])
  const inOrder = ids.map((id) => `<response-${id}>`)

  test('is kept in the answer, but not in the execution', async () => {
    const answers = await answersTo(ids.map((id) => insert(id)))
    expect(answers.map(({ id }) => id)).toEqual(inOrder)
    expect((await executed()).toSorted()).toEqual(ids)
    expect(await executed()).not.toEqual(ids)
  })

  test('can be kept in both, or in neither', async () => {
    await switches({ shuffleBatch: false })
    await answersTo(ids.map((id) => insert(id)))
    expect(await executed()).toEqual(ids)
    await switches({ shuffleBatchAnswers: true })
    const answers = await answersTo(ids.map(get))
    const order = answers.map(({ body }) => (body as { id: string }).id)
    expect(order.toSorted()).toEqual(ids)
    expect(order).not.toEqual(ids)
    expect(answers.map(({ id }) => id)).toEqual(order.map((id) => `<response-get-${id}>`))
  })
})

describe('the request log', () => {
  test('has an entry for each part, and one for the batch after them', async () => {
    await switches({ shuffleBatch: false })
    google.person.create({ email, calendarId: 'primary', event: { ...timed, id: 'foreign', summary: 'Dentist' } })
    await answersTo([
      insert('event1'),
      { method: 'PATCH', path: `${EVENTS}/foreign`, headers: { 'If-Match': '"old"' }, body: { summary: 'x' } },
    ])
    const log = await readLog(google.url)
    expect(log).toMatchObject([
      { operation: 'events.insert', method: 'POST', path: EVENTS, status: 200, eventId: 'event1', email, part: 1 },
      {
        operation: 'events.patch',
        status: 412,
        eventId: 'foreign',
        ifMatch: '"old"',
        requestBody: { summary: 'x' },
        eventBefore: { summary: 'Dentist' },
        eventExisted: true,
        part: 2,
      },
      { operation: 'batch', method: 'POST', path: '/batch/calendar/v3', status: 200, eventId: null },
    ])
    expect(log.at(-1)).not.toHaveProperty('part')
    expect((await foreignWrites(google.url)).map(({ eventId }) => eventId)).toEqual(['foreign'])
  })
})

describe('a batch is refused whole', () => {
  const unparsable = (body: string) => [
    {
      error: {
        code: 400,
        message: `Failed to parse batch request, error: 0 items. Received batch body: (${Buffer.byteLength(body)}) bytes redacted`,
        errors: [{ domain: 'global', reason: 'badRequest' }],
        status: 'INVALID_ARGUMENT',
      },
    },
  ]
  const part = multipart([insert('event1')])

  test.each([
    ['no body', '', undefined],
    ['no parts', '--batch_of_a_test--', undefined],
    ['no closing delimiter', part.replace('_test--', '_test'), undefined],
    ['another boundary', part, 'multipart/mixed; boundary=another'],
    ['no boundary', part, 'multipart/mixed'],
    ['no boundary after a semicolon', part, 'multipart/mixed;'],
    ['another type', part, 'multipart/form-data; boundary=batch_of_a_test'],
    ['a part of another type', part.replace('application/http', 'application/json'), undefined],
    ['a part without a type', part.replace('Content-Type: application/http\r\n', ''), undefined],
    ['a part without a request line', part.replace(/^POST .*\r\n/m, ''), undefined],
    ['a broken header', part.replace('Content-ID:', 'Content-ID'), undefined],
    [
      'one good and one broken part',
      `${part.slice(0, -2)}\r\nContent-Type: application/http\r\n\r\n\r\n${part}`,
      undefined,
    ],
  ])('%s', async (_, body, contentType) => {
    const response = await post(google.url, {
      token: olive.accessToken,
      body,
      ...(contentType && { headers: { 'content-type': contentType } }),
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject(unparsable(body))
    expect(await stored()).toEqual([])
  })

  test('more than 50 parts', async () => {
    const parts = Array.from({ length: 51 }, (_, index) => insert(`event${index}`))
    const response = await send(parts)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      error: {
        code: 400,
        message: 'Inner request count exceeds the limit. Received: 51, Limit: 50',
        status: 'INVALID_ARGUMENT',
      },
    })
    expect(await stored()).toEqual([])
    expect(await answersTo(parts.slice(1))).toHaveLength(50)
  })
})

test.each([
  ['a whole URL', `${google.url}${EVENTS}`, '400 badRequest'],
  ['another host', 'https://www.googleapis.com/calendar/v3/calendars/primary/events', '400 badRequest'],
  ['another host without a scheme', '//example.com/calendar/v3/calendars/primary/events', '400 badRequest'],
  ['a batch', '/batch/calendar/v3', '400 badRequest'],
  ['another API', '/gmail/v1/users/me/messages', '404 notFound'],
  ['an unknown method of the API', '/calendar/v3/calendars/primary/evens', '404 notFound'],
  ['the control API', '/_control/reset', '404 notFound'],
])('a part for %s is refused, the others are not', async (_, path, reason) => {
  const answers = await answersTo([insert('event1'), { method: 'POST', path, body: timed }, insert('event2')])
  expect(reasons(answers)).toEqual(['200', reason, '200'])
  expect(await stored()).toEqual(['event1', 'event2'])
})

describe('faults of a part', () => {
  test('replace or change its answer', async () => {
    await switches({ shuffleBatch: false })
    await fault({
      match: { operation: 'events.insert' },
      after: 1,
      times: 1,
      kind: 'status',
      status: 409,
      reason: 'conflict',
    })
    await fault({ match: { operation: 'events.get' }, times: 1, kind: 'html', status: 502 })
    await fault({ match: { operation: 'events.get' }, times: 1, kind: 'missing-fields', fields: ['id'] })
    const answers = await answersTo([
      insert('event1'),
      insert('event2'),
      get('event1'),
      get('event1'),
      insert('event3'),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 409, 502, 200, 200])
    expect(answers[1]?.body).toMatchObject({ error: { errors: [{ reason: 'conflict' }] } })
    expect(answers[2]?.text).toContain('<!DOCTYPE html>')
    expect(answers[3]?.body).not.toHaveProperty('id')
    expect(await stored()).toEqual(['event1', 'event3'])
  })

  test.each([
    ['reset', [], 0],
    ['lost-response', ['event2'], 0],
    ['cut-short', ['event2'], 200],
  ])('%s concerns only this part', async (kind, created, status) => {
    await switches({ shuffleBatch: false })
    await fault({ match: { operation: 'events.insert' }, after: 1, times: 1, kind })
    const answers = await answersTo([insert('event1'), insert('event2'), insert('event3')])
    const cut = answers.find(({ id }) => id === '<response-event2>')
    expect(cut?.body).toBeUndefined()
    expect(answers.filter(({ body }) => body).map(({ id }) => id)).toEqual(['<response-event1>', '<response-event3>'])
    expect(await stored()).toEqual(['event1', ...created, 'event3'])
    expect((await readLog(google.url)).find(({ part }) => part === 2)).toMatchObject({ fault: kind, status })
  })

  test('make a batch wait once for the latency of all its parts', async () => {
    const waits: (() => void)[] = []
    for (const id of ['event1', 'event2', 'event3'])
      google.world.faults.push({
        match: { operation: 'events.insert' },
        times: 1,
        kind: 'latency',
        until: new Promise<void>((resolve) => waits.push(resolve)),
        body: id,
      })
    const answers = answersTo([insert('event1'), insert('event2'), insert('event3')])
    await expect.poll(() => google.world.faults.map(({ hits }) => hits)).toEqual([1, 1, 1])
    expect(await stored()).toEqual([])
    for (const end of waits) end()
    expect(await answers).toHaveLength(3)
  })
})

describe('faults of the whole batch', () => {
  const parts = [insert('event1'), insert('event2'), insert('event3')]
  const once = (kind: string, more: object = {}) => fault({ match: { operation: 'batch' }, times: 1, kind, ...more })

  test.each([
    ['status', { status: 429, retryAfter: 3 }, 429],
    ['html', {}, 502],
    ['html', { status: 200 }, 200],
    ['empty-object', {}, 200],
  ])('%s replaces the answer and executes nothing', async (kind, more, status) => {
    await once(kind, more)
    const response = await send(parts)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).not.toContain('multipart')
    expect(await stored()).toEqual([])
    expect(await answersTo(parts)).toHaveLength(3)
  })

  test('reset does nothing; a lost or cut response, and executes, execute every part', async () => {
    await once('reset')
    await expect(send(parts)).rejects.toThrow()
    expect(await stored()).toEqual([])
    await once('lost-response')
    await expect(send(parts.slice(0, 1))).rejects.toThrow()
    await once('cut-short')
    await expect(send(parts.slice(1, 2)).then((response) => response.text())).rejects.toThrow()
    await once('status', { status: 503, executes: true })
    expect((await send(parts.slice(2))).status).toBe(503)
    expect(await stored()).toEqual(['event1', 'event2', 'event3'])
  })

  test('missing-parts and repeated-parts execute every part', async () => {
    await once('missing-parts', { parts: [1, 3] })
    expect((await answersTo(parts)).map(({ id }) => id)).toEqual(['<response-event2>'])
    expect(await stored()).toEqual(['event1', 'event2', 'event3'])
    await once('repeated-parts', { parts: [2] })
    expect((await answersTo(parts)).map(({ id }) => id)).toEqual([
      '<response-event1>',
      '<response-event2>',
      '<response-event2>',
      '<response-event3>',
    ])
  })

  test('do not apply to its parts as well', async () => {
    await fault({ match: {}, kind: 'latency', milliseconds: 1 })
    await answersTo(parts)
    expect(google.world.faults).toMatchObject([{ hits: 1 }])
  })
})
