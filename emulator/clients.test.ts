import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Connection, connect } from './connect.ts'
import { startGoogle } from './server.ts'

// The calls of open-source clients, in their order and with their parameters, through Google's own
// library. Those that send HTTP themselves are in plain-clients.test.ts.

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
