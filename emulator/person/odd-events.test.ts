import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type Connection, connect, refusal } from '../connect.ts'
import type { EventDraft } from '../model.ts'
import { pages } from '../page/routes.ts'
import { startGoogle } from '../server.ts'
import { control } from '../testing.ts'

// What Google may send and what a person or an import can bring about, but no client.

const email = 'olive@example.com'
const calendarId = 'primary'
const at = { email, calendarId }
const timed = { start: { dateTime: '2027-03-01T09:00:00Z' }, end: { dateTime: '2027-03-01T10:00:00Z' } }

const google = await startGoogle({ pages })
const { person } = google
let olive: Connection

beforeEach(async () => {
  await control(google.url, 'reset')
  person.addAccount({ email, name: 'Olive', timeZone: 'America/New_York' })
  olive = await connect(google.url, { email })
})
afterAll(() => google.stop())

const list = async (params: object = {}) => (await olive.api.events.list({ calendarId, ...params })).data
const get = async (eventId: string) => (await olive.api.events.get({ calendarId, eventId })).data
const patch = async (eventId: string, requestBody: object) =>
  (await olive.api.events.patch({ calendarId, eventId, requestBody })).data
/** Through the control API, as tests in another process do. */
const create = (event: EventDraft) =>
  control(google.url, 'person/create', { body: { ...at, event } }) as Promise<{ id: string }>
const week = (date: string) =>
  fetch(`${google.url}/calendar/page/data/week?account=${email}&week=${date}`).then((response) => response.status)

describe('dates at the edges', () => {
  const end = '9999-12-31T23:59:59-05:00'

  test('an event until the last second of 9999', async () => {
    const { id } = await create({ start: timed.start, end: { dateTime: end } })
    expect((await get(id)).end?.dateTime).toBe(end)
    expect((await patch(id, { summary: 'For ever' })).end?.dateTime).toBe(end)
    expect((await list({ timeMin: '2500-01-01T00:00:00Z', singleEvents: true })).items).toHaveLength(1)
    person.updateCalendar({ ...at, changes: { timeZone: 'UTC' } })
    expect((await get(id)).end?.dateTime).toBe('10000-01-01T04:59:59Z')
    expect(await week('2027-03-01')).toBe(200)
  })

  test('events of the first and the last year, timed and all-day', async () => {
    const { id } = await create({
      start: { dateTime: '0001-01-01T00:00:00Z' },
      end: { dateTime: '0001-01-01T01:00:00Z' },
    })
    const { start } = await get(id)
    expect(start?.dateTime).toBe('0000-12-31T19:04:00-04:56')
    expect(Date.parse(start?.dateTime ?? '')).toBe(Date.parse('0001-01-01T00:00:00Z'))
    const days = [
      { start: { date: '0001-01-01' }, end: { date: '0001-01-02' } },
      { start: { date: '9999-12-30' }, end: { date: '9999-12-31' } },
    ]
    for (const day of days) expect(await get((await create(day)).id)).toMatchObject(day)
    expect((await list()).items).toHaveLength(3)
  })

  test('a series that began in the year 1', async () => {
    const zone = { timeZone: 'UTC' }
    const { id } = await create({
      start: { dateTime: '0001-01-01T00:00:00Z', ...zone },
      end: { dateTime: '0001-01-01T01:00:00Z', ...zone },
      recurrence: ['RRULE:FREQ=YEARLY;INTERVAL=100;COUNT=3'],
    })
    const { items } = (await olive.api.events.instances({ calendarId, eventId: id, timeZone: 'UTC' })).data
    expect(items?.map(({ start }) => start?.dateTime)).toEqual([
      '0001-01-01T00:00:00Z',
      '0101-01-01T00:00:00Z',
      '0201-01-01T00:00:00Z',
    ])
  })
})

