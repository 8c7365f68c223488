import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type Connection, connect, refusal } from '../connect.ts'
import { startGoogle } from '../server.ts'
import { control } from '../testing.ts'
import { DEFAULT_CLIENT } from '../world.ts'

const email = 'olive@example.com'
const timed = { start: { dateTime: '2026-03-02T09:00:00Z' }, end: { dateTime: '2026-03-02T10:00:00Z' } }
const EVENTS = 'calendars/primary/events'

const google = await startGoogle()
let olive: Connection

beforeEach(async () => {
  await control(google.url, 'reset')
  google.person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
  olive = await connect(google.url, { email })
  google.person.create({ email, calendarId: 'primary', event: { ...timed, id: 'event1', summary: 'One' } })
  google.person.create({ email, calendarId: 'primary', event: { ...timed, id: 'event2', summary: 'Two' } })
})
afterAll(() => google.stop())

const fault = (body: object) => control(google.url, 'faults', { body })
const call = (path: string, init: RequestInit = {}) =>
  fetch(`${google.url}/calendar/v3/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${olive.accessToken}` },
  })
const answer = async (path: string, init?: RequestInit) => (await call(path, init)).json()
const insert = (id: string) => call(EVENTS, { method: 'POST', body: JSON.stringify({ ...timed, id }) })
const once = (operation: string, kind: string, more: object = {}) =>
  fault({ match: { operation }, times: 1, kind, ...more })

describe('faults that replace the answer', () => {
  test.each([
    ['empty-object', {}, '{}', 'application/json; charset=UTF-8'],
    ['json-string', {}, '"OK"', 'application/json; charset=UTF-8'],
    ['html', { status: 200 }, '<!DOCTYPE html>', 'text/html; charset=utf-8'],
    ['body', { body: '[null' }, '[null', 'application/json; charset=UTF-8'],
    ['body', { contentType: 'text/plain' }, '', 'text/plain'],
  ])('%s with status 200', async (kind, more, text, contentType) => {
    await once('events.list', kind, more)
    const response = await call(EVENTS)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, contentType])
    expect((await response.text()).startsWith(text)).toBe(true)
    expect(await answer(EVENTS)).toMatchObject({ items: [{ id: 'event1' }, { id: 'event2' }] })
  })

  test.each([400, 401, 403, 404, 409, 410, 412, 429, 500, 502, 503])('an HTML page with status %i', async (status) => {
    await once('events.get', 'html', { status })
    const response = await call(`${EVENTS}/event1`)
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8'])
    expect(await response.text()).toContain(`Error ${status}`)
  })

  test('do nothing, or execute the request first', async () => {
    await once('events.insert', 'html', { status: 200 })
    expect((await insert('event3')).status).toBe(200)
    expect((await call(`${EVENTS}/event3`)).status).toBe(404)
    for (const [id, kind] of [
      ['event4', 'empty-object'],
      ['event5', 'status'],
    ] as const) {
      await once('events.insert', kind, { executes: true })
      await insert(id)
      expect((await call(`${EVENTS}/${id}`)).status).toBe(200)
    }
  })

  test('reach the token endpoint, get, insert, patch and watch', async () => {
    const body = new URLSearchParams({
      client_id: DEFAULT_CLIENT.id,
      client_secret: DEFAULT_CLIENT.secret,
      grant_type: 'refresh_token',
      refresh_token: olive.refreshToken,
    })
    const refresh = () => fetch(`${google.url}/token`, { method: 'POST', body })
    await once('oauth.token', 'empty-object')
    expect(await (await refresh()).json()).toEqual({})
    await once('oauth.token', 'html', { status: 200 })
    expect(await (await refresh()).text()).toContain('<!DOCTYPE html>')
    await once('oauth.token', 'missing-fields', { fields: ['access_token'] })
    expect(Object.keys((await (await refresh()).json()) as object)).toEqual([
      'expires_in',
      'scope',
      'token_type',
      'id_token',
    ])
    const requests = [
      ['events.get', `${EVENTS}/event1`, 'GET'],
      ['events.insert', EVENTS, 'POST'],
      ['events.patch', `${EVENTS}/event1`, 'PATCH'],
      ['events.watch', `${EVENTS}/watch`, 'POST'],
    ] as const
    for (const [operation, path, method] of requests) {
      await once(operation, 'empty-object')
      expect(await answer(path, { method, ...(method !== 'GET' && { body: '{}' }) })).toEqual({})
    }
  })
})

