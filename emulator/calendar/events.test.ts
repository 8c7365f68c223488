import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Connection, connect, refusal } from '../connect.ts'
import { type Google, startGoogle } from '../server.ts'

const email = 'olive@example.com'
const timed = {
  start: { dateTime: '2026-03-02T09:00:00+01:00', timeZone: 'Europe/Berlin' },
  end: { dateTime: '2026-03-02T10:00:00+01:00', timeZone: 'Europe/Berlin' },
}

let google: Google
let olive: Connection
let calendarId: string

beforeAll(async () => {
  google = await startGoogle()
  google.person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
  google.person.addAccount({ email: 'mia@example.com', name: 'Mia', timeZone: 'Europe/Berlin' })
  calendarId = google.person.addCalendar({ email, summary: 'Work' }).id
  olive = await connect(google.url, { email })
})
afterAll(() => google.stop())

const insert = (requestBody: object, more: object = {}) => olive.api.events.insert({ calendarId, requestBody, ...more })
const invalidId = (id: string) => refusal(insert({ ...timed, id }))

describe('insert', () => {
  test('returns the whole resource without default values, with times in the calendar’s zone', async () => {
    const { data } = await insert({
      ...timed,
      summary: 'Fix tap',
      transparency: 'opaque',
      guestsCanModify: false,
    })
    expect(data).toMatchObject({
      kind: 'calendar#event',
      status: 'confirmed',
      summary: 'Fix tap',
      creator: { email },
      organizer: { email: calendarId, displayName: 'Work', self: true },
      start: { dateTime: '2026-03-02T09:00:00+01:00', timeZone: 'Europe/Berlin' },
      sequence: 0,
      reminders: { useDefault: true },
      eventType: 'default',
    })
    expect(data.id).toMatch(/^[0-9a-v]{26}$/)
    expect(data.iCalUID).toBe(`${data.id}@google.com`)
    expect(data.etag).toMatch(/^"\d+"$/)
    expect(data.updated).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    for (const absent of ['transparency', 'guestsCanModify', 'visibility', 'attendees', 'description']) {
      expect(data).not.toHaveProperty(absent)
    }
  })

  test('refuses invalid ids, existing ids and ids of deleted events', async () => {
    expect(await invalidId('abc')).toMatchObject({ status: 400, reason: 'invalid' })
    expect(await invalidId('UPPERCASE')).toMatchObject({ status: 400, reason: 'invalid' })
    expect(await invalidId('wxyz1')).toMatchObject({ status: 400, reason: 'invalid' })
    await insert({ ...timed, id: 'taken0' })
    expect(await invalidId('taken0')).toEqual({ status: 409, reason: 'duplicate' })
    await olive.api.events.delete({ calendarId, eventId: 'taken0' })
    expect(await invalidId('taken0')).toEqual({ status: 409, reason: 'duplicate' })
    const elsewhere = await olive.api.events.insert({
      calendarId: 'primary',
      requestBody: { ...timed, id: 'taken0' },
    })
    expect(elsewhere.data.id).toBe('taken0')
  })

  test('refuses invalid times and recurrence', async () => {
    const refused = (body: object) => refusal(insert(body))
    const { start } = timed
    expect(await refused({ start, end: start })).toEqual({ status: 400, reason: 'timeRangeEmpty' })
    expect(await refused({ start: { date: '2026-03-02' }, end: { date: '2026-03-02' } })).toMatchObject({
      reason: 'timeRangeEmpty',
    })
    expect(await refused({ start })).toMatchObject({ status: 400, reason: 'required' })
    expect(await refused({ start, end: { date: '2026-03-03' } })).toMatchObject({
      status: 400,
      reason: 'invalid',
    })
    expect(await refused({ start: { dateTime: '2026-03-02T09:00:00' }, end: timed.end })).toMatchObject({
      reason: 'required',
    })
    expect(await refused({ ...timed, start: { ...start, timeZone: 'Mars/Base' } })).toMatchObject({
      reason: 'invalid',
    })
    const noZone = { start: { dateTime: '2026-03-02T09:00:00Z' }, end: { dateTime: '2026-03-02T10:00:00Z' } }
    expect(await refused({ ...noZone, recurrence: ['RRULE:FREQ=DAILY'] })).toMatchObject({
      reason: 'required',
    })
    expect(await refused({ ...timed, recurrence: ['RRULE:FREQ=SOMETIMES'] })).toMatchObject({
      reason: 'invalid',
    })
    expect(await refused({ ...timed, recurrence: ['RRULE:FREQ=DAILY;COUNT=2;UNTIL=20270101T000000Z'] })).toMatchObject({
      reason: 'invalid',
    })
  })

  test('enforces the limits of extended properties', async () => {
    const { data } = await insert({
      ...timed,
      extendedProperties: { private: { ['k'.repeat(45)]: 'gone', fits: 'v'.repeat(1100) }, shared: {} },
    })
    expect(data.extendedProperties).toEqual({ private: { fits: 'v'.repeat(1024) } })
    const many = Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`k${index}`, 'v']))
    expect(await refusal(insert({ ...timed, extendedProperties: { private: many } }))).toMatchObject({
      status: 400,
    })
  })

  test('marks the calendar’s own guest and shortens guest lists to maxAttendees', async () => {
    const attendees = [{ email }, { email: 'a@x.example' }, { email: 'b@x.example', displayName: 'B', optional: true }]
    const { data } = await olive.api.events.insert({
      calendarId: 'primary',
      requestBody: { ...timed, attendees },
    })
    expect(data.attendees).toEqual([
      { email, responseStatus: 'needsAction', organizer: true, self: true },
      { email: 'a@x.example', responseStatus: 'needsAction' },
      { email: 'b@x.example', displayName: 'B', optional: true, responseStatus: 'needsAction' },
    ])
    const short = await olive.api.events.get({
      calendarId: 'primary',
      eventId: data.id ?? '',
      maxAttendees: 1,
    })
    expect(short.data).toMatchObject({ attendeesOmitted: true, attendees: [{ email, self: true }] })
  })

  test('creates video links only with conferenceDataVersion', async () => {
    const conferenceData = {
      createRequest: { requestId: 'r1', conferenceSolutionKey: { type: 'hangoutsMeet' } },
    }
    expect((await insert({ ...timed, conferenceData })).data.hangoutLink).toBeUndefined()
    const { data } = await insert({ ...timed, conferenceData }, { conferenceDataVersion: 1 })
    expect(data.hangoutLink).toMatch(/^https:\/\/meet\.google\.com\//)
    const patched = await olive.api.events.patch({
      calendarId,
      eventId: data.id ?? '',
      requestBody: { summary: 'Call' },
    })
    expect(patched.data.conferenceData).toEqual(data.conferenceData)
  })
})