describe('time zones', () => {
  const weekly = (timeZone: string) => ({
    start: { dateTime: '2027-03-01T09:00:00+05:30', timeZone },
    end: { dateTime: '2027-03-01T10:00:00+05:30', timeZone },
    recurrence: ['RRULE:FREQ=WEEKLY;COUNT=8'],
  })

  test.each(['GMT-07:00', 'Mars/Base'])('a calendar in %s', async (timeZone) => {
    await create({ start: { date: '2027-03-01' }, end: { date: '2027-03-02' } })
    person.updateCalendar({ ...at, changes: { timeZone } })
    const { items, timeZone: answered } = await list({ singleEvents: true, timeMin: '2027-01-01T00:00:00Z' })
    expect([answered, items?.length]).toEqual([timeZone, 1])
    expect((await olive.api.calendarList.list()).data.items).toMatchObject([{ timeZone }])
    expect(await week('2027-03-01')).toBe(200)
  })

  test('a GMT+05:30 series keeps its offset in a calendar with summer time, also from a client', async () => {
    for (const { id } of [
      await create(weekly('GMT+05:30')),
      (await olive.api.events.insert({ calendarId, requestBody: weekly('GMT+05:30') })).data,
    ]) {
      const { items } = (await olive.api.events.instances({ calendarId, eventId: id ?? '', timeZone: 'UTC' })).data
      expect(new Set(items?.map(({ start }) => start?.dateTime?.slice(11)))).toEqual(new Set(['03:30:00Z']))
      expect(items?.[7]).toMatchObject({ start: { timeZone: 'GMT+05:30' } })
    }
  })

  test('an unknown zone of an event counts as UTC; a client may not send it', async () => {
    const { id } = await create(weekly('Mars/Base'))
    expect(await get(id)).toMatchObject({ start: { timeZone: 'Mars/Base' } })
    expect((await patch(id, { summary: 'Survey' })).start).toMatchObject({ timeZone: 'Mars/Base' })
    const insert = olive.api.events.insert({ calendarId, requestBody: weekly('Mars/Base') })
    expect(await refusal(insert)).toMatchObject({ status: 400, reason: 'invalid' })
    expect((await olive.api.events.instances({ calendarId, eventId: id })).data.items).toHaveLength(8)
    expect(await week('2027-03-01')).toBe(200)
  })
})

describe('texts', () => {
  test.each(['   ', '\u200B', '\u{1F600}'.slice(0, 1), `half ${'\u{1F600}'.slice(1)}`])(
    'the title %j arrives as it is',
    async (summary) => {
      const { id } = await create({ ...timed, summary })
      expect((await get(id)).summary).toBe(summary)
      expect((await list()).items?.[0]?.summary).toBe(summary)
      const raw = await fetch(`${google.url}/calendar/v3/calendars/primary/events/${id}`, {
        headers: { authorization: `Bearer ${olive.accessToken}` },
      })
      expect(JSON.parse(await raw.text())).toMatchObject({ summary })
    },
  )

  test('a lone surrogate travels as an escape', async () => {
    const { id } = await create({ ...timed, summary: '\u{1F600}'.slice(0, 1) })
    const raw = await fetch(`${google.url}/calendar/v3/calendars/primary/events/${id}`, {
      headers: { authorization: `Bearer ${olive.accessToken}` },
    })
    expect(await raw.text()).toContain('"\\ud83d"')
  })

  test('titles and locations of 1 MB', async () => {
    const text = 'ab'.repeat(500_000)
    const { id } = await create({ ...timed, summary: text, location: text })
    expect(await get(id)).toMatchObject({ summary: text, location: text })
  })

  test('formatDescription turns a description into HTML', async () => {
    const description = 'Gate code 4 & 5\nhttps://x.example/a\n<Ann>'
    const { id } = await create({ ...timed, description })
    await control(google.url, 'person/formatDescription', { body: { ...at, eventId: id, bold: 'code' } })
    expect((await get(id)).description).toBe(
      'Gate <b>code</b> 4 &#38; 5<br><a href="https://x.example/a">https://x.example/a</a><br>&#60;Ann&#62;',
    )
    const call = control(google.url, 'person/formatDescription', {
      body: { ...at, eventId: id, bold: 'xyz' },
    })
    await expect(call).rejects.toThrow('does not contain')
  })
})

describe('hostile recurrence', () => {
  const zone = { timeZone: 'UTC' }
  const series = { start: { ...timed.start, ...zone }, end: { ...timed.end, ...zone } }
  const day = (index: number) =>
    `${new Date(Date.UTC(2027, 2, 1, 9) + index * 86_400_000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
  const dates = (count: number) => Array.from({ length: count }, (_, index) => day(index)).join(',')

  test.each<[string, string[]]>([
    ['100 rules', Array.from({ length: 100 }, (_, index) => `RRULE:FREQ=DAILY;INTERVAL=${index + 1}`)],
    ['100,000 dates', [`RDATE:${dates(100_000)}`]],
    ['20,000 exclusions', ['RRULE:FREQ=DAILY', `EXDATE:${dates(20_000)}`]],
    ['a count of 99,999,999', ['RRULE:FREQ=DAILY;COUNT=99999999']],
    ['every second', ['RRULE:FREQ=SECONDLY;COUNT=99999999']],
    ['nothing that ever matches', ['RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30']],
  ])('%s', async (_, recurrence) => {
    const { id } = await create({ ...series, recurrence })
    expect((await get(id)).recurrence).toEqual(recurrence)
    const window = { timeMin: '2027-03-01T00:00:00Z', timeMax: '2027-03-08T00:00:00Z' }
    expect((await list(window)).items?.length).toBeLessThanOrEqual(1)
    expect((await patch(id, { summary: 'Odd' })).summary).toBe('Odd')
    await list({ ...window, singleEvents: true, maxResults: 5 })
    person.remove({ ...at, eventId: id })
  })
})
