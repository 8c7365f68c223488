import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type Connection, connect, refusal } from '../connect.ts'
import { startGoogle } from '../server.ts'
import { control } from '../testing.ts'
import { busySpans } from './free-busy.ts'

const email = 'olive@example.com'
const calendarId = 'primary'
const at = { email, calendarId }
const berlin = (dateTime: string) => ({ dateTime, timeZone: 'Europe/Berlin' })
const timed = { start: berlin('2027-03-01T09:00:00'), end: berlin('2027-03-01T10:00:00') }
const allDay = { start: { date: '2027-03-01' }, end: { date: '2027-03-02' } }
const moment = { start: timed.start, end: timed.start }

const google = await startGoogle()
const { person } = google
let olive: Connection

beforeEach(async () => {
  await control(google.url, 'reset')
  person.addAccount({ email, name: 'Olive', timeZone: 'Europe/Berlin' })
  olive = await connect(google.url, { email })
})
afterAll(() => google.stop())

const insert = (requestBody: object) => olive.api.events.insert({ calendarId, requestBody })
const patch = (eventId: string, requestBody: object) => olive.api.events.patch({ calendarId, eventId, requestBody })
const update = (eventId: string, requestBody: object) => olive.api.events.update({ calendarId, eventId, requestBody })

describe('times that do not exist', () => {
  test.each([
    { start: { date: '2027-02-30' }, end: { date: '2027-03-05' } },
    { start: { date: '2027-02-28' }, end: { date: '2027-02-29' } },
    { start: { date: '0000-01-01' }, end: { date: '2027-02-28' } },
    { start: berlin('2027-02-30T09:00:00'), end: timed.end },
    { start: berlin('2027-02-30T09:00:00+01:00'), end: timed.end },
    { start: berlin('2027-04-31T09:00:00Z'), end: berlin('2027-05-31T09:00:00Z') },
    { start: berlin('2027-03-01T25:00:00'), end: timed.end },
  ])('$start of an event', async (times) => {
    expect(await refusal(insert(times))).toMatchObject({ status: 400, reason: 'invalid' })
  })

  test.each(['timeMin', 'timeMax', 'updatedMin'])('30 February as %s', async (name) => {
    const call = olive.api.events.list({ calendarId, [name]: '2027-02-30T00:00:00Z' })
    expect(await refusal(call)).toMatchObject({ status: 400 })
  })
})

