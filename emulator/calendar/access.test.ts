import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type Connection, connect, refusal } from '../connect.ts'
import type { AccessRole } from '../model.ts'
import { startGoogle } from '../server.ts'
import { control, expectNoForeignWrites } from '../testing.ts'

const olive = 'olive@example.com'
const mia = 'mia@example.com'
const timed = { start: { dateTime: '2026-03-02T09:00:00Z' }, end: { dateTime: '2026-03-02T10:00:00Z' } }

const google = await startGoogle()
const { person } = google
let calendarId: string
let hers: Connection

beforeEach(async () => {
  await control(google.url, 'reset')
  person.addAccount({ email: olive, name: 'Olive', timeZone: 'Europe/Berlin' })
  person.addAccount({ email: mia, name: 'Mia', timeZone: 'Europe/Berlin' })
  calendarId = person.addCalendar({ email: olive, summary: 'Work' }).id
  person.addCalendar({ email: mia, id: calendarId, summary: 'Work', accessRole: 'writer' })
  hers = await connect(google.url, { email: mia })
})
afterAll(() => google.stop())

const list = async (connection: Connection, params: object = {}) =>
  (await connection.api.events.list({ calendarId, ...params })).data
const setAccess = (role: AccessRole | 'none') =>
  control(google.url, 'person/setAccess', { body: { calendarId, email: mia, role } })
const switches = (body: object) => control(google.url, 'switches', { body })

describe('access that narrows', () => {
  beforeEach(async () => {
    for (const [id, visibility] of [
      ['private', 'private'],
      ['public', 'default'],
    ] as const) {
      await hers.api.events.insert({
        calendarId,
        requestBody: {
          ...timed,
          id: `0${id}`,
          summary: id,
          visibility,
          location: 'Harbour',
          extendedProperties: { private: { mark: '1' } },
        },
      })
    }
  })

  test.each([
    ['writerWithoutPrivateAccess', [undefined, 'public']],
    ['reader', [undefined, 'public']],
    ['freeBusyReader', [undefined, undefined]],
  ] as const)('%s sees less', async (role, summaries) => {
    await setAccess(role)
    const { items = [], accessRole } = await list(hers)
    expect([accessRole, items.map(({ summary }) => summary)]).toEqual([role, summaries])
    const [stripped] = items
    expect(stripped?.start?.dateTime).toBe('2026-03-02T10:00:00+01:00')
    for (const name of ['location', 'attendees', 'extendedProperties', 'organizer', 'creator'])
      expect(stripped).not.toHaveProperty(name)
    if (role !== 'freeBusyReader') expect(stripped?.visibility).toBe('private')
  })

  test('a writer without access to private events changes only the others', async () => {
    await setAccess('writerWithoutPrivateAccess')
    const patch = (eventId: string) => hers.api.events.patch({ calendarId, eventId, requestBody: { summary: 'New' } })
    expect(await refusal(patch('0private'))).toEqual({ status: 403, reason: 'forbidden' })
    expect((await patch('0public')).data.summary).toBe('New')
    await switches({ privateWrites: 'allow' })
    expect((await patch('0private')).data).not.toHaveProperty('summary')
    expect(person.event({ email: olive, calendarId, eventId: '0private' })).toMatchObject({ summary: 'New' })
  })

  test('readers write nothing; without a role the calendar does not exist and leaves the list', async () => {
    const insert = () => refusal(hers.api.events.insert({ calendarId, requestBody: timed }))
    await setAccess('reader')
    expect(await insert()).toEqual({ status: 403, reason: 'requiredAccessLevel' })
    await setAccess('none')
    expect(await insert()).toEqual({ status: 404, reason: 'notFound' })
    expect(await refusal(list(hers))).toEqual({ status: 404, reason: 'notFound' })
    expect((await hers.api.calendarList.list()).data.items?.map(({ id }) => id)).toEqual([mia])
    await setAccess('writer')
    expect((await list(hers)).items).toHaveLength(2)
    const boss = control(google.url, 'person/setAccess', { body: { calendarId, email: mia, role: 'boss' } })
    await expect(boss).rejects.toThrow('no role boss')
  })

  test('a change of access invalidates sync tokens, unless the switch says otherwise', async () => {
    const { nextSyncToken: first } = await list(hers)
    await setAccess('reader')
    expect(await refusal(list(hers, { syncToken: first }))).toMatchObject({ status: 410 })
    await switches({ accessChangeExpiresTokens: false })
    const { nextSyncToken: second } = await list(hers)
    for (const role of ['writerWithoutPrivateAccess', 'freeBusyReader'] as const) {
      await setAccess(role)
      const delta = await list(hers, { syncToken: second })
      expect(delta).toMatchObject({ accessRole: role, items: [] })
    }
  })
})

