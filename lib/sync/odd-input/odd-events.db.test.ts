import { describe, expect } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import type { Fault } from '../../../emulator/model.ts'
import { readLagAttempts } from '../core/backoff.ts'
import { eventIdFor } from '../core/event-id.ts'

/** One event of an answer lost a part: what is left is not taken for a change by people. */

type Item = Record<string, unknown>
const rewriteItem = (change: (item: Item) => Item): Partial<Fault> => ({
  kind: 'rewrite',
  rewrite: (answer) => {
    const { items, ...event } = answer as Item & { items?: Item[] }
    return items ? { ...event, items: items.map(change) } : change(event)
  },
  times: 1,
})

test('a moved instance that a full read lists under another id stays moved', async ({ fixture }) => {
  const { id = '' } = fixture.inGoogle.create({
    summary: 'Weekly',
    start: { dateTime: '2027-03-01T09:00:00Z', timeZone: 'UTC' },
    end: { dateTime: '2027-03-01T10:00:00Z', timeZone: 'UTC' },
    recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'],
  })
  const instance = `${id}_20270308T090000Z`
  fixture.inGoogle.change(
    instance,
    { start: { dateTime: '2027-03-09T15:00:00Z' }, end: { dateTime: '2027-03-09T16:00:00Z' } },
    'this',
  )
  await fixture.sync()
  const before = await fixture.mirror()
  expect(before.events).toHaveLength(2)
  fixture.expireSyncTokens()
  fixture.injectFault('events.list', {
    ...rewriteItem((item) => (item.id === instance ? { ...item, id: 'other' } : item)),
    after: 1,
  })
  expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
  expect(await fixture.status()).toMatchObject({ state: 'delayed' })
  fixture.clearFaults()
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect(await fixture.mirror()).toEqual(before)
})

test('an instance of another version is no exception any more, and leaves', async ({ fixture }) => {
  const { id = '' } = fixture.inGoogle.create({
    summary: 'Weekly',
    start: { dateTime: '2027-03-01T09:00:00Z', timeZone: 'UTC' },
    end: { dateTime: '2027-03-01T10:00:00Z', timeZone: 'UTC' },
    recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'],
  })
  fixture.inGoogle.change(`${id}_20270308T090000Z`, { summary: 'Once' }, 'this')
  await fixture.sync()
  fixture.expireSyncTokens()
  const withoutInstances = (answer: unknown) => {
    const { items, ...page } = answer as { items: Item[] }
    return { ...page, items: items.filter(({ recurringEventId }) => !recurringEventId) }
  }
  fixture.injectFault('events.list', { kind: 'rewrite', rewrite: withoutInstances, after: 1 })
  fixture.injectFault(
    'events.get',
    rewriteItem((item) => ({ ...item, etag: '"of-the-series"' })),
  )
  expect(await fixture.sync()).toMatchObject({ failure: null })
  expect((await fixture.mirror()).events.map(({ title }) => title)).toEqual(['Weekly'])
})

test.for([
  ['here', (fixture: SyncFixture, id: string) => fixture.edit(id, { title: 'Tap and drain' })],
  [
    'in Google',
    (fixture: SyncFixture, id: string) => fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Tap and drain' }),
  ],
] as const)(
  'an insert without an answer, an edit %s and an answer without the marker: one event',
  async ([, edit], { fixture }) => {
    await fixture.sync()
    fixture.injectFault('events.insert', { kind: 'lost-response', times: 1 })
    fixture.injectFault('events.list', { status: 503, times: 1 })
    const id = await fixture.book({ title: 'Tap' })
    await fixture.sync()
    await edit(fixture, id)
    await fixture.endBackoff()
    fixture.injectFault('events.get', { kind: 'missing-fields', fields: ['extendedProperties'], times: 1 })
    await fixture.sync()
    await fixture.endBackoff()
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(fixture.liveIn(fixture.calendarId)).toHaveLength(1)
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', idSuffix: 0 })
  },
)

