import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type Connection, connect, refusal } from './connect.ts'
import type { EventResource } from './model.ts'
import { startGoogle } from './server.ts'
import { control, expectNoForeignWrites, foreignWrites, readLog } from './testing.ts'

const email = 'olive@example.com'
const timed = { start: { dateTime: '2026-03-02T09:00:00Z' }, end: { dateTime: '2026-03-02T10:00:00Z' } }
const calendarId = 'primary'

const google = await startGoogle({
  seed: (person) => {
    person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
  },
})
let olive: Connection

beforeEach(async () => {
  await control(google.url, 'reset', { body: { seed: 'samples' } })
  olive = await connect(google.url, { email })
})
afterAll(() => google.stop())

const insert = (requestBody: object = timed) => olive.api.events.insert({ calendarId, requestBody })
const fault = (body: object) => control(google.url, 'faults', { body })

describe('faults', () => {
  test.each([
    [401, 'authError'],
    [403, 'rateLimitExceeded'],
    [403, 'userRateLimitExceeded'],
    [403, 'quotaExceeded'],
    [403, 'forbidden'],
    [403, 'requiredAccessLevel'],
    [404, 'notFound'],
    [409, 'duplicate'],
    [410, 'fullSyncRequired'],
    [412, 'conditionNotMet'],
    [429, 'rateLimitExceeded'],
    [500, 'backendError'],
    [503, 'backendError'],
  ])('%i %s, for the given number of requests', async (status, reason) => {
    await fault({
      match: { operation: 'events.list' },
      times: 1,
      kind: 'status',
      status,
      reason,
      retryAfter: 7,
    })
    const call = olive.api.events.list({ calendarId })
    await expect(call).rejects.toMatchObject({
      response: { status, data: { error: { errors: [{ reason }] } } },
    })
    expect((await olive.api.events.list({ calendarId })).status).toBe(200)
  })

  test('HTML bodies, resets, latency, and a response lost after the commit', async () => {
    const url = `${google.url}/calendar/v3/users/me/calendarList`
    const get = () => fetch(url, { headers: { authorization: `Bearer ${olive.accessToken}` } })
    await fault({ match: { path: 'calendarList' }, times: 1, kind: 'html', status: 502 })
    const page = await get()
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8'])
    await fault({ match: { method: 'GET' }, times: 1, kind: 'reset' })
    await expect(get()).rejects.toThrow()
    await fault({ match: {}, times: 1, kind: 'latency', milliseconds: 40 })
    const started = performance.now()
    expect((await get()).status).toBe(200)
    expect(performance.now() - started).toBeGreaterThan(35)
    await fault({ match: { operation: 'events.insert' }, times: 1, kind: 'lost-response' })
    await expect(insert({ ...timed, id: 'lost00' })).rejects.toThrow()
    expect(await refusal(insert({ ...timed, id: 'lost00' }))).toEqual({ status: 409, reason: 'duplicate' })
  })

  test('errors of the token endpoint have their own shape; `after` lets requests through; DELETE clears faults', async () => {
    await fault({
      match: { operation: 'oauth.token' },
      after: 1,
      kind: 'status',
      status: 400,
      reason: 'invalid_grant',
    })
    const refresh = () => olive.auth.refreshAccessToken()
    await expect(refresh()).resolves.toBeDefined()
    await expect(refresh()).rejects.toMatchObject({ response: { data: { error: 'invalid_grant' } } })
    await control(google.url, 'faults', { method: 'DELETE' })
    await expect(refresh()).resolves.toBeDefined()
  })
})

describe('the request log', () => {
  test('has operation, caller, event, status, body and the event before the write', async () => {
    const since = google.world.log.last()
    const { data } = await insert({ ...timed, id: 'logged', summary: 'Before' })
    const headers = { 'If-Match': data.etag ?? '' }
    await olive.api.events.patch({ calendarId, eventId: 'logged', requestBody: { summary: 'After' } }, { headers })
    await refusal(olive.api.events.get({ calendarId, eventId: 'nothing' }))
    expect(await readLog(google.url, since)).toMatchObject([
      {
        operation: 'events.insert',
        method: 'POST',
        status: 200,
        email,
        calendarId: email,
        eventId: 'logged',
        clientId: expect.any(String),
      },
      {
        operation: 'events.patch',
        status: 200,
        ifMatch: data.etag,
        requestBody: { summary: 'After' },
        eventBefore: { summary: 'Before' },
        eventExisted: true,
      },
      { operation: 'events.get', status: 404, eventId: 'nothing', eventExisted: false },
    ])
  })

  test('writes to an event of another author are found, also refused ones', async () => {
    const own = (await insert()).data.id ?? ''
    await olive.api.events.patch({ calendarId, eventId: own, requestBody: { summary: 'Mine' } })
    google.person.change({ email, calendarId, eventId: own, changes: { summary: 'By hand' } })
    await olive.api.events.delete({ calendarId, eventId: own })
    await olive.api.events.patch({ calendarId, eventId: own, requestBody: { status: 'confirmed' } })
    const theirs = google.person.create({
      email,
      calendarId,
      event: { ...timed, summary: 'Theirs', recurrence: undefined },
    })
    await refusal(insert({ ...timed, id: theirs.id }))
    await olive.api.events.get({ calendarId, eventId: theirs.id })
    await expectNoForeignWrites(google.url)

    await olive.api.events.patch({ calendarId, eventId: theirs.id, requestBody: { summary: 'Taken' } })
    const stale = { headers: { 'If-Match': '"1"' } }
    await refusal(olive.api.events.delete({ calendarId, eventId: theirs.id }, stale))
    expect(await foreignWrites(google.url)).toMatchObject([
      { operation: 'events.patch', status: 200 },
      { operation: 'events.delete', status: 412 },
    ])
    await expect(expectNoForeignWrites(google.url)).rejects.toThrow('Theirs')
  })

  test('instances belong to their series’ author; duplicates by a person do not', async () => {
    const zone = { timeZone: 'Europe/Berlin' }
    const series = {
      ...timed,
      id: 'series',
      start: { ...timed.start, ...zone },
      end: { ...timed.end, ...zone },
      recurrence: ['RRULE:FREQ=DAILY;COUNT=3'],
    }
    await insert(series)
    const eventId = 'series_20260303T090000Z'
    await olive.api.events.patch({ calendarId, eventId, requestBody: { summary: 'One' } })
    await expectNoForeignWrites(google.url)
    const twin = google.person.duplicate({ email, calendarId, eventId })
    await olive.api.events.delete({ calendarId, eventId: twin.id })
    expect(await foreignWrites(google.url)).toHaveLength(1)
  })

  test('an app’s event, moved away by a person and back as an invitation, is still the app’s', async () => {
    await insert({ ...timed, id: 'round', attendees: [{ email }] })
    const destination = google.person.addCalendar({ email, summary: 'Other', timeZone: 'Europe/Berlin' }).id
    google.person.moveToCalendar({ email, calendarId, eventId: 'round', destination })
    google.person.change({ email, calendarId: destination, eventId: 'round', changes: { summary: 'Moved' } })
    expect(google.person.event({ email, calendarId, eventId: 'round' })).toMatchObject({
      status: 'confirmed',
    })
    await olive.api.events.delete({ calendarId, eventId: 'round' })
    await expectNoForeignWrites(google.url)
  })
})

