import { describe, expect } from 'vitest'
import { settingsOf } from '#lib/connection/settings.ts'
import { healthOf } from '#lib/jobs/health.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { readLagAttempts } from '../core/backoff.ts'
import { eventIdFor } from '../core/event-id.ts'

/** One value stops one event, never a calendar; a run that throws is a failure with a status. */

type Item = Record<string, unknown>

/** The next list answers with these items beside its own. */
const sendItems = (fixture: SyncFixture, items: Item[], page: Item = {}) =>
  fixture.injectFault('events.list', {
    kind: 'rewrite',
    rewrite: (answer) => ({
      ...(answer as object),
      ...page,
      items: [...(answer as { items: Item[] }).items, ...items],
    }),
    times: 1,
  })

const hour = { start: { dateTime: '2027-03-01T09:00:00Z' }, end: { dateTime: '2027-03-01T10:00:00Z' } }
const item = (id: string, fields: Item = {}): Item => ({
  id,
  etag: '"1"',
  status: 'confirmed',
  summary: id,
  ...hour,
  ...fields,
})
const titles = async (fixture: SyncFixture) => (await fixture.mirror()).events.map((event) => event.title)

const refuse = (fixture: SyncFixture, table: string, code: string) =>
  fixture.database.sql.unsafe(`
    create or replace function refuse_poison() returns trigger language plpgsql as $$
      begin if new.title like 'poison%' then raise exception 'refused' using errcode = '${code}'; end if; return new; end $$;
    create or replace trigger refuse_poison before insert or update on ${table} for each row execute function refuse_poison()`)
const allow = async (fixture: SyncFixture) => {
  await fixture.database.sql`drop trigger if exists refuse_poison on google_events`
  await fixture.database.sql`drop trigger if exists refuse_poison on appointments`
}

