import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { updateConnection } from '#db/queries/connections.ts'
import { settingsOf } from '#lib/connection/settings.ts'
import { ownDatabase } from '#testing/database.ts'
import { ownGoogle } from '#testing/google.ts'
import { type SyncFixture, setEnvironment, setUpFixture } from '#testing/sync-fixture.ts'
import { putEvent } from '../../../emulator/calendar/store.ts'
import { expireSyncTokens } from '../../../emulator/person/places.ts'
import { defaultSwitches } from '../../../emulator/switches.ts'
import { eventIdFor } from '../core/event-id.ts'

/** Reading a calendar: pages, tokens, generations, the brake. */

const database = ownDatabase()
const google = ownGoogle()
let fixture: SyncFixture

beforeAll(() => setEnvironment(database, google))
beforeEach(async () => {
  google.world.faults.length = 0
  Object.assign(google.world.state.switches, defaultSwitches())
  fixture = await setUpFixture(database, google)
})

const timeZone = 'Australia/Sydney'
const timed = (day: string, extra: object = {}) => ({
  summary: `On ${day}`,
  start: { dateTime: `${day}T10:00:00`, timeZone },
  end: { dateTime: `${day}T11:00:00`, timeZone },
  ...extra,
})
const create = (event: object) => google.person.create({ ...fixture.at(''), event })
const many = (count: number) =>
  Array.from({ length: count }, (_, n) => create(timed('2027-01-12', { summary: `${n}` })))
const status = async () => {
  const settings = await settingsOf(fixture.businessId)
  return settings.linked ? settings.status : null
}
const lists = (since: number) =>
  google.world.log.since(since).filter((entry) => entry.operation === 'events.list')
const queryOf = (entry: { path: string }) => new URL(entry.path, 'http://google').searchParams
const expireTokens = () => {
  const calendar = google.world.state.calendars.get(fixture.calendarId)
  if (calendar) expireSyncTokens(google.world, calendar)
}
const stored = async () => (await fixture.mirror()).events.length

