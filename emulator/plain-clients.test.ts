import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { readAnswers } from './batch/batch-client.ts'
import { connect } from './connect.ts'
import { startGoogle } from './server.ts'
import { control } from './testing.ts'

// The calls of open-source clients that send HTTP themselves, with their parameters, and batches in
// the exact form that they send.

const email = 'olive@example.com'
const google = await startGoogle()
let authorization: string

beforeEach(async () => {
  await control(google.url, 'reset')
  google.person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
  const scopes = ['https://www.googleapis.com/auth/calendar']
  authorization = `Bearer ${(await connect(google.url, { email, scopes })).accessToken}`
})
afterAll(() => google.stop())

type Item = { id: string; iCalUID?: string; status?: string; summary?: string; recurrence?: string[] }
type Page = { items?: Item[]; nextPageToken?: string; nextSyncToken?: string }

const call = (method: string, path: string, { query = {}, body }: { query?: object; body?: object } = {}) =>
  fetch(`${google.url}/calendar/v3/${path}?${new URLSearchParams(query as Record<string, string>)}`, {
    method,
    headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })

/** All pages with the same parameters; a status instead of a page ends it. */
const pagesOf = async (path: string, query: object) => {
  const pages: Page[] = []
  let next: object = {}
  for (;;) {
    const response = await call('GET', path, { query: { ...query, ...next } })
    if (response.status !== 200) return { pages, status: response.status }
    const page = (await response.json()) as Page
    pages.push(page)
    if (!page.nextPageToken) return { pages, status: 200, syncToken: page.nextSyncToken ?? '' }
    next = { pageToken: page.nextPageToken }
  }
}
const itemsOf = ({ pages }: { pages: Page[] }) => pages.flatMap(({ items = [] }) => items)
const loseSyncTokens = () => control(google.url, 'expire-sync-tokens', { body: { calendarId: email } })

describe('gcal_sync', () => {
  const events = `calendars/${encodeURIComponent(email)}/events`
  const ofEvent =
    'id,iCalUID,summary,start,end,description,location,transparency,status,eventType,visibility,attendees,' +
    'attendeesOmitted,recurrence,recurringEventId,originalStartTime,reminders'
  const sync = { maxResults: 1000, fields: `kind,nextPageToken,nextSyncToken,items(${ofEvent})` }
  const weekly = {
    summary: 'Round',
    start: { dateTime: '2027-03-02T09:00:00', timeZone: 'Europe/Berlin' },
    end: { dateTime: '2027-03-02T10:00:00', timeZone: 'Europe/Berlin' },
    recurrence: ['RRULE:FREQ=WEEKLY;COUNT=8'],
  }

  test('follows the list of calendars by its sync token', async () => {
    const full = await pagesOf('users/me/calendarList', {})
    expect(itemsOf(full)).toMatchObject([{ id: email, primary: true, timeZone: 'Europe/Berlin' }])
    const { id } = google.person.addCalendar({ email, summary: 'Work' })
    const delta = await pagesOf('users/me/calendarList', { syncToken: full.syncToken })
    expect(itemsOf(delta)).toMatchObject([{ id, summary: 'Work' }])
    expect(await (await call('GET', `calendars/${encodeURIComponent(id)}`)).json()).toMatchObject({ summary: 'Work' })
  })

  test('lists a range in the order of time', async () => {
    await call('POST', events, { body: weekly })
    const range = { timeMin: '2027-03-08T00:00:00+00:00', timeMax: '2027-03-22T00:00:00+00:00', q: 'round' }
    const list = await pagesOf(events, { ...sync, maxResults: 1, singleEvents: 'true', orderBy: 'startTime', ...range })
    expect(list.pages).toHaveLength(2)
    expect(itemsOf(list)).toMatchObject([
      { start: { dateTime: '2027-03-09T09:00:00+01:00' } },
      { start: { dateTime: '2027-03-16T09:00:00+01:00' } },
    ])
  })

  test('syncs without expanding series, page by page, and reads everything again after 410', async () => {
    for (let n = 0; n < 3; n++) await call('POST', events, { body: { ...weekly, summary: `Round ${n}` } })
    const paged = { ...sync, maxResults: 2 }
    const full = await pagesOf(events, { ...paged, timeMin: '2006-01-01T00:00:00+00:00' })
    expect(full.pages.map(({ items }) => items?.length)).toEqual([2, 1])
    expect(itemsOf(full)[0]?.recurrence).toEqual(weekly.recurrence)
    const [removed = '', changed = ''] = itemsOf(full).map(({ id }) => id)
    google.person.remove({ email, calendarId: 'primary', eventId: removed, scope: 'all' })
    const instance = `${changed}_20270309T080000Z`
    await call('PATCH', `${events}/${instance}`, { body: { summary: 'Moved' } })
    const delta = await pagesOf(events, { ...paged, syncToken: full.syncToken })
    expect(itemsOf(delta)).toMatchObject([
      { id: removed, status: 'cancelled' },
      { id: instance, recurringEventId: changed, summary: 'Moved' },
    ])
    await loseSyncTokens()
    expect(await pagesOf(events, { ...paged, syncToken: delta.syncToken })).toEqual({ pages: [], status: 410 })
    expect(itemsOf(await pagesOf(events, paged))).toHaveLength(3)
  })

  test('cancels an instance by a patch of its status, ends a series by its rule, and deletes it', async () => {
    const series = (await (await call('POST', events, { body: weekly })).json()) as Item
    const instance = `${series.id}_20270309T080000Z`
    const cancelled = await call('PATCH', `${events}/${instance}`, { body: { id: instance, status: 'cancelled' } })
    expect(await cancelled.json()).toMatchObject({ id: instance, status: 'cancelled', recurringEventId: series.id })
    const recurrence = ['RRULE:FREQ=WEEKLY;UNTIL=20270322T080000Z']
    expect((await call('PATCH', `${events}/${series.id}`, { body: { id: series.id, recurrence } })).status).toBe(200)
    const list = await pagesOf(events, { ...sync, singleEvents: 'true', orderBy: 'startTime' })
    expect(itemsOf(list).map(({ id }) => id)).toEqual([
      `${series.id}_20270302T080000Z`,
      `${series.id}_20270316T080000Z`,
    ])
    expect(await (await call('GET', `${events}/${series.id}`)).json()).toMatchObject({ recurrence })
    expect((await call('DELETE', `${events}/${series.id}`)).status).toBe(204)
    expect(itemsOf(await pagesOf(events, sync))).toEqual([])
  })
})