describe('an event that cannot be stored', () => {
  test.for<[string, Item]>([
    ['an end in the year 10000', { end: { dateTime: '9999-12-31T23:59:59-05:00' } }],
    [
      'a start in the year 10000',
      { start: { dateTime: '9999-12-31T23:59:59-05:00' }, end: { dateTime: '9999-12-31T23:59:59-05:00' } },
    ],
    ['a start in the year -1', { start: { dateTime: '-000001-01-01T00:00:00Z' } }],
    ['a start in the year 0', { start: { date: '0000-01-01' }, end: { date: '0000-01-02' } }],
    ['a lone surrogate', { summary: 'a\ud800', location: '\udfff', description: '\ud83d' }],
    ['NUL', { summary: 'a\0b', description: '\0' }],
    ['a title of 1 MB', { summary: 'x'.repeat(1_000_000) }],
    ['a rule of 1 MB', { recurrence: [`RRULE:FREQ=DAILY;BYHOUR=${'1,'.repeat(500_000)}1`] }],
    [
      '20,000 exclusions',
      { recurrence: ['RRULE:FREQ=DAILY', `EXDATE:${'20270301T090000Z,'.repeat(20_000)}20270301T090000Z`] },
    ],
    ['a zone of Mars', { start: { dateTime: '2027-03-01T09:00:00', timeZone: 'Mars/Base' } }],
    [
      'an original start far away',
      { recurringEventId: 'series', originalStartTime: { dateTime: '9999-12-31T23:59:59-12:00' } },
    ],
    ['updated in the year 300000', { updated: '+300000-01-01T00:00:00Z' }],
    ['updated as nonsense', { updated: 'yesterday' }],
    ['an etag of 1 MB', { etag: 'x'.repeat(1_000_000) }],
  ])('%s: the neighbours and later events go on', async ([_, fields], { fixture }) => {
    sendItems(fixture, [item('before'), item('odd', fields), item('after')])
    fixture.injectFault('events.get', { kind: 'body', status: 200, body: JSON.stringify(item('odd', fields)) })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await titles(fixture)).toEqual(expect.arrayContaining(['after', 'before']))
    sendItems(fixture, [item('later')])
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await titles(fixture)).toContain('later')
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  })

  test('an id of 3,000 characters is skipped where it stays', async ({ fixture }) => {
    const long = [item('before'), item('x'.repeat(3000)), item('after')]
    sendItems(fixture, long)
    expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
    await fixture.endLag()
    sendItems(fixture, long)
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await titles(fixture)).toEqual(expect.arrayContaining(['after', 'before']))
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  })

  const instanceId = 'series_20270302T090000Z'
  const at = { originalStartTime: { dateTime: '2027-03-02T09:00:00Z' } }
  test.for<[string, Item[]]>([
    ['two ids for one instance', ['odd', instanceId].map((id) => item(id, { recurringEventId: 'series', ...at }))],
    ['an instance that names another series', [item(instanceId, { recurringEventId: 'other', ...at })]],
  ])('%s: later events go on', async ([_, items], { fixture }) => {
    sendItems(fixture, [item('series', { recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] }), ...items])
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect((await fixture.mirror()).occurrences).toHaveLength(3)
    sendItems(fixture, [item('later')])
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await titles(fixture)).toContain('later')
  })

  test('an end in the year 10000 is shown as far as it can be stored', async ({ fixture }) => {
    sendItems(fixture, [item('long', { end: { dateTime: '9999-12-31T23:59:59-05:00' } })])
    await fixture.sync()
    expect((await fixture.mirror()).occurrences).toMatchObject([{ instance: 'long' }])
    expect(await fixture.calendar()).toMatchObject({ skippedCount: 0 })
  })

  test('whatever Postgres refuses is isolated, counted and named to the owner', async ({ fixture }) => {
    await refuse(fixture, 'google_events', '22008')
    const many = Array.from({ length: 37 }, (_, n) => item(`event${n}`))
    sendItems(fixture, [
      ...many,
      item('odd1', { summary: 'poison' }),
      ...many.map((one) => ({ ...one, id: `${one.id}b` })),
      item('odd2', { summary: 'poison' }),
    ])
    expect(await fixture.sync()).toMatchObject({ failure: null })
    await allow(fixture)
    expect(await titles(fixture)).toHaveLength(74)
    const settings = await settingsOf(fixture.businessId)
    expect(settings).toMatchObject({
      status: { state: 'healthy' },
      counts: { skipped: 2 },
      skipped: [
        { id: 'odd1', why: 'It could not be read.' },
        { id: 'odd2', why: 'It could not be read.' },
      ],
    })
    sendItems(fixture, [item('odd1', { summary: 'readable now' })])
    await fixture.sync()
    expect(await fixture.calendar()).toMatchObject({ skippedCount: 1, skippedEvents: [{ id: 'odd2' }] })
  })

  test('an appointment’s event with such a value needs attention, others go on', async ({ fixture }) => {
    const [id, other] = [await fixture.book(), await fixture.book()]
    await fixture.sync()
    await refuse(fixture, 'appointments', '22008')
    fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'poison' })
    fixture.inGoogle.change(eventIdFor(other, 0), { summary: 'Followed' })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await fixture.appointment(other)).toMatchObject({ title: 'Followed' })
    expect(await fixture.mapping(id)).toMatchObject({ lastErrorKind: 'rejected', lastErrorDetail: 'unstorable' })
    expect(await settingsOf(fixture.businessId)).toMatchObject({ counts: { needAttention: 1 } })
    await allow(fixture)
  })

  describe('an appointment’s event that cannot be read', () => {
    const withoutTimes = (answer: unknown) => JSON.parse(JSON.stringify(answer).replaceAll('"dateTime"', '"moment"'))

    /** A change that every read, or the next one of each kind, sends without times. */
    const changeUnreadably = async (fixture: SyncFixture, times?: number) => {
      const id = await fixture.book()
      await fixture.sync()
      fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Changed' })
      for (const operation of ['events.list', 'events.get'])
        fixture.injectFault(operation, { kind: 'rewrite', rewrite: withoutTimes, ...(times && { times }) })
      return id
    }

    test('needs attention after several attempts', async ({ fixture }) => {
      const id = await changeUnreadably(fixture)
      for (let attempt = 1; attempt <= readLagAttempts; attempt++) {
        await fixture.sync()
        expect(await fixture.mapping(id)).toMatchObject({ attempts: attempt, lastErrorKind: 'transient' })
        await fixture.endBackoff()
      }
      await fixture.sync()
      expect(await fixture.mapping(id)).toMatchObject({ lastErrorKind: 'rejected', lastErrorDetail: 'unreadable' })
      expect(await settingsOf(fixture.businessId)).toMatchObject({ counts: { needAttention: 1 } })
      expect(await fixture.appointment(id)).toMatchObject({ removedInGoogleAt: null })
      const requests = fixture.recordRequests()
      await fixture.sync()
      expect(requests()).not.toContain('events.get')
    })

    test('is read again after one odd answer, and needs no person', async ({ fixture }) => {
      const id = await changeUnreadably(fixture, 1)
      expect(await fixture.sync()).toMatchObject({ failure: null })
      expect(await settingsOf(fixture.businessId)).toMatchObject({
        status: { state: 'catching-up', waiting: 1 },
        counts: { needAttention: 0 },
      })
      expect(await fixture.secondsUntilLaterRun()).toBeDefined()
      await fixture.endBackoff()
      expect(await fixture.sync()).toMatchObject({ failure: null })
      expect(await fixture.appointment(id)).toMatchObject({ title: 'Changed', removedInGoogleAt: null })
      expect(await fixture.mapping(id)).toMatchObject({ attempts: 0, lastErrorKind: null })
      expect(await fixture.status()).toMatchObject({ state: 'healthy' })
    })
  })
})

