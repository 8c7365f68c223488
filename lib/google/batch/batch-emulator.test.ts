import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { stubGoogleEnv } from '#testing/google-env.ts'
import { type Connection, connect } from '../../../emulator/connect.ts'
import type { LogEntry } from '../../../emulator/log.ts'
import type { Fault } from '../../../emulator/model.ts'
import { startGoogle } from '../../../emulator/server.ts'
import { control } from '../../../emulator/testing.ts'
import type { CalendarApi } from '../calendar-api.ts'
import type { GoogleAnswer } from '../failure.ts'
import type { EventBody, RawEvent } from '../wire.ts'
import { deleteRequest, type EventRequest, getRequest, insertRequest, patchRequest } from './event-request.ts'

/** Batches over HTTP against the emulator: a part means what the single request means. */

const email = 'olive@example.com'
const calendarId = 'primary'
const timed = { start: { dateTime: '2027-03-02T09:00:00Z' }, end: { dateTime: '2027-03-02T10:00:00Z' } }

const google = await startGoogle()
let olive: Connection
let api: CalendarApi
const rejected: (string | undefined)[] = []

beforeAll(async () => {
  stubGoogleEnv(google.url)
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const { calendarApi } = await import('../calendar-api.ts')
  api = calendarApi(async (token) => {
    rejected.push(token)
    return { ok: true, data: token ? olive.accessToken : firstToken }
  })
})
let firstToken: string
beforeEach(async () => {
  await control(google.url, 'reset')
  google.person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
  olive = await connect(google.url, { email })
  firstToken = olive.accessToken
  google.world.log.clear()
  rejected.length = 0
})
afterAll(async () => {
  vi.restoreAllMocks()
  await google.stop()
})

const body = (id: string, more: EventBody = {}): EventBody => ({ ...timed, id, ...more })
const create = async (...ids: string[]) => {
  const answers = await api.batch(ids.map((id) => insertRequest(calendarId, body(id))))
  google.world.log.clear()
  return answers.map((answer) => (answer.ok ? (answer.data.etag ?? '') : ''))
}
const addFault = (fault: Fault) => google.world.faults.push(fault)
const stored = () => [...(google.world.state.calendars.get(email)?.events.values() ?? [])]
const storedIds = () =>
  stored()
    .filter(({ status }) => status !== 'cancelled')
    .map(({ id }) => id)
    .sort()
const kinds = (answers: GoogleAnswer<unknown>[]) => answers.map((answer) => (answer.ok ? 'ok' : answer.failure.kind))
const batches = () => google.world.log.since(0).filter(({ operation }) => operation === 'batch')

test('answers come in the order of the requests, whatever the order of the parts', async () => {
  Object.assign(google.world.state.switches, { shuffleBatchAnswers: true })
  const ids = Array.from({ length: 50 }, (_, index) => `event${index}`)
  const inserted = await api.batch(ids.map((id) => insertRequest(calendarId, body(id, { summary: `№ ${id}` }))))
  expect(inserted.map((answer) => answer.ok && [answer.data.id, answer.data.summary])).toEqual(
    ids.map((id) => [id, `№ ${id}`]),
  )
  expect(batches()).toHaveLength(1)
})

test('each request succeeds or fails alone', async () => {
  const [one = '', two = '', three = ''] = await create('event1', 'event2', 'event3')
  await api.deleteEvent(calendarId, 'event3', three)
  const requests: EventRequest<RawEvent | null>[] = [
    patchRequest(calendarId, 'event1', { etag: one, body: { summary: 'New' } }),
    patchRequest(calendarId, 'event2', { etag: '"old"', body: { summary: 'New' } }),
    deleteRequest(calendarId, 'event3', three),
    deleteRequest(calendarId, 'event2', two),
    getRequest(calendarId, 'event4'),
    insertRequest(calendarId, body('event1')),
    insertRequest(calendarId, { id: 'event5' }),
    insertRequest('unknown@example.com', body('event6')),
    insertRequest(calendarId, body('event7')),
  ]
  const answers = await api.batch(requests)
  expect(kinds(answers)).toEqual([
    'ok',
    'conflict',
    'gone',
    'ok',
    'gone',
    'conflict',
    'rejected',
    'calendar-lost',
    'ok',
  ])
  expect(answers[0]).toMatchObject({ data: { id: 'event1', summary: 'New' } })
  expect(answers[3]).toEqual({ ok: true, data: null, status: 204 })
  expect(answers[5]).toEqual({
    ok: false,
    failure: { kind: 'conflict', detail: 'duplicate', status: 409, retryAfterSeconds: null },
  })
  expect(storedIds()).toEqual(['event1', 'event7'])
})

