import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { updateConnection } from '#db/queries/connections.ts'
import { ownDatabase } from '#db/testing/database.ts'
import { ownGoogle } from '#db/testing/google.ts'
import { settingsOf } from '#lib/google/settings.ts'
import { putEvent } from '../../emulator/calendar/store.ts'
import { expireSyncTokens } from '../../emulator/calendar/sync-token.ts'
import { defaultSwitches } from '../../emulator/switches.ts'
import { copyEventId } from './core/identity.ts'
import { type Scene, setEnvironment, setScene } from './testing/scene.ts'

/** Reading a calendar: pages, tokens, generations, the brake. */

const database = ownDatabase()
const google = ownGoogle()
let scene: Scene

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  Object.assign(google.world.state.switches, defaultSwitches())
  scene = await setScene(database, google)
})

const timeZone = 'Australia/Sydney'
const timed = (day: string, extra: object = {}) => ({
  summary: `On ${day}`,
  start: { dateTime: `${day}T10:00:00`, timeZone },
  end: { dateTime: `${day}T11:00:00`, timeZone },
  ...extra,
})
const create = (event: object) => google.person.create({ ...scene.at(''), event })
const many = (count: number) =>
  Array.from({ length: count }, (_, n) => create(timed('2027-01-12', { summary: `${n}` })))
const status = async () => {
  const settings = await settingsOf(scene.businessId)
  return settings.linked ? settings.status : null
}
const lists = (since: number) =>
  google.world.log.since(since).filter((entry) => entry.operation === 'events.list')
const queryOf = (entry: { path: string }) => new URL(entry.path, 'http://google').searchParams
const expireTokens = () => {
  const calendar = google.world.state.calendars.get(scene.calendarId)
  if (calendar) expireSyncTokens(google.world, calendar)
}
const stored = async () => (await scene.mirror()).events.length

