import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type Connection, connect, refusal } from '../../connect.ts'
import type { CalendarStore } from '../../model.ts'
import { type Google, startGoogle } from '../../server.ts'
import { control } from '../../testing.ts'

const email = 'olive@example.com'
const at = (day: number, hour = 9) => {
  const date = `2026-03-${String(day).padStart(2, '0')}`
  const time = (h: number) => ({
    dateTime: `${date}T${String(h).padStart(2, '0')}:00:00Z`,
    timeZone: 'Europe/Berlin',
  })
  return { start: time(hour), end: time(hour + 1) }
}

const google: Google = await startGoogle()
let olive: Connection
let calendarId: string

beforeEach(async () => {
  await control(google.url, 'reset')
  google.person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
  calendarId = google.person.addCalendar({ email, summary: 'Work' }).id
  olive = await connect(google.url, { email })
})
afterAll(() => google.stop())

type Params = calendar_v3.Params$Resource$Events$List
const list = async (params: Params = {}) => (await olive.api.events.list({ calendarId, ...params })).data
const ids = (page: calendar_v3.Schema$Events) => page.items?.map(({ id }) => id)
const make = (event: object) => google.person.create({ email, calendarId, event })

async function listAll(params: Params = {}) {
  const items: calendar_v3.Schema$Event[] = []
  let page = await list(params)
  for (;;) {
    items.push(...(page.items ?? []))
    if (!page.nextPageToken) return { items, token: page.nextSyncToken ?? undefined }
    page = await list({ ...params, pageToken: page.nextPageToken })
  }
}

describe('pages', () => {
  test('all pages of a list come from one snapshot', async () => {
    for (let day = 1; day <= 5; day++) make({ ...at(day), id: `event${day}` })
    const first = await list({ maxResults: 2 })
    expect(first.nextSyncToken).toBeUndefined()
    make({ ...at(9), id: 'event9' })
    google.person.remove({ email, calendarId, eventId: 'event5' })
    const second = await list({ maxResults: 2, pageToken: first.nextPageToken ?? '' })
    const third = await list({ maxResults: 2, pageToken: second.nextPageToken ?? '' })
    expect([first, second, third].flatMap(ids)).toEqual(['event1', 'event2', 'event3', 'event4', 'event5'])
    expect(third.nextPageToken).toBeUndefined()
    const delta = await list({ syncToken: third.nextSyncToken ?? '' })
    expect(delta.items).toMatchObject([
      { id: 'event9', status: 'confirmed' },
      { id: 'event5', status: 'cancelled' },
    ])
    expect(await refusal(list({ pageToken: 'nonsense' }))).toMatchObject({
      status: 400,
      location: 'pageToken',
    })
  })

  test('switches put exceptions first, repeat an item on the next page and send an empty first page', async () => {
    make({ ...at(1), id: 'series', recurrence: ['RRULE:FREQ=DAILY;COUNT=5'] })
    for (let day = 1; day <= 3; day++) make({ ...at(day), id: `event${day}` })
    const eventId = 'series_20260302T090000Z'
    google.person.change({ email, calendarId, eventId, changes: { summary: 'Other' } })
    await control(google.url, 'switches', { body: { exceptionsFirst: true, duplicateAcrossPages: true } })
    const { items } = await listAll({ maxResults: 2 })
    expect(items[0]?.id).toBe(eventId)
    expect(items.filter(({ id }) => id === 'series')).toHaveLength(2)
    expect(new Set(items.map(({ id }) => id)).size).toBe(5)
    await control(google.url, 'switches', { body: { duplicateAcrossPages: false, emptyFirstPage: true } })
    expect(await list()).toMatchObject({ items: [], nextPageToken: expect.any(String) })
    expect((await listAll()).items).toHaveLength(5)
  })
})