describe('times that no appointment can have', () => {
  const farEnd = { dateTime: '9999-12-31T23:59:59-05:00' }

  const changed = async (fixture: SyncFixture) => {
    const id = await fixture.book()
    await fixture.sync()
    fixture.inGoogle.change(eventIdFor(id, 0), { location: 'Bondi' })
    return id
  }
  const rowOf = async (fixture: SyncFixture, id: string) => {
    const { startsAt, endsAt, location } = (await fixture.appointment(id)) ?? {}
    return { startsAt, endsAt, location }
  }

  test('in a list: the event is read by its id, and inserted into another calendar', async ({ fixture }) => {
    const id = await changed(fixture)
    const before = await rowOf(fixture, id)
    fixture.injectFault(
      'events.list',
      rewriteItem((item) => ({ ...item, end: farEnd })),
    )
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await rowOf(fixture, id)).toEqual({ ...before, location: 'Bondi' })
    const other = fixture.addCalendar()
    await fixture.select(other)
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await fixture.mapping(id, other)).toMatchObject({ state: 'live', lastErrorKind: null })
    expect(fixture.liveIn(other)).toEqual(['Blocked drain'])
  })

  test('in the answer to an insert: it is inserted once, and a later edit keeps the times', async ({ fixture }) => {
    fixture.injectFault(
      'events.insert',
      rewriteItem((event) => ({ ...event, end: farEnd })),
    )
    const id = await fixture.book()
    const before = await rowOf(fixture, id)
    await fixture.sync()
    await fixture.endBackoff()
    expect(await fixture.sync()).toMatchObject({ failure: null })
    await fixture.edit(id, { notes: 'Bring the ladder' })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await rowOf(fixture, id)).toEqual(before)
    expect(await fixture.mapping(id)).toMatchObject({ state: 'live', idSuffix: 0, lastErrorKind: null })
    expect(fixture.liveIn(fixture.calendarId)).toHaveLength(1)
  })

  test('given by people: the appointment needs attention until they change them', async ({ fixture }) => {
    const id = await fixture.book()
    const before = await rowOf(fixture, id)
    await fixture.sync()
    const eventId = eventIdFor(id, 0)
    const start = { dateTime: '2027-01-12T00:00:00Z' }
    fixture.inGoogle.change(eventId, { start, end: { dateTime: '2027-02-12T00:00:00Z' } })
    for (let attempt = 0; attempt <= readLagAttempts; attempt++) {
      await fixture.sync()
      await fixture.endBackoff()
    }
    expect(await fixture.mapping(id)).toMatchObject({ lastErrorKind: 'rejected', lastErrorDetail: 'unreadable' })
    expect(await rowOf(fixture, id)).toEqual(before)
    fixture.inGoogle.change(eventId, { start, end: { dateTime: '2027-01-12T01:00:00Z' } })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await fixture.mapping(id)).toMatchObject({ lastErrorKind: null, rejectedRevision: null })
    expect(await rowOf(fixture, id)).toMatchObject({ startsAt: start.dateTime, endsAt: '2027-01-12T01:00:00Z' })
  })
})

describe('a text of another type', () => {
  const retitled = async (fixture: SyncFixture) => {
    const id = await fixture.book({ title: 'Tap', location: 'Bondi' })
    await fixture.sync()
    fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Tap, kitchen' })
    return id
  }

  test.for(['summary', 'location', 'description'])(
    '%s in a list: the event is read by its id',
    async (field, { fixture }) => {
      const id = await retitled(fixture)
      fixture.injectFault(
        'events.list',
        rewriteItem((item) => ({ ...item, [field]: true })),
      )
      const requests = fixture.recordRequests()
      expect(await fixture.sync()).toMatchObject({ failure: null })
      expect(requests()).toEqual(['events.list', 'events.get'])
      expect(await fixture.appointment(id)).toMatchObject({
        title: 'Tap, kitchen',
        location: 'Bondi',
        status: 'booked',
      })
    },
  )

  test('in the answer to a get: it is asked for again, and what people wrote is kept', async ({
    fixture,
    database,
  }) => {
    const id = await retitled(fixture)
    await fixture.edit(id, { title: 'Tap and drain' })
    fixture.injectFault(
      'events.get',
      rewriteItem((item) => ({ ...item, summary: true })),
    )
    await fixture.sync()
    await fixture.endBackoff()
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(fixture.liveIn(fixture.calendarId)).toEqual(['Tap and drain'])
    const kept =
      await database.sql`select before, after from activity where appointment_id = ${id} and actor = 'google'`
    expect(JSON.stringify(kept)).toContain('Tap, kitchen')
  })
})

describe('guests', () => {
  const withGuest = async (fixture: SyncFixture) => {
    const id = await fixture.book({ title: 'Tap', assigneeIds: [fixture.staffId] })
    await fixture.sync()
    return id
  }
  const emailsOf = (fixture: SyncFixture, eventId: string, calendarId?: string) =>
    (fixture.event(eventId, calendarId)?.attendees ?? []).map(({ email }) => email)

  test('one without an address in the old calendar: it is read again, and invited in the new one', async ({
    fixture,
  }) => {
    const id = await withGuest(fixture)
    const [invited] = emailsOf(fixture, eventIdFor(id, 0))
    expect(invited).toContain('@')
    const other = fixture.addCalendar()
    await fixture.select(other)
    fixture.injectFault(
      'events.get',
      rewriteItem((item) => ({ ...item, attendees: [{ responseStatus: 'accepted' }] })),
    )
    await fixture.sync()
    await fixture.endBackoff()
    expect(await fixture.sync()).toMatchObject({ failure: null })
    const eventId = (await fixture.mapping(id, other))?.eventId ?? ''
    expect(emailsOf(fixture, eventId, other)).toContain(invited)
  })

  test('one that Google refuses, from one odd answer, is not written again', async ({ fixture }) => {
    const id = await fixture.book({ title: 'Tap' })
    await fixture.sync()
    fixture.inGoogle.change(eventIdFor(id, 0), { attendees: [{ email: 'guest@friends.example' }] })
    fixture.injectFault(
      'events.list',
      rewriteItem((item) => ({ ...item, attendees: [{ email: 'OK' }] })),
    )
    await fixture.sync()
    await fixture.edit(id, { assigneeIds: [fixture.ownerId] })
    await fixture.sync()
    expect(await fixture.mapping(id)).toMatchObject({ lastErrorKind: 'transient', rejectedRevision: null })
    await fixture.endBackoff()
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(await fixture.mapping(id)).toMatchObject({ lastErrorKind: null, rejectedRevision: null })
    const emails = emailsOf(fixture, eventIdFor(id, 0))
    expect(emails).toHaveLength(2)
    expect(emails).toContain('guest@friends.example')
  })
})