describe('recurrence', () => {
  const invalid = { status: 400, reason: 'invalid' }

  test.each([
    'RRULE:FREQ=HOURLY',
    'RRULE:FREQ=MINUTELY;COUNT=3',
    'RRULE:FREQ=SECONDLY',
    'RRULE:COUNT=3',
    'EXRULE:FREQ=HOURLY',
    'RRULE:FREQ=DAILY;UNTIL=20270401',
    'RRULE:FREQ=DAILY;UNTIL=20270401T090000',
    'RRULE:FREQ=DAILY;UNTIL=20270230T090000Z',
    'EXDATE:20270230T090000Z',
  ])('%s in a timed series', async (line) => {
    const recurrence = line.startsWith('RRULE') ? [line] : ['RRULE:FREQ=DAILY', line]
    expect(await refusal(insert({ ...timed, recurrence }))).toMatchObject(invalid)
    const { data } = await insert(timed)
    expect(await refusal(patch(data.id ?? '', { recurrence }))).toMatchObject(invalid)
    expect(await refusal(update(data.id ?? '', { ...timed, recurrence }))).toMatchObject(invalid)
  })

  test.each(['20270401T090000Z', '20270401T090000'])('an all-day series until %s', async (until) => {
    const recurrence = [`RRULE:FREQ=DAILY;UNTIL=${until}`]
    expect(await refusal(insert({ ...allDay, recurrence }))).toMatchObject(invalid)
  })

  test('is accepted with a UTC time for timed and a date for all-day series', async () => {
    await insert({ ...timed, recurrence: ['RRULE:FREQ=DAILY;UNTIL=20270401T070000Z'] })
    await insert({ ...allDay, recurrence: ['RRULE:FREQ=DAILY;UNTIL=20270401'] })
  })

  test('a series whose start and end have two zones; a single event may', async () => {
    const zones = { start: timed.start, end: { dateTime: '2027-03-01T10:00:00', timeZone: 'Europe/London' } }
    const recurrence = ['RRULE:FREQ=DAILY']
    expect(await refusal(insert({ ...zones, recurrence }))).toMatchObject(invalid)
    const { data } = await insert(zones)
    expect(await refusal(patch(data.id ?? '', { recurrence }))).toMatchObject(invalid)
  })

  test('an instance cannot have recurrence of its own', async () => {
    await insert({ ...timed, id: 'series', recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] })
    const recurrence = ['RRULE:FREQ=WEEKLY']
    const id = 'series_20270302T080000Z'
    expect(await refusal(patch(id, { recurrence }))).toMatchObject(invalid)
    expect(await refusal(update(id, { ...timed, recurrence }))).toMatchObject(invalid)
    await patch(id, { summary: 'Other' })
    expect(await refusal(patch(id, { recurrence }))).toMatchObject(invalid)
    expect(await refusal(patch('series_20270309T080000Z', { summary: 'None' }))).toMatchObject({
      status: 404,
    })
  })

  test('instances of a single event, or of an instance, are none', async () => {
    await insert({ ...timed, id: 'alone' })
    await insert({ ...timed, id: 'series', recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] })
    for (const eventId of ['alone', 'series_20270302T080000Z'])
      expect((await olive.api.events.instances({ calendarId, eventId })).data.items).toEqual([])
    const unknown = olive.api.events.instances({ calendarId, eventId: 'nothing' })
    expect(await refusal(unknown)).toMatchObject({ status: 404 })
  })
})

describe('an event of no length', () => {
  test('is refused from a client', async () => {
    expect(await refusal(insert(moment))).toEqual({ status: 400, reason: 'timeRangeEmpty' })
  })

  test('is made by a person, listed, and a client may change its title but not its times', async () => {
    const { id } = person.create({ ...at, event: timed })
    person.change({ ...at, eventId: id, changes: moment })
    const window = { timeMin: '2027-03-01T07:59:00Z', timeMax: '2027-03-01T08:01:00Z' }
    for (const singleEvents of [true, false]) {
      const { items } = (await olive.api.events.list({ calendarId, singleEvents, ...window })).data
      expect(items).toMatchObject([{ id, start: { dateTime: '2027-03-01T09:00:00+01:00' } }])
      expect(items?.[0]?.end).toEqual(items?.[0]?.start)
    }
    expect((await patch(id, { summary: 'Now' })).data.end).toEqual((await patch(id, {})).data.start)
    expect(await refusal(patch(id, moment))).toEqual({ status: 400, reason: 'timeRangeEmpty' })
    expect(await refusal(update(id, moment))).toEqual({ status: 400, reason: 'timeRangeEmpty' })
    expect((await patch(id, timed)).data.end?.dateTime).toBe('2027-03-01T10:00:00+01:00')
  })

  test('is not busy time', () => {
    person.create({ ...at, event: moment })
    const calendar = google.world.state.calendars.get(email)
    const window = { from: Date.parse('2027-03-01T00:00:00Z'), to: Date.parse('2027-03-02T00:00:00Z') }
    expect(calendar && busySpans(google.world, calendar, window)).toEqual([])
  })

  test('all-day events last at least a day, also for a person', () => {
    const event = { start: allDay.start, end: allDay.start }
    expect(() => person.create({ ...at, event })).toThrow('timeRangeEmpty')
  })
})