describe('filters', () => {
  test('timeMin and timeMax are exclusive; a series matches if one of its instances does', async () => {
    make({ ...at(2), id: 'early' })
    make({ ...at(10), id: 'inside' })
    make({ ...at(20), id: 'later' })
    make({ ...at(1), id: 'endless', recurrence: ['RRULE:FREQ=WEEKLY'] })
    make({ ...at(1), id: 'ended', recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] })
    const window = { timeMin: '2026-03-10T09:00:00Z', timeMax: '2026-03-20T09:00:00Z' }
    expect(ids(await list(window))).toEqual(['inside', 'endless'])
    expect(ids(await list({ timeMin: '2026-03-10T10:00:00Z' }))).toEqual(['later', 'endless'])
    expect(await refusal(list({ ...window, timeMax: window.timeMin }))).toMatchObject({
      status: 400,
      reason: 'timeRangeEmpty',
    })
    expect(await refusal(list({ timeMin: '2026-03-10T09:00:00' }))).toMatchObject({ status: 400 })
  })

  test('filters by type, text, UID, extended properties and deletion', async () => {
    make({ ...at(1), id: 'focus', eventType: 'focusTime' })
    make({
      ...at(2),
      id: 'marked',
      summary: 'Fix the TAP',
      extendedProperties: { private: { a: '1', b: '2' } },
    })
    make({ ...at(3), id: 'gone00' })
    google.person.remove({ email, calendarId, eventId: 'gone00' })
    expect(ids(await list())).toEqual(['focus', 'marked'])
    expect(ids(await list({ eventTypes: ['default', 'outOfOffice'] }))).toEqual(['marked'])
    expect(ids(await list({ q: 'tap fix' }))).toEqual(['marked'])
    expect(ids(await list({ iCalUID: 'focus@google.com' }))).toEqual(['focus'])
    expect(ids(await list({ privateExtendedProperty: ['a=1', 'b=2'] }))).toEqual(['marked'])
    expect(ids(await list({ privateExtendedProperty: ['a=1', 'b=3'] }))).toEqual([])
    expect(ids(await list({ showDeleted: true }))).toEqual(['focus', 'marked', 'gone00'])
    expect(await refusal(list({ eventTypes: ['other'] }))).toMatchObject({ status: 400 })
  })

  test('singleEvents expands series; orderBy requires it and gives no sync token', async () => {
    make({ ...at(1), id: 'series', recurrence: ['RRULE:FREQ=DAILY;COUNT=4'] })
    make({ ...at(2, 7), id: 'single' })
    google.person.remove({ email, calendarId, eventId: 'series_20260303T090000Z' })
    google.person.change({ email, calendarId, eventId: 'series_20260304T090000Z', changes: at(4, 15) })
    const page = await list({ singleEvents: true, orderBy: 'startTime' })
    expect(ids(page)).toEqual([
      'series_20260301T090000Z',
      'single',
      'series_20260302T090000Z',
      'series_20260304T090000Z',
    ])
    expect(page.items?.[3]).toMatchObject({
      recurringEventId: 'series',
      originalStartTime: { dateTime: '2026-03-04T10:00:00+01:00' },
      start: { dateTime: '2026-03-04T16:00:00+01:00' },
    })
    expect(page.nextSyncToken).toBeUndefined()
    expect(await refusal(list({ orderBy: 'startTime' }))).toEqual({
      status: 400,
      reason: 'invalid',
      location: 'orderBy',
    })
    const instances = await olive.api.events.instances({ calendarId, eventId: 'series', showDeleted: true })
    expect(instances.data.items?.map(({ status }) => status)).toEqual([
      'confirmed',
      'confirmed',
      'cancelled',
      'confirmed',
    ])
  })
})