describe('other endpoints of the control API', () => {
  test('person actions, stored events and error messages', async () => {
    const event = (await control(google.url, 'person/create', {
      body: { email, calendarId, event: { ...timed, summary: 'Lunch' } },
    })) as EventResource
    await insert({ ...timed, summary: 'By the app' })
    const stored = (await control(google.url, `events?email=${email}`, { method: 'GET' })) as object[]
    expect(stored).toMatchObject([
      { id: event.id, createdByClient: null },
      { summary: 'By the app', createdByClient: expect.stringContaining('sophiie') },
    ])
    expect(await control(google.url, 'person/calendars', { body: { email } })).toMatchObject([{ id: email }])
    await expect(control(google.url, 'person/fly', { body: {} })).rejects.toThrow('cannot fly')
    await expect(control(google.url, 'switches', { body: { shufle: true } })).rejects.toThrow('no switch shufle')
    await expect(control(google.url, 'reset', { body: { seed: 'x' } })).rejects.toThrow('no seed x')
  })

  test('htmlLink redirects to the week page', async () => {
    const { data } = await insert()
    const response = await fetch(data.htmlLink ?? '', { redirect: 'manual' })
    expect(response.headers.get('location')).toContain(`account=${encodeURIComponent(email)}`)
  })
})

describe('a series that a person made of a client’s event', () => {
  const series = async () => {
    const { data } = await insert()
    const eventId = data.id ?? ''
    google.person.makeRecurring({ email, calendarId, eventId, recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] })
    return { eventId, outdated: data.etag ?? '' }
  }
  const title = { summary: 'Mine' }
  const patch = (eventId: string, etag = '*') =>
    olive.api.events.patch({ calendarId, eventId, requestBody: title }, { headers: { 'If-Match': etag } })

  test('the client may change its first instance', async () => {
    const { eventId } = await series()
    await patch(`${eventId}_20260302T090000Z`)
    await expectNoForeignWrites(google.url)
  })

  test.each([
    ['the series', ''],
    ['another instance', '_20260303T090000Z'],
  ])('the client may not change %s', async (_, suffix) => {
    const { eventId } = await series()
    await patch(`${eventId}${suffix}`)
    await expect(expectNoForeignWrites(google.url)).rejects.toThrow('did not create')
  })

  test('a write with the etag from before is refused and not a foreign write', async () => {
    const { eventId, outdated } = await series()
    await expect(patch(eventId, outdated)).rejects.toThrow()
    await expectNoForeignWrites(google.url)
  })

  test('the client may change it once it is a single event again', async () => {
    const { eventId } = await series()
    google.person.change({ email, calendarId, eventId, changes: { recurrence: null } })
    await patch(eventId)
    await expectNoForeignWrites(google.url)
  })
})

test('events, tokens, sync tokens and keys survive a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'google-'))
  const file = join(folder, 'state.json')
  const first = await startGoogle({ file })
  first.person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
  const before = await connect(first.url, { email })
  await before.api.events.insert({ calendarId, requestBody: { ...timed, id: 'kept00' } })
  const { data } = await before.api.events.list({ calendarId })
  await before.api.events.insert({ calendarId, requestBody: { ...timed, id: 'after0' } })
  const { kid } = first.world.state.oauth.key
  await first.stop()
  expect(readFileSync(file, 'utf8')).toContain('kept00')

  const second = await startGoogle({
    file,
    seed: () => expect.unreachable('A saved world must not be seeded.'),
  })
  const query = new URLSearchParams({ syncToken: data.nextSyncToken ?? '' })
  const headers = { authorization: `Bearer ${before.accessToken}` }
  const delta = await fetch(`${second.url}/calendar/v3/calendars/primary/events?${query}`, { headers })
  expect(await delta.json()).toMatchObject({ items: [{ id: 'after0' }] })
  expect([...second.world.state.oauth.refreshTokens.keys()]).toEqual([before.refreshToken])
  expect(second.world.state.oauth.key.kid).toBe(kid)
  await second.stop()
  rmSync(folder, { recursive: true })
})