describe('a part is the single request', () => {
  const hostile = 'a/b?c#d %2F+ü@group.calendar.google.com'
  const odd = { summary: '\r\n--batch\r\n\r\nHTTP/1.1 200 OK\r\n"\\\u2028 😀', description: '--'.repeat(4000) }
  type Pair = [string, EventRequest<RawEvent | null>, () => Promise<GoogleAnswer<RawEvent | null>>]
  const pairs: Pair[] = [
    ['get', getRequest(calendarId, 'event1'), () => api.getEvent(calendarId, 'event1')],
    ['get of odd ids', getRequest(hostile, 'e/1?x=#'), () => api.getEvent(hostile, 'e/1?x=#')],
    ['insert', insertRequest(calendarId, body('event2', odd)), () => api.insertEvent(calendarId, body('event2', odd))],
    [
      'patch',
      patchRequest(calendarId, 'event1', { etag: '*', body: odd }),
      () => api.patchEvent(calendarId, 'event1', { etag: '*', body: odd }),
    ],
    ['delete', deleteRequest(calendarId, 'event1', '*'), () => api.deleteEvent(calendarId, 'event1', '*')],
  ]
  const comparable = (entry: LogEntry | undefined) => {
    const url = new URL(entry?.path ?? '', google.url)
    url.searchParams.sort()
    const { operation, method, status, email: caller, calendarId: id, eventId, ifMatch, requestBody } = entry ?? {}
    return { path: String(url), operation, method, status, caller, id, eventId, ifMatch, requestBody }
  }

  test.each(pairs)('%s', async (_, request, single) => {
    await create('event1')
    const [part] = await api.batch([request])
    const batched = google.world.log.since(0)[0]
    await control(google.url, 'reset')
    google.person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
    olive = await connect(google.url, { email })
    firstToken = olive.accessToken
    await create('event1')
    const alone = await single()
    expect(comparable(batched)).toEqual(comparable(google.world.log.since(0)[0]))
    const timeless = { etag: '', updated: '', htmlLink: '' }
    const data = (answer: typeof alone | undefined) =>
      answer?.ok ? answer.data && { ...answer.data, ...timeless } : answer?.failure
    expect(data(part)).toEqual(data(alone))
  })

  const faults: Omit<Fault, 'match'>[] = [
    ...['backendError', 'rateLimitExceeded', 'quotaExceeded', 'forbidden']
      .flatMap((reason) => [400, 403, 404, 409, 410, 412, 429, 500, 503].map((status) => ({ status, reason })))
      .map((answer): Omit<Fault, 'match'> => ({ kind: 'status', ...answer })),
    { kind: 'status', status: 403, reason: 'insufficientPermissions' },
    { kind: 'status', status: 401, reason: 'authError' },
    { kind: 'status', status: 429, retryAfter: 7 },
    { kind: 'html', status: 502 },
    { kind: 'html', status: 403 },
    { kind: 'html', status: 200 },
    { kind: 'empty-object' },
    { kind: 'empty-object', status: 503 },
    { kind: 'json-string' },
    { kind: 'body', body: '[null', status: 200 },
    { kind: 'body', body: '', status: 200 },
    { kind: 'body', body: '{"error":{"code":404}}', status: 404 },
    { kind: 'missing-fields', fields: ['etag'] },
    { kind: 'missing-fields', fields: ['start'] },
    { kind: 'other-id' },
    { kind: 'truncated-json' },
  ]
  test.each(pairs.filter(([name]) => !name.includes('odd')))(
    '%s: with the same meaning of every answer',
    async (_, request, single) => {
      for (const fault of faults) {
        const answerWith = async (call: () => Promise<GoogleAnswer<RawEvent | null> | undefined>) => {
          google.world.faults = []
          google.world.state.calendars.get(email)?.events.clear()
          await create('event1')
          addFault({ match: { operation: request.operation }, ...fault })
          return call()
        }
        const alone = await answerWith(single)
        const part = await answerWith(async () => (await api.batch([request]))[0])
        expect(part?.ok, JSON.stringify(fault)).toBe(alone?.ok)
        if (!alone?.ok) expect(part, JSON.stringify(fault)).toEqual(alone)
      }
    },
  )
})

