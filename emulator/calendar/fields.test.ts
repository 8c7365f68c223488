import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Connection, connect, refusal } from '../connect.ts'
import { startGoogle } from '../server.ts'

const email = 'olive@example.com'
const private1 = { mine: '1', also: '2', others: '3' }
const attendees = [
  { email, responseStatus: 'accepted' as const },
  { email: 'guest@example.com', displayName: 'Guest' },
]

const google = await startGoogle()
let olive: Connection

beforeAll(async () => {
  google.person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
  const time = (hour: string) => ({ dateTime: `2026-03-02T${hour}:00:00Z`, timeZone: 'UTC' })
  const event = { id: 'event', summary: 'Clinic', start: time('09'), end: time('10'), attendees }
  google.person.create({
    ...{ email, calendarId: 'primary' },
    event: { ...event, extendedProperties: { private: private1 } },
  })
  olive = await connect(google.url, { email })
})
afterAll(() => google.stop())

const list = async (fields: string) => (await olive.api.events.list({ calendarId: 'primary', fields })).data

describe('a partial response of events.list', () => {
  test.each([
    [
      'items(id,start/dateTime),accessRole',
      { accessRole: 'owner', items: [{ id: 'event', start: expect.anything() }] },
    ],
    ['items/id', { items: [{ id: 'event' }] }],
    [
      'items(attendees(self,responseStatus))',
      { items: [{ attendees: [{ self: true, responseStatus: 'accepted' }, { responseStatus: 'needsAction' }] }] },
    ],
    ['items/attendees/email', { items: [{ attendees: attendees.map((each) => ({ email: each.email })) }] }],
    ['items(extendedProperties/private)', { items: [{ extendedProperties: { private: private1 } }] }],
    [
      'items/extendedProperties/private(mine,also)',
      { items: [{ extendedProperties: { private: { mine: '1', also: '2' } } }] },
    ],
    [
      'items/extendedProperties/private/mine,items/id',
      { items: [{ id: 'event', extendedProperties: { private: { mine: '1' } } }] },
    ],
    ['items/extendedProperties(private(none))', { items: [{ extendedProperties: { private: {} } }] }],
    ['items/extendedProperties/*/mine', { items: [{ extendedProperties: { private: { mine: '1' } } }] }],
  ])('%s', async (fields, body) => {
    expect(await list(fields)).toEqual(body)
  })

  test('with * has everything', async () => {
    expect((await list('items/*')).items).toEqual((await list('*')).items)
    expect(await list('items/*')).toMatchObject({ items: [{ summary: 'Clinic', etag: expect.any(String) }] })
  })

  test.each([
    'nonsense',
    'items(id',
    'items(id))',
    'items/',
    'items()',
    'items(id,)',
    ',',
    'items(nonsense)',
    'items((id))',
  ])('is refused for %s', async (fields) => {
    const params = { calendarId: 'primary', fields }
    expect(await refusal(olive.api.events.list(params))).toMatchObject({ status: 400, reason: 'invalidParameter' })
  })
})

test('scopes that only read allow to list, get and watch events, and no write', async () => {
  const only = ['calendar.events.readonly', 'calendar.calendarlist.readonly']
  const scopes = only.map((scope) => `https://www.googleapis.com/auth/${scope}`)
  const person = 'mia@example.com'
  google.person.addAccount({ email: person, name: 'Mia', timeZone: 'Europe/Berlin' })
  const at = { calendarId: 'primary', eventId: 'own' }
  const time = { dateTime: '2026-03-02T09:00:00Z', timeZone: 'UTC' }
  google.person.create({ email: person, calendarId: 'primary', event: { id: 'own', start: time, end: time } })
  const { api } = await connect(google.url, { email: person, scopes })
  expect((await api.calendarList.list()).data.items).toHaveLength(1)
  expect((await api.events.list({ calendarId: 'primary' })).data.items).toMatchObject([{ id: 'own' }])
  expect((await api.events.get(at)).data).toMatchObject({ id: 'own' })
  const requestBody = { id: 'channel', type: 'web_hook', address: 'https://127.0.0.1:1/hook' }
  const channel = (await api.events.watch({ calendarId: 'primary', requestBody })).data
  await api.channels.stop({ requestBody: { id: channel.id, resourceId: channel.resourceId } })
  const refused = { status: 403, reason: 'insufficientPermissions' }
  for (const write of [
    api.events.insert({ calendarId: 'primary', requestBody: { start: time, end: time } }),
    api.events.patch({ ...at, requestBody: { summary: 'Changed' } }),
    api.events.update({ ...at, requestBody: { start: time, end: time } }),
    api.events.delete(at),
    api.events.move({ ...at, destination: 'primary' }),
    api.events.import({ calendarId: 'primary', requestBody: { iCalUID: 'x@y', start: time, end: time } }),
    api.events.quickAdd({ calendarId: 'primary', text: 'Lunch' }),
    api.calendarList.insert({ requestBody: { id: email } }),
  ])
    expect(await refusal(write)).toEqual(refused)
})