describe('faults that change the answer', () => {
  test('empty-list has neither items nor a token, no-token only lacks the token', async () => {
    await once('events.list', 'empty-list')
    const empty = await answer(EVENTS)
    expect(empty).toMatchObject({ kind: 'calendar#events', items: [] })
    await once('events.list', 'no-token')
    const whole = await answer(EVENTS)
    expect(whole).toMatchObject({ items: [{ id: 'event1' }, { id: 'event2' }] })
    for (const page of [empty, whole]) {
      expect(page).not.toHaveProperty('nextSyncToken')
      expect(page).not.toHaveProperty('nextPageToken')
    }
  })

  test('both-tokens: a page token and a sync token, both valid', async () => {
    await once('events.list', 'both-tokens')
    const page = (await answer(`${EVENTS}?maxResults=1`)) as Record<string, string>
    expect(await answer(`${EVENTS}?pageToken=${page.nextPageToken}`)).toMatchObject({
      items: [{ id: 'event2' }],
    })
    expect(await answer(`${EVENTS}?syncToken=${page.nextSyncToken}`)).toMatchObject({ items: [] })
  })

  test.each([
    ['events.list', `${EVENTS}?maxResults=1`],
    ['events.list', EVENTS],
    ['calendarList.list', 'users/me/calendarList'],
  ])('repeat-page: %s sends the same page and token until the fault ends', async (operation, path) => {
    await fault({ match: { operation }, kind: 'repeat-page' })
    const { search } = new URL(path, 'http://x')
    const next = (token: string) => `${path}${search ? '&' : '?'}pageToken=${token}`
    const first = (await answer(path)) as { nextPageToken: string; items: object[] }
    const second = (await answer(next(first.nextPageToken))) as typeof first
    const third = (await answer(next(second.nextPageToken))) as typeof first
    expect(third).toEqual(second)
    expect(second).toEqual(first)
    await control(google.url, 'faults', { method: 'DELETE' })
    expect(await answer(next(third.nextPageToken))).toMatchObject({ items: first.items })
  })

  test('missing-fields removes fields of each item or of the resource', async () => {
    await once('events.list', 'missing-fields')
    const { items } = (await answer(EVENTS)) as { items: object[] }
    expect(items).toHaveLength(2)
    for (const item of items) for (const name of ['id', 'start', 'end']) expect(item).not.toHaveProperty(name)
    await once('events.watch', 'missing-fields', { fields: ['resourceId'] })
    const address = 'http://127.0.0.1:9/'
    const body = JSON.stringify({ id: 'channel', type: 'web_hook', address })
    const channel = await answer(`${EVENTS}/watch`, { method: 'POST', body })
    expect(channel).not.toHaveProperty('resourceId')
    expect(channel).toMatchObject({ kind: 'api#channel' })
  })

  test('other-id answers for another event than was asked', async () => {
    for (const operation of ['events.get', 'events.patch']) {
      await once(operation, 'other-id')
      const method = operation === 'events.get' ? 'GET' : 'PATCH'
      const event = await answer(`${EVENTS}/event1`, { method, ...(method === 'PATCH' && { body: '{}' }) })
      expect(event).toMatchObject({ summary: 'One', id: expect.stringMatching(/^[0-9a-v]{26}$/) })
    }
  })

  test('rewrite changes the parsed answer, in the same process', async () => {
    google.world.faults.push({
      match: { operation: 'events.get' },
      times: 1,
      kind: 'rewrite',
      rewrite: (event) => ({ ...(event as object), summary: 7 }),
    })
    expect(await answer(`${EVENTS}/event1`)).toMatchObject({ id: 'event1', summary: 7 })
  })

  test('rewrite-text changes the body of any answer, in the same process', async () => {
    google.world.faults.push({
      match: { operation: 'events.get' },
      kind: 'rewrite-text',
      rewriteText: (body) => body.replace('notFound', 'elsewhere'),
    })
    expect(await answer(`${EVENTS}/unknown`)).toMatchObject({ error: { errors: [{ reason: 'elsewhere' }] } })
  })

  test('headers are replaced, added and left out; the rest stays', async () => {
    await once('events.get', 'headers', { headers: { 'content-type': 'text/plain', 'x-other': '', date: null } })
    const response = await call(`${EVENTS}/event1`)
    expect(Object.fromEntries(response.headers)).toMatchObject({ 'content-type': 'text/plain', 'x-other': '' })
    expect(response.headers.has('date')).toBe(false)
    expect(response.headers.has('etag')).toBe(true)
    expect(await response.json()).toMatchObject({ id: 'event1' })
    await once('events.get', 'status', { status: 503, headers: { 'retry-after': 'soon', 'content-type': null } })
    const refused = await call(`${EVENTS}/event1`)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, 'soon'])
    expect(refused.headers.has('content-type')).toBe(false)
    expect((await call(`${EVENTS}/event1`)).headers.has('date')).toBe(true)
  })

  test('errors stay as they are', async () => {
    await once('events.get', 'other-id')
    expect((await call(`${EVENTS}/unknown`)).status).toBe(404)
  })
})

