import { describe, expect } from 'vitest'
import { updateSyncedCalendar } from '#db/queries/sync/calendars.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { putEvent } from '../../../emulator/calendar/store.ts'
import type { LogEntry } from '../../../emulator/log.ts'
import { eventIdFor } from '../core/event-id.ts'

/** Reads of a calendar: pages, tokens, generations. */

const timeZone = 'Australia/Sydney'
const timed = (day: string, extra: object = {}) => ({
  summary: `On ${day}`,
  start: { dateTime: `${day}T10:00:00`, timeZone },
  end: { dateTime: `${day}T11:00:00`, timeZone },
  ...extra,
})
const create = (fixture: SyncFixture, event: object) => fixture.inGoogle.create(event)
const many = (fixture: SyncFixture, count: number) =>
  Array.from({ length: count }, (_, n) => create(fixture, timed('2027-01-12', { summary: `${n}` })))
const lists = (fixture: SyncFixture, since: number) =>
  fixture.google.world.log.since(since).filter((entry) => entry.operation === 'events.list')
const queryOf = (entry: { path: string }) => new URL(entry.path, 'http://google').searchParams
const stored = async (fixture: SyncFixture) => (await fixture.mirror()).events.length

describe('pages', () => {
  test('a read that broke off resumes at its page; its token comes with the last', async ({ fixture, google }) => {
    many(fixture, 2600)
    fixture.injectFault('events.list', { kind: 'reset', after: 1, times: 1 })
    const before = google.world.log.last()
    await fixture.sync()
    const interrupted = await fixture.calendar()
    expect(interrupted).toMatchObject({
      syncToken: null,
      importedAt: null,
      importedCount: 2500,
      readMode: 'full',
    })
    expect(interrupted?.pageCursor).not.toBeNull()
    expect(await stored(fixture)).toBe(2500)
    expect(await fixture.status()).toMatchObject({ state: 'delayed' })

    await fixture.sync()
    const finished = await fixture.calendar()
    expect(finished).toMatchObject({
      pageCursor: null,
      readMode: null,
      importedCount: 2600,
      importedAt: expect.any(String),
    })
    expect(finished?.syncToken).not.toBeNull()
    expect(await stored(fixture)).toBe(2600)
    const [first, broken, resumed] = lists(fixture, before).map(queryOf)
    expect(lists(fixture, before)).toHaveLength(3)
    expect(first?.get('pageToken')).toBeNull()
    expect(resumed?.get('pageToken')).toBe(broken?.get('pageToken'))
    expect(resumed?.get('timeMin')).toBe(first?.get('timeMin'))
  })

  test('a booking during a long read is pushed between the pages', async ({ fixture, google }) => {
    google.world.state.switches.itemsPerPage = 1
    many(fixture, 5)
    const firstPage = fixture.holdNext('events.list')
    const before = google.world.log.last()
    const run = fixture.sync()
    await firstPage.reached
    const id = await fixture.book()
    firstPage.release()
    await run
    const requests = google.world.log.since(before)
    const isOfFullRead = ({ operation, path }: LogEntry) =>
      operation === 'events.list' && !queryOf({ path }).has('syncToken')
    expect(requests.filter(isOfFullRead)).toHaveLength(5)
    expect(requests.findIndex(({ operation }) => operation === 'events.insert')).toBeLessThan(
      requests.findLastIndex(isOfFullRead),
    )
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live' })
  })

  test('a page token lost between pages starts a new read, and nothing is lost', async ({ fixture }) => {
    many(fixture, 2600)
    fixture.injectFault('events.list', { status: 410, reason: 'fullSyncRequired', after: 1, times: 1 })
    expect(await fixture.sync()).toMatchObject({ failure: null, pages: 4 })
    expect(await stored(fixture)).toBe(2600)
  })

  test.for([
    ['in random order', { shuffle: true }],
    ['with exceptions before their series', { exceptionsFirst: true }],
    ['repeated on two pages', { duplicateAcrossPages: true }],
    ['with bare cancelled instances', { bareCancelledInstances: true }],
  ])('items %s give the same mirror', async ([_, switches], { fixture, google }) => {
    const series = create(fixture, timed('2027-01-12', { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'] }))
    fixture.inGoogle.remove(`${series.id}_20270118T230000Z`, 'this')
    fixture.inGoogle.change(`${series.id}_20270125T230000Z`, timed('2027-01-27'), 'this')
    Object.assign(google.world.state.switches, switches)
    await fixture.sync()
    expect((await fixture.mirror()).occurrences.map((one) => one.start)).toEqual([
      '2027-01-11T23:00:00Z',
      '2027-01-26T23:00:00Z',
      '2027-02-01T23:00:00Z',
    ])
  })

  test('deltas drop events before the horizon', async ({ fixture }) => {
    await fixture.sync()
    create(fixture, timed('2020-01-12'))
    const kept = create(fixture, timed('2027-01-12'))
    await fixture.sync()
    expect((await fixture.mirror()).events.map((event) => event.id)).toEqual([kept.id])
  })
})

describe('tokens', () => {
  test('a delta sends the sync token and no window', async ({ fixture, google }) => {
    await fixture.sync()
    const before = google.world.log.last()
    await fixture.sync()
    const [asked] = lists(fixture, before)
    expect(asked && queryOf(asked).get('syncToken')).toBeTruthy()
    expect(asked && queryOf(asked).get('timeMin')).toBeNull()
  })

  test('a last page without a token is stored, the next read is full', async ({ fixture, google, database }) => {
    create(fixture, timed('2027-01-12'))
    await fixture.sync()
    await updateSyncedCalendar(database.db, fixture.syncedCalendarId, { syncToken: null })
    const before = google.world.log.last()
    await fixture.sync()
    expect(lists(fixture, before).map((entry) => queryOf(entry).has('timeMin'))).toEqual([true])
    expect(await stored(fixture)).toBe(1)
    expect((await fixture.calendar())?.syncToken).not.toBeNull()
  })

  test('a token of other request parameters is not used', async ({ fixture, google, database }) => {
    await fixture.sync()
    await updateSyncedCalendar(database.db, fixture.syncedCalendarId, { syncParameters: 'v0' })
    const before = google.world.log.last()
    await fixture.sync()
    expect(lists(fixture, before).map((entry) => queryOf(entry).has('syncToken'))).toEqual([false])
  })

  test('a change of the calendar’s zone moves its all-day events', async ({ fixture, google }) => {
    create(fixture, { summary: 'Closed', start: { date: '2027-01-12' }, end: { date: '2027-01-13' } })
    await fixture.sync()
    expect((await fixture.mirror()).occurrences).toMatchObject([{ start: '2027-01-11T13:00:00Z' }])
    google.person.updateCalendar({
      email: fixture.email,
      calendarId: fixture.calendarId,
      changes: { timeZone: 'Europe/Berlin' },
    })
    await fixture.sync()
    expect((await fixture.mirror()).occurrences).toMatchObject([{ start: '2027-01-11T23:00:00Z' }])
    expect(await fixture.calendar()).toMatchObject({ calendarZone: 'Europe/Berlin' })
  })
})

describe('a full read', () => {
  test('keeps everything until its last page, then removes what it did not contain', async ({ fixture }) => {
    const events = many(fixture, 2600)
    const id = await fixture.book()
    await fixture.sync()
    fixture.expireSyncTokens()
    for (const event of events.slice(0, 40)) fixture.inGoogle.remove(event.id)
    fixture.injectFault('events.list', { kind: 'reset', after: 2, times: 1 })
    await fixture.sync()
    expect(await stored(fixture)).toBe(2600)
    await fixture.sync()
    expect(await stored(fixture)).toBe(2560)
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null })
  })

  test('flags an appointment whose event it did not contain', async ({ fixture }) => {
    const id = await fixture.book()
    await fixture.sync()
    fixture.inGoogle.remove(eventIdFor(id, 0))
    fixture.expireSyncTokens()
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: expect.any(String) })
  })

  test('does not expect an appointment from before its window', async ({ fixture }) => {
    const id = await fixture.book({ startsAt: '2024-01-01T00:00:00Z', endsAt: '2024-01-01T01:00:00Z' })
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live' })
    fixture.expireSyncTokens()
    await fixture.sync()
    expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null })
  })

  test('without an exception restores the instance of the series', async ({ fixture, database }) => {
    const series = create(fixture, timed('2027-01-12', { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2'] }))
    await fixture.sync()
    await database.sql`
      insert into google_events (business_id, synced_calendar_id, event_id, kind, recurring_event_id, original_start, cancelled,
        blocks, blocks_why, generation, ends_at)
      values (${fixture.businessId}, ${fixture.syncedCalendarId}, ${`${series.id}_20270118T230000Z`}, 'exception', ${series.id},
        '20270118T230000Z', true, true, 'busy', 0, '2027-01-18T23:00:00Z')`
    await updateSyncedCalendar(database.db, fixture.syncedCalendarId, { syncToken: null })
    await fixture.sync()
    expect((await fixture.mirror()).occurrences).toHaveLength(2)
    expect((await fixture.mirror()).events).toHaveLength(1)
  })
})

test('a bare cancelled instance is found by a known id of another form', async ({ fixture, google }) => {
  const series = create(fixture, timed('2027-01-12', { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'] }))
  const id = `${series.id}_2027-01-18`
  moveWithId(fixture, id, series.id)
  await fixture.sync()
  google.world.state.switches.bareCancelledInstances = true
  fixture.inGoogle.remove(id)
  await fixture.sync()
  fixture.inGoogle.change(series.id, { summary: 'Again' })
  await fixture.sync()
  expect((await fixture.mirror()).occurrences.map((one) => one.start)).toEqual([
    '2027-01-11T23:00:00Z',
    '2027-01-25T23:00:00Z',
  ])
})

/** Moves an instance and gives it an id of a form that Google does not use today. */
const moveWithId = (fixture: SyncFixture, id: string, seriesId: string) => {
  const usual = `${seriesId}_20270118T230000Z`
  fixture.inGoogle.change(usual, timed('2027-01-20'))
  const calendar = fixture.google.world.state.calendars.get(fixture.calendarId)
  const exception = calendar?.events.get(usual)
  if (!calendar || !exception) throw new Error('The instance is not there.')
  calendar.events.delete(usual)
  calendar.exceptions.get(seriesId)?.delete(usual)
  putEvent(fixture.google.world, calendar, { ...exception, id })
}

test('an unreadable event is skipped and counted, and the others are stored', async ({ fixture, google }) => {
  const unreadable = create(fixture, timed('2027-01-12'))
  const readable = create(fixture, timed('2027-01-13'))
  const calendar = google.world.state.calendars.get(fixture.calendarId)
  const event = calendar?.events.get(unreadable.id)
  if (!calendar || !event) throw new Error('The event is not there.')
  const start = event.start as { ms: number }
  calendar.events.set(unreadable.id, { ...event, end: { ...start, ms: start.ms - 3_600_000 } })
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect((await fixture.mirror()).events.map((one) => one.id)).toEqual([readable.id])
  expect(await fixture.calendar()).toMatchObject({ skippedCount: 1 })
})