test('two accounts write to one calendar, each with its own sync tokens', async () => {
  const ours = await connect(google.url, { email: olive })
  const { data } = await ours.api.events.insert({ calendarId, requestBody: { ...timed, summary: 'Ours' } })
  const eventId = data.id ?? ''
  const { items, nextSyncToken } = await list(hers)
  expect(items).toMatchObject([
    { id: eventId, organizer: { email: calendarId, self: true }, creator: { email: olive } },
  ])
  await hers.api.events.patch({ calendarId, eventId, requestBody: { summary: 'Hers' } })
  const stale = { headers: { 'If-Match': data.etag ?? '' } }
  const late = ours.api.events.patch({ calendarId, eventId, requestBody: { summary: 'Late' } }, stale)
  expect(await refusal(late)).toMatchObject({ status: 412 })
  expect((await list(hers, { syncToken: nextSyncToken })).items).toMatchObject([{ summary: 'Hers' }])
  expect(await refusal(list(ours, { syncToken: nextSyncToken }))).toMatchObject({ status: 400 })
  await expectNoForeignWrites(google.url)
})

describe('an alias of an account', () => {
  const alias = 'office@harbour.example'
  const at = { email: olive, calendarId: 'primary' }
  const busy = async () => {
    const scopes = ['https://www.googleapis.com/auth/calendar.readonly']
    const { api } = await connect(google.url, { email: olive, scopes })
    const requestBody = {
      timeMin: '2026-03-01T00:00:00Z',
      timeMax: '2026-03-09T00:00:00Z',
      items: [{ id: olive }],
    }
    return (await api.freebusy.query({ requestBody })).data.calendars?.[olive]?.busy
  }

  beforeEach(() => control(google.url, 'person/setAliases', { body: { email: olive, aliases: [alias] } }))

  test('is self among the guests and as the organizer', () => {
    const attendees = [{ email: mia }, { email: 'Office@Harbour.example', responseStatus: 'accepted' as const }]
    const event = person.create({ ...at, event: { ...timed, attendees, organizer: { email: alias } } })
    expect(event.attendees).toMatchObject([{ email: mia }, { email: 'Office@Harbour.example', self: true }])
    expect(event.organizer).toMatchObject({ email: alias, self: true })
    expect(event.attendees?.[0]).not.toHaveProperty('self')
  })

  test('receives invitations, answers them and decides whether the owner is busy', async () => {
    const event = person.create({
      email: mia,
      calendarId: 'primary',
      event: { ...timed, id: 'invited', attendees: [{ email: alias }] },
    })
    expect(event.attendees).toMatchObject([{ email: alias }])
    expect(await busy()).toHaveLength(1)
    person.respond({ ...at, eventId: 'invited', responseStatus: 'declined' })
    expect(person.event({ email: mia, calendarId: 'primary', eventId: 'invited' })?.attendees).toMatchObject([
      { email: alias, responseStatus: 'declined' },
    ])
    expect(await busy()).toEqual([])
  })
})