describe('faults of the connection', () => {
  test('truncated-json is a whole answer with half of its JSON', async () => {
    await once('events.list', 'truncated-json')
    const text = await (await call(EVENTS)).text()
    expect(text.startsWith('{')).toBe(true)
    expect(() => JSON.parse(text)).toThrow()
  })

  test('cut-short breaks off before the announced length', async () => {
    await once('events.list', 'cut-short')
    const response = await call(EVENTS)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
    await once('events.insert', 'cut-short')
    const cut = await insert('event3')
    await expect(cut.text()).rejects.toThrow()
    expect((await call(`${EVENTS}/event3`)).status).toBe(200)
  })
})

describe('the control API refuses', () => {
  const match = { operation: 'events.list' }

  test.each([
    ['an unknown kind', { match, kind: 'fire' }, 'cannot have kind "fire"'],
    ['a missing kind', { match }, 'needs a kind'],
    ['a missing match', { kind: 'reset' }, 'needs a match'],
    ['an unknown field', { match, kind: 'reset', time: 1 }, 'has no time'],
    ['an unknown operation', { match: { operation: 'events.lits' }, kind: 'reset' }, 'no operation events.lits'],
    ['an unknown match', { match: { operatoin: 'x' }, kind: 'reset' }, 'cannot have match'],
    ['a broken pattern', { match: { path: '(' }, kind: 'reset' }, 'cannot have match'],
    ['a negative count', { match, kind: 'reset', times: -1 }, 'cannot have times'],
    ['an impossible status', { match, kind: 'status', status: 99 }, 'cannot have status'],
    ['a body of another kind', { match, kind: 'html', body: 'x' }, 'kind body'],
    ['fields of another kind', { match, kind: 'html', fields: ['id'] }, 'kind missing-fields'],
    ['parts of another kind', { match, kind: 'html', parts: [1] }, 'has parts'],
    ['missing parts without their positions', { match, kind: 'missing-parts' }, 'has parts'],
    ['executes without a replaced answer', { match, kind: 'reset', executes: true }, 'cannot have executes'],
    ['rewrite, which needs a function', { match, kind: 'rewrite' }, 'cannot have kind'],
    ['rewrite-text, which needs one too', { match, kind: 'rewrite-text' }, 'cannot have kind'],
    ['a header of two lines', { match, kind: 'headers', headers: { date: 'a\nb' } }, 'cannot have headers'],
    ['a string', 'reset', 'must be an object'],
  ])('%s', async (_, body, message) => {
    await expect(control(google.url, 'faults', { body })).rejects.toThrow(message)
    expect(await control(google.url, 'faults', { method: 'GET' })).toEqual([])
  })
})

test('Google’s own client reports a page instead of JSON as an answer without the resource', async () => {
  await once('events.get', 'html', { status: 404 })
  expect(await refusal(olive.api.events.get({ calendarId: 'primary', eventId: 'event1' }))).toEqual({
    status: 404,
  })
})