describe('the calendar’s zone', () => {
  const allDay = item('holiday', { start: { date: '2027-03-01' }, end: { date: '2027-03-02' } })

  test('an offset is followed', async ({ fixture }) => {
    sendItems(fixture, [], { timeZone: 'GMT-07:00' })
    sendItems(fixture, [allDay], { timeZone: 'GMT-07:00' })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect((await fixture.mirror()).occurrences).toMatchObject([{ start: '2027-03-01T07:00:00Z' }])
    sendItems(fixture, [item('next')], { timeZone: 'GMT-07:00' })
    expect(await fixture.sync()).toMatchObject({ failure: null })
  })

  test('an unknown one leaves the last known', async ({ fixture }) => {
    sendItems(fixture, [allDay], { timeZone: 'Mars/Phobos' })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect((await fixture.mirror()).occurrences).toMatchObject([{ start: '2027-02-28T13:00:00Z' }])
  })

  test('an unknown one that is stored does not stop the runs', async ({ fixture, database }) => {
    await database.sql`update synced_calendars set calendar_zone = 'Mars/Phobos' where id = ${fixture.syncedCalendarId}`
    sendItems(fixture, [allDay], { timeZone: undefined })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect((await fixture.mirror()).occurrences).toMatchObject([{ start: '2027-02-28T13:00:00Z' }])
  })
})

describe('a run that throws', () => {
  test('is a failure with status, time and backoff, and ends like any other', async ({ fixture, database }) => {
    await fixture.sync()
    await refuse(fixture, 'google_events', 'XX000')
    sendItems(fixture, [item('odd', { summary: 'poison' })])
    expect(await fixture.sync()).toMatchObject({ ran: true, failure: 'internal' })
    const calendar = await fixture.calendar()
    expect(calendar).toMatchObject({ lastFailureKind: 'internal', failures: 1, waitsForPerson: false })
    expect(calendar?.retryAt).not.toBeNull()
    expect(await fixture.secondsUntilLaterRun()).toBeGreaterThan(0)
    expect(await fixture.status()).toEqual({ state: 'delayed', since: calendar?.failingSince, why: 'internal' })
    sendItems(fixture, [item('odd', { summary: 'poison' })])
    await fixture.sync()
    expect(await fixture.calendar()).toMatchObject({ failures: 2, failingSince: calendar?.failingSince })
    await database.sql`update synced_calendars set last_success_at = now() - interval '1 hour' where id = ${fixture.syncedCalendarId}`
    expect(await healthOf()).toMatchObject({ oldestOverdueSyncSeconds: expect.closeTo(3600, -2) })
    await allow(fixture)
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
  })

  test('before it has begun: a token that cannot be opened', async ({ fixture, database }) => {
    await fixture.sync()
    await database.sql`update google_accounts set access_token = 'x', refresh_token = 'x' where id = ${fixture.accountId}`
    expect(await fixture.sync()).toMatchObject({ failure: 'internal' })
    expect(await fixture.status()).toMatchObject({ state: 'delayed', why: 'internal' })
  })

  test('a calendar without success for longer than its polling allows is not healthy', async ({
    fixture,
    database,
  }) => {
    await fixture.sync()
    const age = (interval: string, channel: string | null) => database.sql`
      update synced_calendars set last_success_at = now() - ${interval}::interval,
        channel_expires_at = now() + ${channel}::interval where id = ${fixture.syncedCalendarId}`
    await age('5 minutes', null)
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
    await age('11 minutes', null)
    expect(await fixture.status()).toMatchObject({ state: 'delayed', why: 'overdue' })
    await age('20 minutes', '1 day')
    expect(await fixture.status()).toMatchObject({ state: 'healthy' })
    await age('31 minutes', '1 day')
    expect(await fixture.status()).toMatchObject({ state: 'delayed', why: 'overdue' })
  })
})