describe('change', () => {
  test('PATCH merges, clears with null and replaces arrays; PUT resets missing fields', async () => {
    const made = await insert({
      ...timed,
      summary: 'One',
      location: 'Here',
      attendees: [{ email: 'a@x.example' }, { email: 'b@x.example' }],
      extendedProperties: { private: { one: '1', two: '2' } },
    })
    const eventId = made.data.id ?? ''
    const patched = await olive.api.events.patch({
      calendarId,
      eventId,
      requestBody: {
        location: null,
        attendees: [{ email: 'c@x.example' }],
        extendedProperties: { private: { one: null, three: '3' } } as never,
      },
    })
    expect(patched.data).toMatchObject({ summary: 'One', attendees: [{ email: 'c@x.example' }], sequence: 1 })
    expect(patched.data.extendedProperties).toEqual({ private: { two: '2', three: '3' } })
    expect(patched.data).not.toHaveProperty('location')
    expect(patched.data.etag).not.toBe(made.data.etag)
    const put = await olive.api.events.update({
      calendarId,
      eventId,
      requestBody: { ...timed, location: 'There' },
    })
    expect(put.data).toMatchObject({ location: 'There' })
    for (const reset of ['summary', 'attendees', 'extendedProperties']) expect(put.data).not.toHaveProperty(reset)
    expect(
      await refusal(olive.api.events.update({ calendarId, eventId, requestBody: { summary: 'x' } })),
    ).toMatchObject({ reason: 'required' })
  })

  test('a patch from timed to all-day must clear dateTime', async () => {
    const { data } = await insert(timed)
    const patch = (requestBody: object) => olive.api.events.patch({ calendarId, eventId: data.id ?? '', requestBody })
    const dates = { start: { date: '2026-03-02' }, end: { date: '2026-03-03' } }
    expect(await refusal(patch(dates))).toMatchObject({ status: 400, reason: 'invalid' })
    const none = { dateTime: null, timeZone: null }
    const changed = await patch({ start: { ...dates.start, ...none }, end: { ...dates.end, ...none } })
    expect(changed.data).toMatchObject(dates)
  })

  test('a stale If-Match gets 412; a matching If-None-Match gets 304', async () => {
    const { data } = await insert(timed)
    const eventId = data.id ?? ''
    const withHeader = (name: string, value: string) => ({ headers: { [name]: value } })
    const first = await olive.api.events.patch(
      { calendarId, eventId, requestBody: { summary: 'A' } },
      withHeader('If-Match', data.etag ?? ''),
    )
    const stale = { status: 412, reason: 'conditionNotMet', location: 'If-Match' }
    const old = withHeader('If-Match', data.etag ?? '')
    expect(await refusal(olive.api.events.patch({ calendarId, eventId, requestBody: { summary: 'B' } }, old))).toEqual(
      stale,
    )
    expect(await refusal(olive.api.events.delete({ calendarId, eventId }, old))).toEqual(stale)
    const url = `${google.url}/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events/${eventId}`
    const headers = { authorization: `Bearer ${olive.accessToken}`, 'if-none-match': first.data.etag ?? '' }
    const unchanged = await fetch(url, { headers })
    expect(unchanged.status).toBe(304)
    expect(unchanged.headers.get('etag')).toBe(first.data.etag)
  })

  test('changing only reminders changes the etag but not `updated`', async () => {
    const { data } = await insert(timed)
    const requestBody = { reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] } }
    const changed = await olive.api.events.patch({ calendarId, eventId: data.id ?? '', requestBody })
    expect(changed.data.updated).toBe(data.updated)
    expect(changed.data.etag).not.toBe(data.etag)
    expect(changed.data.sequence).toBe(data.sequence)
  })

  test('a sequence below the current one is refused', async () => {
    const { data } = await insert({ ...timed, sequence: 4 })
    const call = olive.api.events.update({
      calendarId,
      eventId: data.id ?? '',
      requestBody: { ...timed, sequence: 3 },
    })
    expect(await refusal(call)).toMatchObject({ status: 400, reason: 'invalid' })
  })
})

