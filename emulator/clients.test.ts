import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { multipart, type Part, post, readAnswers } from './batch/batch-client.ts'
import { type Connection, connect } from './connect.ts'
import { startGoogle } from './server.ts'

// The calls of open-source clients, in their order and with their parameters: through Google's own
// library, or as plain HTTP if the client sends that.

const email = 'olive@example.com'
const google = await startGoogle()
let olive: Connection

beforeAll(async () => {
  google.person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
  const scopes = ['https://www.googleapis.com/auth/calendar']
  olive = await connect(google.url, { email, scopes })
})
afterAll(() => google.stop())

describe('Cal.com', () => {
  const range = { timeMin: '2027-03-01T00:00:00.000Z', timeMax: '2027-03-08T00:00:00.000Z' }

  test('lists the calendars it may show, with partial responses', async () => {
    const { data } = await olive.api.calendarList.list({
      fields: 'items(id,summary,primary,accessRole),nextPageToken',
    })
    expect(data).toEqual({ items: [{ id: email, summary: email, primary: true, accessRole: 'owner' }] })
  })

  test('books with a conference, reads busy times, reschedules and cancels', async () => {
    const { api } = olive
    const time = (hour: string) => ({ dateTime: `2027-03-02T${hour}:00:00Z`, timeZone: 'Europe/London' })
    const { data: booked } = await api.events.insert({
      calendarId: 'primary',
      conferenceDataVersion: 1,
      sendUpdates: 'none',
      requestBody: {
        summary: 'Intro call',
        description: 'Booked online',
        start: time('10'),
        end: time('11'),
        attendees: [
          { email, organizer: true, responseStatus: 'accepted' },
          { email: 'guest@example.org', displayName: 'Guest', responseStatus: 'accepted' },
        ],
        reminders: { useDefault: true },
        guestsCanSeeOtherGuests: true,
        iCalUID: 'booking-1@cal.example',
        conferenceData: {
          createRequest: { requestId: 'booking-1', conferenceSolutionKey: { type: 'hangoutsMeet' } },
        },
      },
    })
    expect(booked).toMatchObject({
      iCalUID: 'booking-1@cal.example',
      hangoutLink: expect.stringContaining('https://meet.google.com/'),
      conferenceData: { entryPoints: [{ entryPointType: 'video' }] },
      attendees: [{ email, self: true, organizer: true }, { email: 'guest@example.org' }],
    })
    const eventId = booked.id ?? ''
    const patched = await api.events.patch({
      calendarId: 'primary',
      eventId,
      conferenceDataVersion: 1,
      requestBody: {
        description: 'Booked online',
        location: booked.hangoutLink,
        conferenceData: booked.conferenceData,
      },
    })
    expect(patched.data.hangoutLink).toBe(booked.hangoutLink)

    const { data: free } = await api.freebusy.query({ requestBody: { ...range, items: [{ id: email }] } })
    expect(free.calendars?.[email]?.busy).toEqual([{ start: '2027-03-02T10:00:00Z', end: '2027-03-02T11:00:00Z' }])
    const { data: list } = await api.events.list({
      calendarId: email,
      singleEvents: true,
      orderBy: 'startTime',
      maxResults: 2500,
      ...range,
    })
    expect(list.items).toMatchObject([{ id: eventId }])

    const moved = await api.events.update({
      calendarId: 'primary',
      eventId,
      sendUpdates: 'none',
      conferenceDataVersion: 1,
      requestBody: { ...booked, start: time('14'), end: time('15') },
    })
    expect(moved.data).toMatchObject({
      start: { dateTime: '2027-03-02T15:00:00+01:00' },
      hangoutLink: booked.hangoutLink,
    })
    await api.events.delete({ calendarId: 'primary', eventId, sendUpdates: 'none' })
    const { data: after } = await api.freebusy.query({ requestBody: { ...range, items: [{ id: email }] } })
    expect(after.calendars?.[email]?.busy).toEqual([])
  })

  test('watches the calendar for its cache, and stops', async () => {
    const { data } = await olive.api.events.watch({
      calendarId: 'primary',
      requestBody: {
        id: 'a6d7f6a0-0000-4000-8000-000000000000',
        type: 'web_hook',
        address: 'http://127.0.0.1:9/webhook',
        token: 'secret',
        params: { ttl: '2592000' },
      },
    })
    expect(data).toMatchObject({ kind: 'api#channel', resourceId: expect.any(String) })
    const requestBody = { id: data.id, resourceId: data.resourceId }
    expect((await olive.api.channels.stop({ requestBody })).status).toBe(204)
  })
})

/** Plain HTTP, as clients without Google's library send it. */
const call = async (
  method: string,
  path: string,
  { query = {}, body }: { query?: Record<string, string>; body?: object } = {},
) => {
  const url = `${google.url}/calendar/v3/${path}?${new URLSearchParams(query)}`
  const headers = { authorization: `Bearer ${olive.accessToken}`, 'content-type': 'application/json' }
  const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  const text = await response.text()
  return { status: response.status, data: text ? JSON.parse(text) : null }
}

const timesOn = (day: number) => ({
  start: { dateTime: `2027-04-0${day}T09:00:00+02:00` },
  end: { dateTime: `2027-04-0${day}T10:00:00+02:00` },
})