describe('sync tokens', () => {
  test('deltas contain all changes, also those outside the window of the first read, and a new token', async () => {
    make({ ...at(1), id: 'old000' })
    const { token } = await listAll({ timeMin: '2026-03-05T00:00:00Z' })
    const quiet = await list({ syncToken: token })
    expect(quiet).toMatchObject({ items: [] })
    google.person.change({ email, calendarId, eventId: 'old000', changes: { summary: 'Now' } })
    const delta = await list({ syncToken: quiet.nextSyncToken ?? '' })
    expect(ids(delta)).toEqual(['old000'])
    expect(ids(await list({ syncToken: delta.nextSyncToken ?? '' }))).toEqual([])
    expect(ids(await list({ syncToken: token }))).toEqual(['old000'])
  })

  test('tombstones have no details unless showDeleted; a restored event is confirmed again', async () => {
    make({ ...at(1), id: 'gone00', summary: 'Was here' })
    const { token } = await listAll()
    google.person.remove({ email, calendarId, eventId: 'gone00' })
    const bare = await list({ syncToken: token })
    expect(Object.keys(bare.items?.[0] ?? {}).sort()).toEqual(['etag', 'id', 'kind', 'status'])
    const full = await list({ syncToken: token, showDeleted: true })
    expect(full.items?.[0]).toMatchObject({ status: 'cancelled', summary: 'Was here' })
    google.person.restore({ email, calendarId, eventId: 'gone00' })
    expect((await list({ syncToken: token })).items).toMatchObject([{ id: 'gone00', status: 'confirmed' }])
  })

  test.each([
    ['q', { q: 'x' }],
    ['timeMin', { timeMin: '2026-03-01T00:00:00Z' }],
    ['timeMax', { timeMax: '2026-03-01T00:00:00Z' }],
    ['updatedMin', { updatedMin: '2026-03-01T00:00:00Z' }],
    ['orderBy', { orderBy: 'updated' }],
    ['iCalUID', { iCalUID: 'x' }],
    ['privateExtendedProperty', { privateExtendedProperty: ['a=b'] }],
    ['showDeleted', { showDeleted: false }],
  ])('%s cannot be combined with a sync token', async (location, params) => {
    const { token } = await listAll()
    expect(await refusal(list({ syncToken: token, ...params }))).toEqual({
      status: 400,
      reason: 'invalid',
      location,
    })
  })

  test('malformed tokens and those of another calendar are 400; expired ones and those before a change of sharing are 410', async () => {
    const gone = { status: 410, reason: 'fullSyncRequired', location: 'syncToken' }
    const { token } = await listAll()
    expect(await refusal(list({ syncToken: 'garbage' }))).toEqual({
      status: 400,
      reason: 'invalid',
      location: 'syncToken',
    })
    const primary = await olive.api.events.list({ calendarId: 'primary' })
    expect(await refusal(list({ syncToken: primary.data.nextSyncToken ?? '' }))).toMatchObject({
      status: 400,
    })
    await control(google.url, 'expire-sync-tokens', { body: { calendarId } })
    expect(await refusal(list({ syncToken: token }))).toEqual(gone)
    const fresh = (await listAll()).token
    expect((await list({ syncToken: fresh })).items).toEqual([])
    google.person.setAccess({ calendarId, email, role: 'writer' })
    expect(await refusal(list({ syncToken: fresh }))).toEqual(gone)
    const third = (await listAll()).token
    await control(google.url, 'clock', { body: { advanceSeconds: 29 * 86_400 } })
    olive = await connect(google.url, { email })
    expect(await refusal(list({ syncToken: third }))).toEqual(gone)
  })

  test('a delta can get a 410 between two pages', async () => {
    const { token } = await listAll()
    for (let day = 1; day <= 3; day++) make({ ...at(day), id: `event${day}` })
    const first = await list({ syncToken: token, maxResults: 2 })
    await control(google.url, 'expire-sync-tokens', {})
    const next = list({ syncToken: token, maxResults: 2, pageToken: first.nextPageToken ?? '' })
    expect((await refusal(next)).status).toBe(410)
  })

  test('a deleted series is one tombstone, or also one per exception, by switch', async () => {
    make({ ...at(1), id: 'series', recurrence: ['RRULE:FREQ=DAILY'] })
    const eventId = 'series_20260303T090000Z'
    google.person.change({ email, calendarId, eventId, changes: { summary: 'Other' } })
    const { token } = await listAll()
    google.person.remove({ email, calendarId, eventId: 'series' })
    expect(ids(await list({ syncToken: token }))).toEqual(['series'])
    google.person.restore({ email, calendarId, eventId: 'series' })
    expect((await list({ syncToken: token })).items).toMatchObject([
      { id: 'series', status: 'confirmed' },
      { id: eventId, status: 'confirmed', summary: 'Other' },
    ])
    await control(google.url, 'switches', { body: { cancelledMasterEmitsExceptions: true } })
    google.person.remove({ email, calendarId, eventId: 'series' })
    const both = await list({ syncToken: token })
    expect(both.items).toMatchObject([
      { id: 'series', status: 'cancelled' },
      { id: eventId, status: 'cancelled' },
    ])
  })
})