describe('pages', () => {
  test('a crash between pages resumes at the page; the token comes with the last one', async () => {
    many(2600)
    google.world.faults.push({ match: { operation: 'events.list' }, kind: 'reset', after: 1, times: 1 })
    const before = google.world.log.last()
    await scene.sync()
    const half = await scene.connection()
    expect(half).toMatchObject({ syncToken: null, importedAt: null, importedCount: 2500, readMode: 'full' })
    expect(half?.pageCursor).not.toBeNull()
    expect(await stored()).toBe(2500)
    expect(await status()).toMatchObject({ state: 'delayed' })

    await scene.sync()
    const whole = await scene.connection()
    expect(whole).toMatchObject({
      pageCursor: null,
      readMode: null,
      importedCount: 2600,
      importedAt: expect.any(String),
    })
    expect(whole?.syncToken).not.toBeNull()
    expect(await stored()).toBe(2600)
    const [first, broken, resumed] = lists(before).map(queryOf)
    expect(lists(before)).toHaveLength(3)
    expect(first?.get('pageToken')).toBeNull()
    expect(resumed?.get('pageToken')).toBe(broken?.get('pageToken'))
    expect(resumed?.get('timeMin')).toBe(first?.get('timeMin'))
  })

  test('what people book during a long read is pushed between the pages', async () => {
    many(2600)
    google.world.faults.push({
      match: { operation: 'events.list' },
      kind: 'latency',
      milliseconds: 150,
      times: 2,
    })
    const before = google.world.log.last()
    const looking = scene.sync()
    while (lists(before).length < 1) await new Promise((resolve) => setTimeout(resolve, 5))
    const id = await scene.book()
    await looking
    await scene.sync()
    const operations = google.world.log.since(before).map((entry) => entry.operation)
    expect(operations.indexOf('events.insert')).toBeLessThan(operations.lastIndexOf('events.list'))
    expect(await scene.copy(id)).toMatchObject({ state: 'live' })
  })

  test('a token lost between pages begins a new read, and nothing is lost', async () => {
    many(2600)
    google.world.faults.push({
      match: { operation: 'events.list' },
      kind: 'status',
      status: 410,
      reason: 'fullSyncRequired',
      after: 1,
      times: 1,
    })
    expect(await scene.sync()).toMatchObject({ failure: null, pages: 4 })
    expect(await stored()).toBe(2600)
  })

  test.each([
    ['in random order', { shuffle: true }],
    ['exceptions before their series', { exceptionsFirst: true }],
    ['the same event on two pages', { duplicateAcrossPages: true }],
    ['cancelled instances bare', { bareCancelledInstances: true }],
  ])('items %s read the same', async (_, switches) => {
    const series = create(timed('2027-01-12', { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'] }))
    google.person.remove({ ...scene.at(`${series.id}_20270118T230000Z`), scope: 'this' })
    google.person.change({
      ...scene.at(`${series.id}_20270125T230000Z`),
      changes: timed('2027-01-27'),
      scope: 'this',
    })
    Object.assign(google.world.state.switches, switches)
    await scene.sync()
    expect((await scene.mirror()).occurrences.map((one) => one.start)).toEqual([
      '2027-01-11T23:00:00Z',
      '2027-01-26T23:00:00Z',
      '2027-02-01T23:00:00Z',
    ])
  })

  test('deltas drop what lies before the horizon', async () => {
    await scene.sync()
    create(timed('2020-01-12'))
    const kept = create(timed('2027-01-12'))
    await scene.sync()
    expect((await scene.mirror()).events.map((event) => event.id)).toEqual([kept.id])
  })
})

describe('tokens', () => {
  test('a quiet delta asks with the token, and keeps the newest one', async () => {
    await scene.sync()
    const before = google.world.log.last()
    await scene.sync()
    const [asked] = lists(before)
    expect(asked && queryOf(asked).get('syncToken')).toBeTruthy()
    expect(asked && queryOf(asked).get('timeMin')).toBeNull()
  })

  test('a last page without a token: stored as read, and read in full the next time', async () => {
    create(timed('2027-01-12'))
    await scene.sync()
    await updateConnection(database.db, scene.connectionId, { syncToken: null })
    const before = google.world.log.last()
    await scene.sync()
    expect(lists(before).map((entry) => queryOf(entry).has('timeMin'))).toEqual([true])
    expect(await stored()).toBe(1)
    expect((await scene.connection())?.syncToken).not.toBeNull()
  })

  test('a token of other parameters is not used', async () => {
    await scene.sync()
    await updateConnection(database.db, scene.connectionId, { syncParameters: 'v0' })
    const before = google.world.log.last()
    await scene.sync()
    expect(lists(before).map((entry) => queryOf(entry).has('syncToken'))).toEqual([false])
  })

  test('a calendar that moves to another zone takes its all-day events with it', async () => {
    create({ summary: 'Closed', start: { date: '2027-01-12' }, end: { date: '2027-01-13' } })
    await scene.sync()
    expect((await scene.mirror()).occurrences).toMatchObject([{ start: '2027-01-11T13:00:00Z' }])
    google.person.updateCalendar({
      email: scene.email,
      calendarId: scene.calendarId,
      changes: { timeZone: 'Europe/Berlin' },
    })
    await scene.sync()
    expect((await scene.mirror()).occurrences).toMatchObject([{ start: '2027-01-11T23:00:00Z' }])
    expect(await scene.connection()).toMatchObject({ calendarZone: 'Europe/Berlin' })
  })
})

describe('a full read beside what is stored', () => {
  test('while it is half done everything of before is there; after it, what it did not contain is gone', async () => {
    const events = many(2600)
    const id = await scene.book()
    await scene.sync()
    expireTokens()
    for (const event of events.slice(0, 40)) google.person.remove(scene.at(event.id))
    google.world.faults.push({ match: { operation: 'events.list' }, kind: 'reset', after: 2, times: 1 })
    await scene.sync()
    expect(await stored()).toBe(2600)
    await scene.sync()
    expect(await stored()).toBe(2560)
    expect(await scene.appointment(id)).toMatchObject({ removedInGoogleAt: null })
  })

  test('a copy that it did not contain is flagged', async () => {
    const id = await scene.book()
    await scene.sync()
    google.person.remove(scene.at(copyEventId(id, 0)))
    expireTokens()
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
  })

  test('an appointment from before the window is not expected in it', async () => {
    const id = await scene.book({ startsAt: '2024-01-01T00:00:00Z', endsAt: '2024-01-01T01:00:00Z' })
    await scene.sync()
    expect(await scene.copy(id)).toMatchObject({ state: 'live' })
    expireTokens()
    await scene.sync()
    expect(await scene.appointment(id)).toMatchObject({ removedInGoogleAt: null })
  })

  test('an exception that vanished gives its instance back to the series', async () => {
    const series = create(timed('2027-01-12', { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2'] }))
    await scene.sync()
    await database.sql`
      insert into google_events (business_id, connection_id, event_id, kind, recurring_event_id, original_start, cancelled,
        blocks, blocks_why, generation, ends_at)
      values (${scene.businessId}, ${scene.connectionId}, ${`${series.id}_20270118T230000Z`}, 'exception', ${series.id},
        '20270118T230000Z', true, true, 'busy', 0, '2027-01-18T23:00:00Z')`
    await updateConnection(database.db, scene.connectionId, { syncToken: null })
    await scene.sync()
    expect((await scene.mirror()).occurrences).toHaveLength(2)
    expect((await scene.mirror()).events).toHaveLength(1)
  })
})

test('a deleted instance that says nothing but an id of another form: known before, it is gone from its series', async () => {
  const series = create(timed('2027-01-12', { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'] }))
  const id = `${series.id}_2027-01-18`
  moveUnder(id, series.id)
  await scene.sync()
  google.world.state.switches.bareCancelledInstances = true
  google.person.remove(scene.at(id))
  await scene.sync()
  google.person.change({ ...scene.at(series.id), changes: { summary: 'Again' } })
  await scene.sync()
  expect((await scene.mirror()).occurrences.map((one) => one.start)).toEqual([
    '2027-01-11T23:00:00Z',
    '2027-01-25T23:00:00Z',
  ])
})

/** The emulator names instances as Google does today: one is moved, and goes on under another name. */
const moveUnder = (id: string, seriesId: string) => {
  const usual = `${seriesId}_20270118T230000Z`
  google.person.change({ ...scene.at(usual), changes: timed('2027-01-20') })
  const calendar = google.world.state.calendars.get(scene.calendarId)
  const exception = calendar?.events.get(usual)
  if (!calendar || !exception) throw new Error('The instance is not there.')
  calendar.events.delete(usual)
  calendar.exceptions.get(seriesId)?.delete(usual)
  putEvent(google.world, calendar, { ...exception, id })
}

describe('the brake', () => {
  const emptied = async (count: number) => {
    const events = many(count)
    await scene.sync()
    for (const event of events) google.person.remove(scene.at(event.id))
    expireTokens()
    await scene.sync()
    return events
  }

  test('a full read that would remove most of the mirror stops and says so', async () => {
    await emptied(60)
    expect(await stored()).toBe(60)
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'brake' })
    expect(await scene.connection()).toMatchObject({ lastFailureDetail: '60', syncToken: null })
    const before = google.world.log.last()
    await scene.sync()
    expect(lists(before)).toEqual([])
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'brake' })
  })

  test('while it holds, appointments go to Google; trouble on the way does not answer the question', async () => {
    await emptied(60)
    google.world.faults.push({ match: { operation: 'events.insert' }, kind: 'status', status: 429, times: 1 })
    const id = await scene.book()
    expect(await scene.sync()).toMatchObject({ failure: 'rate-limited' })
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'brake' })
    await database.sql`update google_connections set retry_at = now() + interval '5 minutes' where id = ${scene.connectionId}`
    await scene.sync()
    expect(await scene.copy(id)).toMatchObject({ state: 'live' })
    expect(await stored()).toBe(60)
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'brake' })
  })

  test('read again later: it asks again, or everything is back and the question goes', async () => {
    const events = await emptied(60)
    const later = () =>
      database.sql`update google_connections set retry_at = now() where id = ${scene.connectionId}`
    await later()
    await scene.sync()
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'brake' })
    for (const event of events) google.person.restore(scene.at(event.id))
    await later()
    await scene.sync()
    expect(await stored()).toBe(60)
    expect(await status()).toMatchObject({ state: 'healthy' })
  })

  test('the owner’s yes lets it go on, once', async () => {
    await emptied(60)
    await updateConnection(database.db, scene.connectionId, {
      brakeReleased: true,
      failingSince: null,
      lastFailureKind: null,
    })
    expect(await scene.sync()).toMatchObject({ failure: null })
    expect(await stored()).toBe(0)
    expect(await scene.connection()).toMatchObject({ brakeReleased: false })
    expect(await status()).toMatchObject({ state: 'healthy' })
  })

  test('without the yes a second try stops as well', async () => {
    await emptied(60)
    await updateConnection(database.db, scene.connectionId, { failingSince: null, lastFailureKind: null })
    await scene.sync()
    expect(await stored()).toBe(60)
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'brake' })
  })

  test('a few removals need no question', async () => {
    await emptied(20)
    expect(await stored()).toBe(0)
    expect(await status()).toMatchObject({ state: 'healthy' })
  })

  test('copies count too: an empty answer cancels no appointments', async () => {
    await database.sql`update businesses set when_removed = 'cancel' where id = ${scene.businessId}`
    const ids: string[] = []
    for (let n = 0; n < 55; n++) ids.push(await scene.book())
    await scene.sync()
    for (const id of ids) google.person.remove(scene.at(copyEventId(id, 0)))
    expireTokens()
    await scene.sync()
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'brake' })
    const [count] = await database.sql`
      select count(*)::int as booked from appointments where business_id = ${scene.businessId} and status = 'booked'`
    expect(count?.booked).toBe(55)
  })
})

test('an event that cannot be read is skipped and counted; the rest goes on', async () => {
  const odd = create(timed('2027-01-12'))
  const fine = create(timed('2027-01-13'))
  const calendar = google.world.state.calendars.get(scene.calendarId)
  const event = calendar?.events.get(odd.id)
  if (!calendar || !event) throw new Error('The event is not there.')
  const start = event.start as { ms: number }
  calendar.events.set(odd.id, { ...event, end: { ...start, ms: start.ms - 3_600_000 } })
  expect(await scene.sync()).toMatchObject({ failure: null })
  expect((await scene.mirror()).events.map((one) => one.id)).toEqual([fine.id])
  expect(await scene.connection()).toMatchObject({ skippedCount: 1 })
})
