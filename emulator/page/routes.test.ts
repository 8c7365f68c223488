import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Google, startGoogle } from '../server.ts'
import { pages } from './routes.ts'
import type { Action, ActionResult, EventDetails, EventForm, EventView, WeekView } from './types.ts'

const email = 'olive@harbourplumbing.example'
const week = '2026-03-30'
let google: Google

beforeAll(async () => {
  google = await startGoogle({
    pages,
    seed(person) {
      person.addAccount({ email, name: 'Olive <Harbour>', timeZone: 'Australia/Sydney' })
      person.addAccount({
        email: 'tom@harbourplumbing.example',
        name: 'Tom Okafor',
        timeZone: 'Australia/Sydney',
      })
      person.addCalendar({ email, summary: 'Work', id: 'work@group.calendar.google.com' })
      person.addCalendar({
        email,
        summary: 'Holidays',
        id: 'h#holiday@group.v.calendar.google.com',
        kind: 'holidays',
      })
    },
  })
})

afterAll(() => google.stop())

function address(path: string, query: Record<string, string> = {}): string {
  return `${google.url}${path}?${new URLSearchParams({ account: email, ...query })}`
}

async function readWeek(of = week): Promise<WeekView> {
  return (await (await fetch(address('/calendar/page/data/week', { week: of }))).json()) as WeekView
}

async function details({ calendarId, id }: EventView): Promise<EventDetails> {
  const query = { calendar: calendarId, event: id }
  return (await (await fetch(address('/calendar/page/data/event', query))).json()) as EventDetails
}

async function send(action: Action, headers: Record<string, string> = {}): Promise<ActionResult> {
  const response = await fetch(address('/calendar/page/data/act'), {
    method: 'POST',
    body: JSON.stringify(action),
    headers,
  })
  return (await response.json()) as ActionResult
}

async function done(action: Action): Promise<Extract<ActionResult, { ok: true }>> {
  const result = await send(action)
  if (!result.ok) throw new Error(result.reason)
  return result
}

function form(changes: Partial<EventForm>): EventForm {
  return {
    title: 'Untitled',
    allDay: false,
    startDate: '2026-03-30',
    startTime: '09:00',
    endDate: '2026-03-30',
    endTime: '10:00',
    zone: 'Australia/Sydney',
    location: '',
    description: '',
    guests: [],
    free: false,
    visibility: 'default',
    repeat: 'none',
    rule: '',
    calendarId: email,
    ...changes,
  }
}

async function titled(title: string, of = week): Promise<EventView[]> {
  return (await readWeek(of)).events.filter((event) => event.title === title)
}

async function only(title: string): Promise<EventView> {
  const [event] = await titled(title)
  if (!event) throw new Error(`no ${title}`)
  return event
}

describe('pages', () => {
  test('the account list, the week and the access page are HTML with names escaped', async () => {
    const list = await (await fetch(google.url)).text()
    expect(list).toContain('Google Calendar <small>(emulator)')
    expect(list).not.toContain('<Harbour>')
    expect(await (await fetch(address('/calendar'))).text()).toContain('main.js')
    expect(await (await fetch(address('/calendar/access'))).text()).toContain('No apps have access')
    expect((await fetch(`${google.url}/calendar?account=unknown@x.example`)).status).toBe(404)
  })

  test('only the page’s own files are served', async () => {
    for (const file of ['main.js', 'page.css', 'icon.svg']) {
      expect((await fetch(`${google.url}/calendar/page/${file}`)).status).toBe(200)
    }
    for (const file of ['routes.ts', '..%2Froutes.ts', 'absent.js']) {
      expect((await fetch(`${google.url}/calendar/page/${file}`)).status).toBe(404)
    }
  })
})