describe('delete', () => {
  test('gives 204, then 410; get still works; unknown ids get 404; status confirmed restores the event', async () => {
    const { data } = await insert({ ...timed, summary: 'Gone' })
    const eventId = data.id ?? ''
    expect((await olive.api.events.delete({ calendarId, eventId })).status).toBe(204)
    expect(await refusal(olive.api.events.delete({ calendarId, eventId }))).toEqual({
      status: 410,
      reason: 'deleted',
    })
    expect((await olive.api.events.get({ calendarId, eventId })).data).toMatchObject({
      status: 'cancelled',
      summary: 'Gone',
    })
    const restored = await olive.api.events.patch({
      calendarId,
      eventId,
      requestBody: { status: 'confirmed' },
    })
    expect(restored.data).toMatchObject({ id: eventId, status: 'confirmed', summary: 'Gone' })
    expect(await refusal(olive.api.events.get({ calendarId, eventId: 'neverwas' }))).toEqual({
      status: 404,
      reason: 'notFound',
    })
    expect(await refusal(olive.api.events.delete({ calendarId, eventId: 'neverwas' }))).toMatchObject({
      status: 404,
    })
  })

  test.each([403, 404, 410] as const)('a switch refuses writes to deleted events with %i', async (status) => {
    const { data } = await insert(timed)
    const eventId = data.id ?? ''
    await olive.api.events.delete({ calendarId, eventId })
    google.world.state.switches.writeToDeleted = status
    const call = olive.api.events.patch({ calendarId, eventId, requestBody: { status: 'confirmed' } })
    expect((await refusal(call)).status).toBe(status)
    google.world.state.switches.writeToDeleted = 'restore'
  })
})

describe('event types, import and move', () => {
  test('event types other than default have their own restrictions', async () => {
    const primary = (requestBody: object) => olive.api.events.insert({ calendarId: 'primary', requestBody })
    expect(await refusal(insert({ ...timed, eventType: 'outOfOffice' }))).toMatchObject({ status: 400 })
    const days = { start: { date: '2026-03-02' }, end: { date: '2026-03-03' } }
    expect(await refusal(primary({ ...days, eventType: 'outOfOffice' }))).toMatchObject({ status: 400 })
    expect((await primary({ ...timed, eventType: 'focusTime' })).data.eventType).toBe('focusTime')
    expect(await refusal(primary({ ...timed, eventType: 'fromGmail' }))).toMatchObject({
      reason: 'eventTypeRestriction',
    })
    const birthday = google.person.create({
      email,
      calendarId: 'primary',
      event: {
        ...days,
        summary: 'Mia',
        eventType: 'birthday',
        visibility: 'private',
        transparency: 'transparent',
        recurrence: ['RRULE:FREQ=YEARLY'],
      },
    })
    const change = (requestBody: object, eventId = birthday.id) =>
      olive.api.events.patch({ calendarId: 'primary', eventId, requestBody })
    expect((await change({ summary: 'Mia’s birthday' })).data.summary).toBe('Mia’s birthday')
    expect(await refusal(change({ location: 'Here' }))).toEqual({
      status: 400,
      reason: 'eventTypeRestriction',
    })
    expect(await refusal(change({ eventType: 'default' }))).toMatchObject({ reason: 'eventTypeRestriction' })
    const instance = olive.api.events.delete({ calendarId: 'primary', eventId: `${birthday.id}_20270302` })
    expect(await refusal(instance)).toEqual({ status: 400, reason: 'eventTypeRestriction' })
  })

  test('import upserts by iCalUID; move leaves a stub with only the id', async () => {
    const requestBody = {
      ...timed,
      iCalUID: 'abc@else.example',
      summary: 'Theirs',
      organizer: { email: 'x@else.example' },
    }
    const first = await olive.api.events.import({ calendarId, requestBody })
    expect(first.data.id).toMatch(/^_[0-9a-v]+$/)
    const again = await olive.api.events.import({
      calendarId,
      requestBody: { ...requestBody, summary: 'Changed' },
    })
    expect(again.data).toMatchObject({
      id: first.data.id,
      summary: 'Changed',
      organizer: { email: 'x@else.example' },
    })
    const { data } = await insert(timed)
    const eventId = data.id ?? ''
    const moved = await olive.api.events.move({ calendarId, eventId, destination: 'primary' })
    expect(moved.data).toMatchObject({ id: eventId, organizer: { email, self: true } })
    const stub = await olive.api.events.get({ calendarId, eventId })
    expect(Object.keys(stub.data).sort()).toEqual(['etag', 'id', 'kind', 'status'])
  })
})