describe('special event types', () => {
  const outOfOffice = { ...timed, eventType: 'outOfOffice', summary: 'Away' }
  const focusTime = { ...timed, eventType: 'focusTime' }
  const workingLocation = {
    ...allDay,
    eventType: 'workingLocation',
    transparency: 'transparent',
    visibility: 'public',
    workingLocationProperties: { type: 'homeOffice', homeOffice: {} },
  }
  const malformed = (name: string) => ({ status: 400, reason: `malformed${name}Event` })

  test('out of office has an unknown organizer and no self', async () => {
    const { data } = await insert(outOfOffice)
    expect(data).toMatchObject({
      eventType: 'outOfOffice',
      creator: { email, self: true },
      organizer: { email: 'unknownorganizer@calendar.google.com' },
    })
    expect(data.organizer).not.toHaveProperty('self')
  })

  test.each([
    ['OutOfOffice', { ...outOfOffice, ...allDay }],
    ['OutOfOffice', { ...outOfOffice, transparency: 'transparent' }],
    ['OutOfOffice', { ...outOfOffice, attendees: [{ email: 'mia@example.com' }] }],
    ['OutOfOffice', { ...outOfOffice, description: 'Beach' }],
    ['FocusTime', { ...focusTime, ...allDay }],
    ['FocusTime', { ...focusTime, transparency: 'transparent' }],
    ['WorkingLocation', { ...workingLocation, transparency: 'opaque' }],
    ['WorkingLocation', { ...workingLocation, visibility: 'default' }],
    ['WorkingLocation', { ...workingLocation, workingLocationProperties: null }],
    ['WorkingLocation', { ...workingLocation, end: { date: '2027-03-04' } }],
  ])('malformed%sEvent on insert', async (name, body) => {
    expect(await refusal(insert(body))).toEqual(malformed(name))
  })

  test('the same rules hold for changes; other fields may be changed', async () => {
    const away = (await insert(outOfOffice)).data.id ?? ''
    const home = (await insert(workingLocation)).data.id ?? ''
    expect(await refusal(patch(away, allDay))).toMatchObject({ status: 400 })
    expect(await refusal(patch(away, { transparency: 'transparent' }))).toEqual(malformed('OutOfOffice'))
    expect(await refusal(patch(home, { end: { date: '2027-03-04' } }))).toEqual(malformed('WorkingLocation'))
    expect((await patch(away, { summary: 'Beach' })).data.summary).toBe('Beach')
  })

  test('types are fixed, primary only, and cannot be imported or moved', async () => {
    const secondary = person.addCalendar({ email, summary: 'Work' }).id
    const restricted = { status: 400, reason: 'eventTypeRestriction' }
    const eventId = (await insert(outOfOffice)).data.id ?? ''
    expect(await refusal(patch(eventId, { eventType: 'default' }))).toEqual(restricted)
    const plain = (await insert(timed)).data.id ?? ''
    expect(await refusal(patch(plain, { eventType: 'focusTime' }))).toEqual(restricted)
    const elsewhere = olive.api.events.insert({ calendarId: secondary, requestBody: outOfOffice })
    expect(await refusal(elsewhere)).toEqual(restricted)
    const imported = olive.api.events.import({ calendarId, requestBody: { ...outOfOffice, iCalUID: 'x@y' } })
    expect(await refusal(imported)).toEqual(restricted)
    const moved = olive.api.events.move({ calendarId, eventId, destination: secondary })
    expect(await refusal(moved)).toEqual(restricted)
    expect(await refusal(insert({ ...timed, eventType: 'fromGmail' }))).toEqual(restricted)
  })
})

test('X-HTTP-Method-Override turns a POST into another method', async () => {
  const { id } = (await insert(timed)).data
  const send = (method: string, body: object = {}) =>
    fetch(`${google.url}/calendar/v3/calendars/primary/events/${id}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${olive.accessToken}`, 'x-http-method-override': method },
      body: JSON.stringify(body),
    })
  expect(await (await send('PATCH', { summary: 'Patched' })).json()).toMatchObject({ summary: 'Patched' })
  expect(await (await send('GET')).json()).toMatchObject({ summary: 'Patched' })
  expect((await send('DELETE')).status).toBe(204)
  expect(google.world.log.since(0).slice(-3)).toMatchObject([
    { method: 'PATCH', operation: 'events.patch' },
    { method: 'GET', operation: 'events.get' },
    { method: 'DELETE', operation: 'events.delete' },
  ])
})