describe('a single event', () => {
  test('may last 0 minutes, and is shown with a quarter of an hour', async () => {
    await done({ do: 'create', form: form({ title: 'Moment' }) })
    const { calendarId, id } = await only('Moment')
    await done({
      do: 'save',
      calendarId,
      eventId: id,
      scope: 'this',
      form: form({ title: 'Moment', endTime: '09:00' }),
    })
    expect((await only('Moment')).pieces).toEqual([{ day: 0, from: 540, to: 555 }])
    const { start, end } = google.person.event({ email, calendarId, eventId: id }) ?? {}
    expect(end).toEqual(start)
    await done({ do: 'delete', calendarId, eventId: id, scope: 'this' })
  })

  test('is created, read, saved, moved and moved back', async () => {
    await done({
      do: 'create',
      form: form({ title: 'Quote', location: 'Manly', guests: ['tom@harbourplumbing.example'] }),
    })
    const made = await only('Quote')
    expect(made).toMatchObject({
      time: '9:00 – 10:00 am',
      pieces: [{ day: 0, from: 540, to: 600 }],
      editable: true,
      repeats: false,
    })
    expect(made.label).toBe('Quote, 9:00 – 10:00 am, Monday 30 March')
    const ref = { calendarId: made.calendarId, eventId: made.id }
    const read = await details(made)
    expect(read.form).toMatchObject({
      title: 'Quote',
      location: 'Manly',
      guests: ['tom@harbourplumbing.example'],
    })
    await done({
      do: 'save',
      ...ref,
      scope: 'all',
      form: { ...read.form, title: 'Quote, big', free: true, guests: [] },
    })
    expect(await only('Quote, big')).toMatchObject({ free: true })
    const moved = await done({
      do: 'move',
      ...ref,
      scope: 'all',
      start: '2026-03-31T22:30',
      end: '2026-04-01T01:00',
    })
    expect((await only('Quote, big')).pieces).toEqual([
      { day: 1, from: 1350, to: 1440 },
      { day: 2, from: 0, to: 60 },
    ])
    if (!moved.undo) throw new Error('no undo')
    await done(moved.undo)
    expect((await only('Quote, big')).start).toBe('2026-03-30T09:00')
  })

  test('keeps its id after delete and undo; a duplicate has another', async () => {
    await done({ do: 'create', form: form({ title: 'Twice' }) })
    const made = await only('Twice')
    const ref = { calendarId: made.calendarId, eventId: made.id }
    const { undo } = await done({ do: 'delete', ...ref, scope: 'all' })
    expect(await titled('Twice')).toEqual([])
    if (!undo) throw new Error('no undo')
    await done(undo)
    expect((await only('Twice')).id).toBe(made.id)
    await done({ do: 'duplicate', ...ref })
    expect(await titled('Twice')).toHaveLength(2)
  })

  test('all-day becomes timed, in another calendar and time zone', async () => {
    await done({ do: 'create', form: form({ title: 'Expo', allDay: true, endDate: '2026-04-01' }) })
    const made = await only('Expo')
    expect(made).toMatchObject({
      allDay: true,
      firstDay: 0,
      lastDay: 2,
      start: '2026-03-30',
      end: '2026-04-02',
    })
    const read = await details(made)
    expect(read.form).toMatchObject({ startDate: '2026-03-30', endDate: '2026-04-01' })
    const changed = {
      ...read.form,
      allDay: false,
      endDate: '2026-03-30',
      zone: 'Australia/Perth',
      calendarId: 'work@group.calendar.google.com',
    }
    await done({ do: 'save', calendarId: made.calendarId, eventId: made.id, scope: 'all', form: changed })
    expect(await only('Expo')).toMatchObject({
      calendarId: 'work@group.calendar.google.com',
      start: '2026-03-30T12:00',
    })
  })

  test('the response to an invitation reaches the organizer', async () => {
    const invited = form({ title: 'Van talk', guests: [email], calendarId: 'tom@harbourplumbing.example' })
    const asTom = address('/calendar/page/data/act', { account: 'tom@harbourplumbing.example' })
    await fetch(asTom, { method: 'POST', body: JSON.stringify({ do: 'create', form: invited }) })
    const copy = await only('Van talk')
    expect(copy.answer).toBe('needsAction')
    expect((await details(copy)).invitation).toMatchObject({ answer: 'needsAction' })
    await done({
      do: 'respond',
      calendarId: copy.calendarId,
      eventId: copy.id,
      answer: 'declined',
      scope: 'all',
    })
    expect((await only('Van talk')).answer).toBe('declined')
    const original = google.person.event({
      email: 'tom@harbourplumbing.example',
      calendarId: 'primary',
      eventId: copy.id,
    })
    expect(original?.attendees?.find((guest) => guest.email === email)?.responseStatus).toBe('declined')
  })
})