describe('roles and copies', () => {
  test('a reader gets private events without details and cannot write', async () => {
    const mia = await connect(google.url, { email: 'mia@example.com' })
    google.person.addCalendar({ email: 'mia@example.com', id: calendarId, summary: '', accessRole: 'reader' })
    const { data } = await insert({ ...timed, summary: 'Secret', visibility: 'private' })
    const read = await mia.api.events.get({ calendarId, eventId: data.id ?? '' })
    expect(read.data).toMatchObject({ visibility: 'private', status: 'confirmed' })
    expect(read.data).not.toHaveProperty('summary')
    const write = mia.api.events.insert({ calendarId, requestBody: timed })
    expect(await refusal(write)).toEqual({ status: 403, reason: 'requiredAccessLevel' })
    google.person.unshare({ calendarId, email: 'mia@example.com' })
    expect(await refusal(mia.api.events.list({ calendarId }))).toEqual({ status: 404, reason: 'notFound' })
  })

  test('guests with an account get a copy and their response is copied back; only the organizer sets guest permissions', async () => {
    const mia = await connect(google.url, { email: 'mia@example.com' })
    const { data } = await insert({
      ...timed,
      summary: 'Job',
      attendees: [{ email: 'mia@example.com' }],
      colorId: '5',
    })
    const eventId = data.id ?? ''
    const copy = await mia.api.events.get({ calendarId: 'primary', eventId })
    expect(copy.data).toMatchObject({
      summary: 'Job',
      organizer: { email: calendarId },
      attendees: [{ self: true }],
    })
    expect(copy.data).not.toHaveProperty('colorId')
    const flags = mia.api.events.patch({
      calendarId: 'primary',
      eventId,
      requestBody: { guestsCanModify: true },
    })
    expect(await refusal(flags)).toEqual({ status: 403, reason: 'forbiddenForNonOrganizer' })
    google.person.respond({
      email: 'mia@example.com',
      calendarId: 'primary',
      eventId,
      responseStatus: 'declined',
    })
    const own = await olive.api.events.get({ calendarId, eventId })
    expect(own.data.attendees).toMatchObject([{ email: 'mia@example.com', responseStatus: 'declined' }])
    await olive.api.events.delete({ calendarId, eventId })
    expect((await mia.api.events.get({ calendarId: 'primary', eventId })).data.status).toBe('cancelled')
  })
})

test('supports partial responses, gzip, pretty printing and timeZone', async () => {
  const { data } = await insert({ ...timed, summary: 'Fields', description: 'x'.repeat(3000) })
  const get = (query: string, headers: object = {}) =>
    fetch(`${google.url}/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events/${data.id}?${query}`, {
      headers: { authorization: `Bearer ${olive.accessToken}`, ...headers },
    })
  const small = await get('fields=id,start/dateTime&prettyPrint=false')
  expect(await small.text()).toBe(`{"id":"${data.id}","start":{"dateTime":"2026-03-02T09:00:00+01:00"}}`)
  expect(small.headers.get('content-type')).toBe('application/json; charset=UTF-8')
  expect(small.headers.get('cache-control')).toBe('no-cache, no-store, max-age=0, must-revalidate')
  expect((await get('fields=nonsense')).status).toBe(400)
  const zipped = await get('', { 'accept-encoding': 'gzip' })
  expect(zipped.headers.get('content-encoding')).toBe('gzip')
  expect(await zipped.json()).toMatchObject({ summary: 'Fields' })
  const elsewhere = (await (await get('timeZone=America/New_York')).json()) as { start: object }
  expect(elsewhere.start).toEqual({ dateTime: '2026-03-02T03:00:00-05:00', timeZone: 'Europe/Berlin' })
})