describe('keeper.sh', () => {
  const events = `calendars/${encodeURIComponent(email)}/events`
  const path = `/calendar/v3/${events}`
  const event = (uid: string, more: object = {}) => ({
    description: 'From elsewhere',
    iCalUID: uid,
    summary: 'Busy',
    start: { dateTime: '2027-03-02T09:00:00.000Z' },
    end: { dateTime: '2027-03-02T10:00:00.000Z' },
    ...more,
  })
  type Request = { method: string; path: string; body?: object }

  /** A part without a body ends with its request line; one with a body names its type twice. */
  const batch = async (requests: Request[]) => {
    const boundary = 'batch_7d6f0f8a1c'
    const parts = requests.map(({ method, path, body }, at) => {
      const text = JSON.stringify(body)
      const type = 'Content-Type: application/json'
      const end = body ? [type, type, `Content-Length: ${Buffer.byteLength(text)}`, '', text] : ['']
      const head = [`--${boundary}`, 'Content-Type: application/http', `Content-ID: <item-${at}>`, '']
      return [...head, `${method} ${path} HTTP/1.1`, ...end].join('\r\n')
    })
    const response = await fetch(`${google.url}/batch/calendar/v3`, {
      method: 'POST',
      headers: { authorization, 'content-type': `multipart/mixed; boundary=${boundary}` },
      body: [...parts, `--${boundary}--`].join('\r\n'),
    })
    expect(response.status).toBe(200)
    const answers = await readAnswers(response)
    expect(answers.map(({ id }) => id)).toEqual(requests.map((_, at) => `<response-item-${at}>`))
    return answers
  }
  const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status)
  const insert = (body: object) => ({ method: 'POST', path, body })
  const find = (uid: string, more = '') => ({
    method: 'GET',
    path: `${path}?iCalUID=${encodeURIComponent(uid)}${more}`,
  })
  const remove = (id: string) => ({ method: 'DELETE', path: `${path}/${encodeURIComponent(id)}` })
  const found = (answer?: { body: unknown }) => (answer?.body as Page | undefined)?.items?.[0]?.id ?? ''

  test('inserts in batches, and finds and deletes what is there under the same iCalUID', async () => {
    const [one, two] = ['one@keeper.sh', 'two@keeper.sh']
    const allDay = { start: { date: '2027-03-03' }, end: { date: '2027-03-04' }, transparency: 'transparent' }
    expect(statuses(await batch([insert(event(one)), insert(event(two, allDay))]))).toEqual([200, 200])

    const changed = insert(event(one, { summary: 'Büro' }))
    const three = {
      recurrence: ['RRULE:FREQ=DAILY;COUNT=2'],
      start: { dateTime: '2027-03-05T09:00:00.000Z', timeZone: 'UTC' },
    }
    const end = { end: { dateTime: '2027-03-05T10:00:00.000Z', timeZone: 'UTC' } }
    const series = insert(event('three@keeper.sh', { ...three, ...end }))
    expect(statuses(await batch([changed, series]))).toEqual([409, 200])
    const id = found((await batch([find(one, '&showDeleted=true')]))[0])
    expect(statuses(await batch([remove(id)]))).toEqual([204])
    const answers = await batch([find(one), find(one, '&showDeleted=true'), find(two)])
    expect(answers.map(({ body }) => (body as Page).items)).toMatchObject([
      [],
      [{ id, status: 'cancelled' }],
      [{ iCalUID: two, ...allDay }],
    ])
  })

  test('deletes in batches by id and by iCalUID; what is gone is no other failure', async () => {
    const uids = Array.from({ length: 50 }, (_, n) => `${n}@keeper.sh`)
    await batch(uids.map((uid) => insert(event(uid))))
    const ids = (await batch(uids.map((uid) => find(uid)))).map(found)
    expect(new Set(ids).size).toBe(50)
    expect(new Set(statuses(await batch(ids.map(remove))))).toEqual(new Set([204]))
    expect(statuses(await batch([remove(ids[0] ?? ''), remove('neverexisted')]))).toEqual([410, 404])
    expect((await batch([find('0@keeper.sh')]))[0]?.body).toMatchObject({ items: [] })
  })

  test('lists the calendars that it can read, and writes to a source by iCalUID', async () => {
    const calendars = await pagesOf('users/me/calendarList', { minAccessRole: 'reader' })
    expect(itemsOf(calendars)).toMatchObject([{ id: email }])
    const { iCalUID } = google.person.create({ email, calendarId: 'primary', event: event('mine@example.com') })
    const [source] = itemsOf(await pagesOf(events, { iCalUID: iCalUID ?? '' }))
    const times = { start: { dateTime: '2027-03-02T11:00:00.000Z', timeZone: 'Europe/Berlin' } }
    const end = { end: { dateTime: '2027-03-02T12:00:00.000Z', timeZone: 'Europe/Berlin' } }
    const patch = { body: { summary: 'Moved', ...times, ...end } }
    expect((await call('PATCH', `${events}/${source?.id}`, patch)).status).toBe(200)
    expect(await (await call('GET', `${events}/${source?.id}`)).json()).toMatchObject({
      summary: 'Moved',
      start: { dateTime: '2027-03-02T12:00:00+01:00', timeZone: 'Europe/Berlin' },
    })
    expect((await call('DELETE', `${events}/${source?.id}`)).status).toBe(204)
    expect((await call('DELETE', `${events}/${source?.id}`)).status).toBe(410)
  })

  test('reads a window of single events, then what changed', async () => {
    await batch([insert(event('one@keeper.sh')), insert(event('two@keeper.sh'))])
    const single = { maxResults: 250, singleEvents: 'true' }
    const window = { timeMin: '2027-03-01T00:00:00.000Z', timeMax: '2029-03-01T00:00:00.000Z' }
    const full = await pagesOf(events, { ...single, ...window })
    expect(
      itemsOf(full)
        .map(({ iCalUID }) => iCalUID)
        .sort(),
    ).toEqual(['one@keeper.sh', 'two@keeper.sh'])
    const id = itemsOf(full)[0]?.id ?? ''
    await batch([remove(id)])
    const delta = await pagesOf(events, { ...single, syncToken: full.syncToken })
    expect(itemsOf(delta)).toMatchObject([{ id, status: 'cancelled' }])
  })

  test('watches a calendar and stops, also twice', async () => {
    const channel = { id: 'a6d7f6a0-0000-4000-8000-000000000001', type: 'web_hook', token: 'secret' }
    const body = { ...channel, address: 'http://127.0.0.1:9/webhook', params: { ttl: '604800' } }
    const watched = (await (await call('POST', `${events}/watch`, { body })).json()) as Record<string, string>
    expect(watched).toMatchObject({ id: channel.id, resourceId: expect.any(String) })
    expect(Number(watched.expiration)).toBeGreaterThan(0)
    const stop = { body: { id: channel.id, resourceId: watched.resourceId } }
    expect((await call('POST', 'channels/stop', stop)).status).toBe(204)
    expect((await call('POST', 'channels/stop', stop)).status).toBe(404)
  })
})