describe('pages', () => {
  test('a crash between pages resumes at the page; the token comes with the last one', async () => {
    many(2600)
    google.world.faults.push({ match: { operation: 'events.list' }, kind: 'reset', after: 1, times: 1 })
    const before = google.world.log.last()
    await fixture.sync()
    const half = await fixture.connection()
    expect(half).toMatchObject({ syncToken: null, importedAt: null, importedCount: 2500, readMode: 'full' })
    expect(half?.pageCursor).not.toBeNull()
    expect(await stored()).toBe(2500)
    expect(await status()).toMatchObject({ state: 'delayed' })

    await fixture.sync()
    const whole = await fixture.connection()
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
    const looking = fixture.sync()
    while (lists(before).length < 1) await new Promise((resolve) => setTimeout(resolve, 5))
    const id = await fixture.book()
    await looking
    await fixture.sync()
    const operations = google.world.log.since(before).map((entry) => entry.operation)
    expect(operations.indexOf('events.insert')).toBeLessThan(operations.lastIndexOf('events.list'))
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live' })
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
    expect(await fixture.sync()).toMatchObject({ failure: null, pages: 4 })
    expect(await stored()).toBe(2600)
  })

  test.each([
    ['in random order', { shuffle: true }],
    ['exceptions before their series', { exceptionsFirst: true }],
    ['the same event on two pages', { duplicateAcrossPages: true }],
    ['cancelled instances bare', { bareCancelledInstances: true }],
  ])('items %s read the same', async (_, switches) => {
    const series = create(timed('2027-01-12', { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'] }))
    google.person.remove({ ...fixture.at(`${series.id}_20270118T230000Z`), scope: 'this' })
    google.person.change({
      ...fixture.at(`${series.id}_20270125T230000Z`),
      changes: timed('2027-01-27'),
      scope: 'this',
    })
    Object.assign(google.world.state.switches, switches)
    await fixture.sync()
    expect((await fixture.mirror()).occurrences.map((one) => one.start)).toEqual([
      '2027-01-11T23:00:00Z',
      '2027-01-26T23:00:00Z',
      '2027-02-01T23:00:00Z',
    ])
  })

  test('deltas drop what lies before the horizon', async () => {
    await fixture.sync()
    create(timed('2020-01-12'))
    const kept = create(timed('2027-01-12'))
    await fixture.sync()
    expect((await fixture.mirror()).events.map((event) => event.id)).toEqual([kept.id])
  })
})

describe('tokens', () => {
  test('a quiet delta asks with the token, and keeps the newest one', async () => {
    await fixture.sync()
    const before = google.world.log.last()
    await fixture.sync()
    const [asked] = lists(before)
    expect(asked && queryOf(asked).get('syncToken')).toBeTruthy()
    expect(asked && queryOf(asked).get('timeMin')).toBeNull()
  })

  test('a last page without a token: stored as read, and read in full the next time', async () => {
    create(timed('2027-01-12'))
    await fixture.sync()
    await updateConnection(database.db, fixture.connectionId, { syncToken: null })
    const before = google.world.log.last()
    await fixture.sync()
    expect(lists(before).map((entry) => queryOf(entry).has('timeMin'))).toEqual([true])
    expect(await stored()).toBe(1)
    expect((await fixture.connection())?.syncToken).not.toBeNull()
  })

  test('a token of other parameters is not used', async () => {
    await fixture.sync()
    await updateConnection(database.db, fixture.connectionId, { syncParameters: 'v0' })
    const before = google.world.log.last()
    await fixture.sync()
    expect(lists(before).map((entry) => queryOf(entry).has('syncToken'))).toEqual([false])
  })

  test('a calendar that moves to another zone takes its all-day events with it', async () => {
    create({ summary: 'Closed', start: { date: '2027-01-12' }, end: { date: '2027-01-13' } })
    await fixture.sync()
    expect((await fixture.mirror()).occurrences).toMatchObject([{ start: '2027-01-11T13:00:00Z' }])
    google.person.updateCalendar({
      email: fixture.email,
      calendarId: fixture.calendarId,
      changes: { timeZone: 'Europe/Berlin' },
    })
    await fixture.sync()
    expect((await fixture.mirror()).occurrences).toMatchObject([{ start: '2027-01-11T23:00:00Z' }])
    expect(await fixture.connection()).toMatchObject({ calendarZone: 'Europe/Berlin' })
  })
})

describe('a full read beside what is stored', () => {
  test('while it is half done everything of before is there; after it, what it did not contain is gone', async () => {
    const events = many(2600)
    const id = await fixture.book()
    await fixture.sync()
    expireTokens()
    for (const event of events.slice(0, 40)) google.person.remove(fixture.at(event.id))
    google.world.faults.push({ match: { operation: 'events.list' }, kind: 'reset', after: 2, times: 1 })
    await fixture.sync()
    expect(await stored()).toBe(2600)
    await fixture.sync()
    expect(await stored()).toBe(2560)
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null })
  })

  test('a copy that it did not contain is flagged', async () => {
    const id = await fixture.book()
    await fixture.sync()
    google.person.remove(fixture.at(eventIdFor(id, 0)))
    expireTokens()
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
  })

  test('an appointment from before the window is not expected in it', async () => {
    const id = await fixture.book({ startsAt: '2024-01-01T00:00:00Z', endsAt: '2024-01-01T01:00:00Z' })
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live' })
    expireTokens()
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null })
  })

  test('an exception that vanished gives its instance back to the series', async () => {
    const series = create(timed('2027-01-12', { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2'] }))
    await fixture.sync()
    await database.sql`
      insert into google_events (business_id, connection_id, event_id, kind, recurring_event_id, original_start, cancelled,
        blocks, blocks_why, generation, ends_at)
      values (${fixture.businessId}, ${fixture.connectionId}, ${`${series.id}_20270118T230000Z`}, 'exception', ${series.id},
        '20270118T230000Z', true, true, 'busy', 0, '2027-01-18T23:00:00Z')`
    await updateConnection(database.db, fixture.connectionId, { syncToken: null })
    await fixture.sync()
    expect((await fixture.mirror()).occurrences).toHaveLength(2)
    expect((await fixture.mirror()).events).toHaveLength(1)
  })
})

test('a deleted instance that says nothing but an id of another form: known before, it is gone from its series', async () => {
  const series = create(timed('2027-01-12', { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'] }))
  const id = `${series.id}_2027-01-18`
  moveUnder(id, series.id)
  await fixture.sync()
  google.world.state.switches.bareCancelledInstances = true
  google.person.remove(fixture.at(id))
  await fixture.sync()
  google.person.change({ ...fixture.at(series.id), changes: { summary: 'Again' } })
  await fixture.sync()
  expect((await fixture.mirror()).occurrences.map((one) => one.start)).toEqual([
    '2027-01-11T23:00:00Z',
    '2027-01-25T23:00:00Z',
  ])
})

/** The emulator names instances as Google does today: one is moved, and goes on under another name. */
const moveUnder = (id: string, seriesId: string) => {
  const usual = `${seriesId}_20270118T230000Z`
  google.person.change({ ...fixture.at(usual), changes: timed('2027-01-20') })
  const calendar = google.world.state.calendars.get(fixture.calendarId)
  const exception = calendar?.events.get(usual)
  if (!calendar || !exception) throw new Error('The instance is not there.')
  calendar.events.delete(usual)
  calendar.exceptions.get(seriesId)?.delete(usual)
  putEvent(google.world, calendar, { ...exception, id })
}

describe('the brake', () => {
  const emptied = async (count: number) => {
    const events = many(count)
    await fixture.sync()
    for (const event of events) google.person.remove(fixture.at(event.id))
    expireTokens()
    await fixture.sync()
    return events
  }

  test('a full read that would remove most of the mirror stops and says so', async () => {
    await emptied(60)
    expect(await stored()).toBe(60)
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'mass-deletion' })
    expect(await fixture.connection()).toMatchObject({ lastFailureDetail: '60', syncToken: null })
    const before = google.world.log.last()
    await fixture.sync()
    expect(lists(before)).toEqual([])
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'mass-deletion' })
  })

  test('while it holds, appointments go to Google; trouble on the way does not answer the question', async () => {
    await emptied(60)
    google.world.faults.push({ match: { operation: 'events.insert' }, kind: 'status', status: 429, times: 1 })
    const id = await fixture.book()
    expect(await fixture.sync()).toMatchObject({ failure: 'rate-limited' })
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'mass-deletion' })
    await database.sql`update google_connections set retry_at = now() + interval '5 minutes' where id = ${fixture.connectionId}`
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live' })
    expect(await stored()).toBe(60)
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'mass-deletion' })
  })

  test('read again later: it asks again, or everything is back and the question goes', async () => {
    const events = await emptied(60)
    const later = () =>
      database.sql`update google_connections set retry_at = now() where id = ${fixture.connectionId}`
    await later()
    await fixture.sync()
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'mass-deletion' })
    for (const event of events) google.person.restore(fixture.at(event.id))
    await later()
    await fixture.sync()
    expect(await stored()).toBe(60)
    expect(await status()).toMatchObject({ state: 'healthy' })
  })

  test('the owner’s yes lets it go on, once', async () => {
    await emptied(60)
    await updateConnection(database.db, fixture.connectionId, {
      bulkDeletionApproved: true,
      failingSince: null,
      lastFailureKind: null,
    })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await stored()).toBe(0)
    expect(await fixture.connection()).toMatchObject({ bulkDeletionApproved: false })
    expect(await status()).toMatchObject({ state: 'healthy' })
  })

  test('without the yes a second try stops as well', async () => {
    await emptied(60)
    await updateConnection(database.db, fixture.connectionId, {
      failingSince: null,
      lastFailureKind: null,
      waitsForPerson: false,
    })
    await fixture.sync()
    expect(await stored()).toBe(60)
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'mass-deletion' })
  })

  test('a few removals need no question', async () => {
    await emptied(20)
    expect(await stored()).toBe(0)
    expect(await status()).toMatchObject({ state: 'healthy' })
  })

  test('copies count too: an empty answer cancels no appointments', async () => {
    await database.sql`update businesses set when_removed = 'cancel' where id = ${fixture.businessId}`
    const ids: string[] = []
    for (let n = 0; n < 55; n++) ids.push(await fixture.book())
    await fixture.sync()
    for (const id of ids) google.person.remove(fixture.at(eventIdFor(id, 0)))
    expireTokens()
    await fixture.sync()
    expect(await status()).toEqual({ state: 'needs-attention', reason: 'mass-deletion' })
    const [count] = await database.sql`
      select count(*)::int as booked from appointments where business_id = ${fixture.businessId} and status = 'booked'`
    expect(count?.booked).toBe(55)
  })
})

test('an event that cannot be read is skipped and counted; the rest goes on', async () => {
  const odd = create(timed('2027-01-12'))
  const fine = create(timed('2027-01-13'))
  const calendar = google.world.state.calendars.get(fixture.calendarId)
  const event = calendar?.events.get(odd.id)
  if (!calendar || !event) throw new Error('The event is not there.')
  const start = event.start as { ms: number }
  calendar.events.set(odd.id, { ...event, end: { ...start, ms: start.ms - 3_600_000 } })
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect((await fixture.mirror()).events.map((one) => one.id)).toEqual([fine.id])
  expect(await fixture.connection()).toMatchObject({ skippedCount: 1 })
})