describe('a lost answer', () => {
  const failure = { kind: 'transient', status: null, retryAfterSeconds: null }

  test.each([
    ['reset', 0],
    ['lost-response', 1],
  ] as const)('to one part (%s) leaves only that write unacknowledged', async (kind, executed) => {
    addFault({ match: { operation: 'events.insert', path: '' }, times: 1, kind })
    const ids = ['event1', 'event2', 'event3']
    const answers = await api.batch(ids.map((id) => insertRequest(calendarId, body(id))))
    const lost = answers.filter((answer) => !answer.ok)
    expect(lost).toEqual([{ ok: false, failure: { ...failure, detail: 'no-answer' } }])
    expect(stored()).toHaveLength(2 + executed)
    const again = await api.batch(ids.map((id) => insertRequest(calendarId, body(id))))
    expect(kinds(again).filter((kind) => kind === 'conflict')).toHaveLength(2 + executed)
  })

  test.each(['reset', 'lost-response', 'cut-short'] as const)(
    'to the whole (%s) leaves every write unacknowledged',
    async (kind) => {
      addFault({ match: { operation: 'batch' }, times: 1, kind })
      const requests = ['event1', 'event2', 'event3'].map((id) => insertRequest(calendarId, body(id)))
      const answers = await api.batch(requests)
      expect(answers).toHaveLength(3)
      for (const answer of answers) expect(answer).toMatchObject({ ok: false, failure })
      expect(batches()).toHaveLength(1)
      expect(stored()).toHaveLength(kind === 'reset' ? 0 : 3)
      expect(kinds(await api.batch(requests))).toEqual(Array(3).fill(kind === 'reset' ? 'ok' : 'conflict'))
    },
  )

  test('to some parts, and two answers to one, are lost answers of those parts', async () => {
    Object.assign(google.world.state.switches, { shuffleBatch: false })
    const requests = ['event1', 'event2', 'event3', 'event4'].map((id) => insertRequest(calendarId, body(id)))
    addFault({ match: { operation: 'batch' }, times: 1, kind: 'missing-parts', parts: [1, 3] })
    expect(kinds(await api.batch(requests))).toEqual(['transient', 'ok', 'transient', 'ok'])
    expect(storedIds()).toHaveLength(4)
    addFault({ match: { operation: 'batch' }, times: 1, kind: 'repeated-parts', parts: [2] })
    expect(kinds(await api.batch(requests))).toEqual(['conflict', 'transient', 'conflict', 'conflict'])
  })

  test('that was cut, with its own length, is lost from the cut on', async () => {
    addFault({ match: { operation: 'batch' }, times: 1, kind: 'truncated-json' })
    const answers = await api.batch(
      ['event1', 'event2', 'event3', 'event4'].map((id) => insertRequest(calendarId, body(id))),
    )
    expect(kinds(answers)).toEqual(['ok', 'transient', 'transient', 'transient'])
    expect(storedIds()).toHaveLength(4)
  })
})

describe('an access token that Google refuses', () => {
  test('is refreshed once, and only the refused parts are sent again', async () => {
    addFault({ match: { operation: 'events.insert' }, times: 2, kind: 'status', status: 401 })
    const ids = ['event1', 'event2', 'event3', 'event4', 'event5']
    const answers = await api.batch(ids.map((id) => insertRequest(calendarId, body(id))))
    expect(answers.map((answer) => answer.ok && answer.data.id)).toEqual(ids)
    expect(rejected).toEqual([undefined, firstToken])
    expect(google.world.log.since(0).filter(({ part }) => part)).toHaveLength(7)
  })

  test('by all parts or by the whole', async () => {
    firstToken = 'revoked'
    const requests = ['event1', 'event2'].map((id) => insertRequest(calendarId, body(id)))
    expect(kinds(await api.batch(requests))).toEqual(['ok', 'ok'])
    addFault({ match: { operation: 'batch' }, times: 1, kind: 'status', status: 401 })
    expect(kinds(await api.batch(requests))).toEqual(['conflict', 'conflict'])
    expect(rejected).toEqual([undefined, 'revoked', undefined, 'revoked'])
  })

  test('twice says nothing about the grant', async () => {
    addFault({ match: { operation: 'batch' }, kind: 'status', status: 401 })
    expect(kinds(await api.batch([insertRequest(calendarId, body('event1'))]))).toEqual(['unauthorized'])
    expect(batches()).toHaveLength(2)
  })
})

test('more than 50 requests are sent as several batches', async () => {
  const ids = Array.from({ length: 120 }, (_, index) => `event${index}`)
  const answers = await api.batch(ids.map((id) => insertRequest(calendarId, body(id))))
  expect(answers.map((answer) => answer.ok && answer.data.id)).toEqual(ids)
  expect(batches().map(({ status }) => status)).toEqual([200, 200, 200])
})

test('no request is no batch', async () => {
  expect(await api.batch([])).toEqual([])
  expect([...batches(), ...rejected]).toEqual([])
})

test('an etag cannot add a line to its part', async () => {
  await create('event1')
  const etag = '"old"\r\nAuthorization: Bearer another\r\n\r\n{"summary":"x"}'
  const [answer] = await api.batch([patchRequest(calendarId, 'event1', { etag, body: { summary: 'New' } })])
  expect(answer).toMatchObject({ failure: { kind: 'conflict', status: 412 } })
  expect(google.world.log.since(0)[0]).toMatchObject({ email, requestBody: { summary: 'New' } })
})

test('the log has one line for the batch, and one for each failed part', async () => {
  const lines: string[] = []
  vi.mocked(process.stdout.write).mockImplementation((text) => lines.push(String(text)) > 0)
  await api.batch([insertRequest(calendarId, body('event1')), insertRequest(calendarId, body('event1'))])
  vi.mocked(process.stdout.write).mockReturnValue(true)
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { event: 'google.call', operation: 'batch', parts: 2, status: 200, ms: expect.any(Number) },
    {
      event: 'google.call',
      operation: 'events.insert',
      status: 409,
      kind: 'conflict',
      detail: 'duplicate',
      part: expect.any(Number),
    },
  ])
})