describe('calendars', () => {
  test('the list has roles and the primary calendar first; hidden calendars on request; deltas contain deletions', async () => {
    google.person.addCalendar({ email, summary: 'Holidays', kind: 'holidays' })
    const hidden = google.person.addCalendar({ email, summary: 'Hidden', hidden: true })
    const { data } = await olive.api.calendarList.list()
    expect(data.items).toMatchObject([
      { id: email, primary: true, accessRole: 'owner', timeZone: 'Europe/Berlin' },
      { id: calendarId, accessRole: 'owner', dataOwner: email },
      { summary: 'Holidays', accessRole: 'reader' },
    ])
    expect((await olive.api.calendarList.list({ showHidden: true })).data.items).toHaveLength(4)
    expect((await olive.api.calendarList.list({ minAccessRole: 'writer' })).data.items).toHaveLength(2)
    const small = await olive.api.calendarList.list({ maxResults: 2 })
    expect(small.data.nextSyncToken).toBeUndefined()
    const rest = await olive.api.calendarList.list({
      maxResults: 2,
      pageToken: small.data.nextPageToken ?? '',
    })
    google.person.deleteCalendar({ email, calendarId: hidden.id })
    const delta = await olive.api.calendarList.list({ syncToken: rest.data.nextSyncToken ?? '' })
    expect(delta.data.items).toMatchObject([{ id: hidden.id, deleted: true }])
    expect((await olive.api.calendarList.get({ calendarId: 'primary' })).data.id).toBe(email)
  })

  test('freeBusy merges overlapping events and reports errors per calendar', async () => {
    make(at(1))
    make(at(1, 10))
    make({ ...at(2), transparency: 'transparent' })
    make({ ...at(3), recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] })
    const scopes = ['openid', 'https://www.googleapis.com/auth/calendar.freebusy']
    const { api } = await connect(google.url, { email, scopes })
    const requestBody = {
      timeMin: '2026-03-01T00:00:00Z',
      timeMax: '2026-03-10T00:00:00Z',
      items: [{ id: calendarId }, { id: 'no@x.example' }],
    }
    const { data } = await api.freebusy.query({ requestBody })
    expect(data.calendars?.[calendarId]?.busy).toEqual([
      { start: '2026-03-01T09:00:00Z', end: '2026-03-01T11:00:00Z' },
      { start: '2026-03-03T09:00:00Z', end: '2026-03-03T10:00:00Z' },
      { start: '2026-03-04T09:00:00Z', end: '2026-03-04T10:00:00Z' },
    ])
    expect(data.calendars?.['no@x.example']?.errors).toMatchObject([{ reason: 'notFound' }])
    const far = { requestBody: { ...requestBody, timeMax: '2026-07-01T00:00:00Z' } }
    expect(await refusal(api.freebusy.query(far))).toMatchObject({ reason: 'timeRangeTooLong' })
    expect(await refusal(olive.api.freebusy.query({ requestBody }))).toEqual({
      status: 403,
      reason: 'insufficientPermissions',
    })
  })
})

test('the cost of a delta depends on the number of changes, not of events', async () => {
  const draft = { start: { date: '2026-03-01' }, end: { date: '2026-03-02' } }
  const fill = (count: number) => Array.from({ length: count }, () => make(draft))
  const readsOfDelta = async () => {
    const { token } = await listAll({ maxResults: 2500 })
    make(draft)
    const reads = countReads(google.world.state.calendars.get(calendarId))
    expect((await list({ syncToken: token })).items).toHaveLength(1)
    return reads.stop()
  }
  fill(500)
  const few = await readsOfDelta()
  expect(few).toBeGreaterThan(0)
  fill(10_000)
  // Binary search in the longer change log takes a few more steps.
  expect(await readsOfDelta()).toBeLessThan(few + 10)
})

/** Counts how many change log entries and events of a calendar are read from now on. */
const countReads = (calendar: CalendarStore | undefined) => {
  if (!calendar) throw new Error('No such calendar.')
  const { changeLog, events } = calendar
  let count = 0
  calendar.changeLog = new Proxy(changeLog, {
    get: (target, key) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) count++
      return Reflect.get(target, key)
    },
  })
  calendar.events = new Proxy(events, {
    get: (target, key) => {
      // `get` reads one event; iterating reads all of them.
      count += key === 'get' ? 1 : key === 'size' ? 0 : target.size
      const value = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const stop = () => {
    Object.assign(calendar, { changeLog, events })
    return count
  }
  return { stop }
}

test('a delta with other parameters than its first read is refused, unless a switch allows it', async () => {
  const { token } = await listAll({ eventTypes: ['default', 'focusTime'] })
  expect((await list({ syncToken: token, eventTypes: ['focusTime', 'default'] })).items).toEqual([])
  expect(await refusal(list({ syncToken: token }))).toMatchObject({ status: 400, location: 'syncToken' })
  await control(google.url, 'switches', { body: { differingSyncParameters: 'answer' } })
  expect((await list({ syncToken: token })).items).toEqual([])
})

test('a switch sets a quota per minute', async () => {
  make({ ...at(1), id: 'event1' })
  await control(google.url, 'switches', { body: { quotaPerMinute: 5 } })
  const patch = () => olive.api.events.patch({ calendarId, eventId: 'event1', requestBody: { summary: 'x' } })
  await patch()
  await list()
  expect(await refusal(patch())).toEqual({ status: 403, reason: 'rateLimitExceeded' })
  await control(google.url, 'clock', { body: { advanceSeconds: 61 } })
  expect((await patch()).status).toBe(200)
})