describe('a series across the end of daylight saving', () => {
  const next = '2026-04-06'

  async function makeSeries(title: string) {
    await done({ do: 'create', form: form({ title, repeat: 'weekdays' }) })
    const events = await titled(title)
    expect(events.map(({ start }) => start.slice(8))).toEqual([
      '30T09:00',
      '31T09:00',
      '01T09:00',
      '02T09:00',
      '03T09:00',
    ])
    return events
  }

  const times = async (title: string, of = week) => (await titled(title, of)).map(({ start }) => start.slice(8))

  test('one instance is moved and deleted', async () => {
    const [, tuesday] = await makeSeries('One')
    if (!tuesday) throw new Error('no Tuesday')
    await done({
      do: 'move',
      calendarId: email,
      eventId: tuesday.id,
      start: '2026-03-31T11:00',
      end: '2026-03-31T12:00',
      scope: 'this',
    })
    expect(await times('One')).toEqual(['30T09:00', '31T11:00', '01T09:00', '02T09:00', '03T09:00'])
    await done({ do: 'delete', calendarId: email, eventId: tuesday.id, scope: 'this' })
    expect(await times('One')).toEqual(['30T09:00', '01T09:00', '02T09:00', '03T09:00'])
  })

  test('this and following are moved', async () => {
    const [, , wednesday] = await makeSeries('Half')
    if (!wednesday) throw new Error('no Wednesday')
    await done({
      do: 'move',
      calendarId: email,
      eventId: wednesday.id,
      start: '2026-04-01T14:00',
      end: '2026-04-01T15:00',
      scope: 'following',
    })
    expect(await times('Half')).toEqual(['30T09:00', '31T09:00', '01T14:00', '02T14:00', '03T14:00'])
    expect((await times('Half', next))[0]).toBe('06T14:00')
  })

  test('all are moved by their third instance; deleting the following is undone', async () => {
    const [, , wednesday] = await makeSeries('Whole')
    if (!wednesday) throw new Error('no Wednesday')
    await done({
      do: 'move',
      calendarId: email,
      eventId: wednesday.id,
      start: '2026-04-01T07:30',
      end: '2026-04-01T08:00',
      scope: 'all',
    })
    expect(await times('Whole')).toEqual(['30T07:30', '31T07:30', '01T07:30', '02T07:30', '03T07:30'])
    expect((await times('Whole', next))[0]).toBe('06T07:30')
    const third = (await titled('Whole'))[2]
    if (!third) throw new Error('no third')
    const { undo } = await done({ do: 'delete', calendarId: email, eventId: third.id, scope: 'following' })
    expect(await times('Whole')).toEqual(['30T07:30', '31T07:30'])
    if (!undo) throw new Error('no undo')
    await done(undo)
    expect(await times('Whole')).toHaveLength(5)
  })

  test('all get a new rule', async () => {
    const [monday] = await makeSeries('Rule')
    if (!monday) throw new Error('no Monday')
    const read = await details(monday)
    expect(read.form.repeat).toBe('weekdays')
    const changed = { ...read.form, repeat: 'custom' as const, rule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=2' }
    await done({ do: 'save', calendarId: email, eventId: monday.id, scope: 'all', form: changed })
    expect(await times('Rule')).toEqual(['30T09:00'])
    expect(await times('Rule', next)).toEqual(['06T09:00'])
  })
})

describe('refused', () => {
  test('a read-only calendar, an end before the start and a request from another site', async () => {
    const holidays = form({ calendarId: 'h#holiday@group.v.calendar.google.com' })
    expect(await send({ do: 'create', form: holidays })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('not change it'),
    })
    expect(await send({ do: 'create', form: form({ endTime: '08:00' }) })).toMatchObject({ ok: false })
    const foreign = await send({ do: 'create', form: form({ title: 'Planted' }) }, { 'sec-fetch-site': 'cross-site' })
    expect(foreign.ok).toBe(false)
    expect(await titled('Planted')).toEqual([])
  })
})

test('an open page gets an event for a change made elsewhere', async () => {
  const stop = new AbortController()
  const response = await fetch(address('/calendar/page/data/live'), { signal: stop.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (!reader) throw new Error('no stream')
  await reader.read()
  google.person.create({
    email,
    calendarId: 'primary',
    event: { summary: 'Live', start: { date: '2026-03-30' }, end: { date: '2026-03-31' } },
  })
  expect((await reader.read()).value).toContain(email)
  stop.abort()
})

test('apps with access are listed and can be removed', async () => {
  const [client] = google.world.state.oauth.clients.values()
  if (!client) throw new Error('no client')
  google.world.state.oauth.grants.set(`${email}|${client.project}`, {
    scopes: ['openid', 'https://www.googleapis.com/auth/calendar.events'],
  })
  const page = await (await fetch(address('/calendar/access'))).text()
  expect(page).toContain('Remove access')
  expect(page).toContain('See and change events on all your calendars')
  await fetch(address('/calendar/access'), {
    method: 'POST',
    body: new URLSearchParams({ client: client.id }),
  })
  expect(await (await fetch(address('/calendar/access'))).text()).toContain('No apps have access')
})