describe('gcal_sync', () => {
  const calendar = encodeURIComponent(email)
  const fields =
    'kind,nextPageToken,nextSyncToken,items(id,iCalUID,summary,start,end,description,location,transparency,status,' +
    'eventType,visibility,attendees,attendeesOmitted,recurrence,recurringEventId,originalStartTime)'
  const list = (query: Record<string, string>) =>
    call('GET', `calendars/${calendar}/events`, { query: { maxResults: '1000', fields, ...query } })

  test('reads its calendars, and the events of one by start', async () => {
    const { data: calendars } = await call('GET', 'users/me/calendarList')
    expect(calendars).toMatchObject({ nextSyncToken: expect.any(String), items: [{ id: email, primary: true }] })
    expect((await call('GET', `calendars/${calendar}`)).data).toMatchObject({ id: email, timeZone: 'Europe/Berlin' })
    const query = { singleEvents: 'true', orderBy: 'startTime', timeMin: '2027-01-01T00:00:00+00:00' }
    expect((await list(query)).data).toMatchObject({ kind: 'calendar#events', items: [] })
  })

  test('syncs series and changes by token, and starts again when the token is gone', async () => {
    const recurrence = ['RRULE:FREQ=WEEKLY;COUNT=3']
    const times = {
      start: { dateTime: '2027-04-05T09:00:00', timeZone: 'Europe/Berlin' },
      end: { dateTime: '2027-04-05T10:00:00', timeZone: 'Europe/Berlin' },
    }
    const { data: series } = await call('POST', `calendars/${calendar}/events`, {
      body: { summary: 'Standup', ...times, recurrence },
    })
    const { data: first } = await list({})
    expect(first.items).toContainEqual(expect.objectContaining({ id: series.id, recurrence }))
    const { nextSyncToken: syncToken } = first
    const instance = `${series.id}_20270412T070000Z`
    await call('PATCH', `calendars/${calendar}/events/${instance}`, { body: { summary: 'Moved' } })
    const { data: delta } = await list({ syncToken })
    expect(delta.items).toMatchObject([{ id: instance, recurringEventId: series.id, summary: 'Moved' }])
    expect((await call('DELETE', `calendars/${calendar}/events/${series.id}`)).status).toBe(204)
    const { data: last } = await list({ syncToken: delta.nextSyncToken })
    expect(last.items).toContainEqual(expect.objectContaining({ id: series.id, status: 'cancelled' }))
    google.world.faults.push({
      match: { operation: 'events.list' },
      ...{ kind: 'status', status: 410, reason: 'fullSyncRequired', times: 1 },
    })
    expect(await list({ syncToken: last.nextSyncToken })).toMatchObject({ status: 410 })
    expect((await list({})).data.nextSyncToken).toEqual(expect.any(String))
  })
})

describe('keeper.sh', () => {
  const path = `/calendar/v3/calendars/${encodeURIComponent(email)}/events`
  const type = { 'Content-Type': 'application/json' }
  const batch = async (...parts: Omit<Part, 'id'>[]) => {
    const body = multipart(parts.map((part, n) => ({ ...part, id: `<item-${n}>` })))
    return readAnswers(await post(google.url, { token: olive.accessToken, body }))
  }
  const copy = (n: number) => ({ iCalUID: `${n}@keeper.sh`, summary: `Copy ${n}`, ...timesOn(n) })
  const insert = (n: number) => ({ method: 'POST', path, headers: type, body: copy(n) })
  const find = (n: number) => ({ method: 'GET', path: `${path}?iCalUID=${n}%40keeper.sh&showDeleted=true` })

  test('inserts in a batch, finds what is there already by its UID, and deletes it', async () => {
    expect(await batch(insert(1), insert(2))).toMatchObject([
      { id: '<response-item-0>', status: 200, body: { iCalUID: '1@keeper.sh' } },
      { id: '<response-item-1>', status: 200, body: { iCalUID: '2@keeper.sh' } },
    ])
    expect(await batch(insert(1))).toMatchObject([{ status: 409, body: { error: { code: 409 } } }])
    const [found] = await batch(find(1))
    const { items = [] } = (found?.body ?? {}) as { items?: { id: string }[] }
    const remove = { method: 'DELETE', path: `${path}/${items[0]?.id}` }
    expect(await batch(remove)).toMatchObject([{ status: 204 }])
    expect(await batch(remove)).toMatchObject([{ status: 410 }])
  })

  test('reads a window in pages, then what changed', async () => {
    const window = { timeMin: '2027-04-01T00:00:00.000Z', timeMax: '2029-04-01T00:00:00.000Z' }
    const read = (query: Record<string, string>) =>
      call('GET', `calendars/${encodeURIComponent(email)}/events`, { query: { singleEvents: 'true', ...query } })
    const { data: whole } = await read({ maxResults: '250', ...window })
    expect(whole.items.map(({ iCalUID }: { iCalUID: string }) => iCalUID)).toContain('2@keeper.sh')
    const [gone] = whole.items
    await batch({ method: 'DELETE', path: `${path}/${gone.id}` })
    const { data: delta } = await read({ maxResults: '250', syncToken: whole.nextSyncToken })
    expect(delta.items).toMatchObject([{ id: gone.id, status: 'cancelled' }])
  })
})
