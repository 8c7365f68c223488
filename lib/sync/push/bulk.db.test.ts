import { describe, expect } from 'vitest'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { eventIdFor } from '../core/event-id.ts'

/** Many dirty appointments are sent in batches; each write succeeds or fails alone. */

const many = 12

/** Booked a while ago: what people just did is sent one by one. */
const bookMany = async (fixture: SyncFixture, count = many) => {
  const ids: string[] = []
  for (let n = 0; n < count; n++) ids.push(await fixture.book({ title: `Visit ${n}`, assigneeIds: [] }))
  await asLongAgo(fixture)
  return ids
}

const asLongAgo = ({ database, businessId }: SyncFixture) =>
  database.sql`update appointments set updated_at = now() - interval '1 hour' where business_id = ${businessId}`

const editAll = async (fixture: SyncFixture, ids: string[], title: string) => {
  for (const id of ids) await fixture.edit(id, { title })
  await asLongAgo(fixture)
}

const titles = (fixture: SyncFixture, ids: string[]) =>
  ids.map((id) => fixture.event(eventIdFor(id, 0))?.summary ?? null)
const expectAgreed = async (fixture: SyncFixture, ids: string[]) => {
  for (const id of ids) {
    const row = await fixture.appointment(id)
    expect(await fixture.mapping(id)).toMatchObject({
      state: 'live',
      revisionPushed: row?.revision,
      unacknowledgedWrites: null,
      lastErrorKind: null,
    })
  }
  expect(titles(fixture, ids)).toEqual(await Promise.all(ids.map(async (id) => (await fixture.appointment(id))?.title)))
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.list'])
}

test('inserts, changes and deletions are one batch each, and the next run is idle', async ({ fixture }) => {
  await fixture.sync()
  const ids = await bookMany(fixture)
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['batch', 'events.list'])
  await expectAgreed(fixture, ids)
  await editAll(fixture, ids, 'Later')
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['batch', 'events.list'])
  await expectAgreed(fixture, ids)
  for (const id of ids) await fixture.cancel(id)
  await asLongAgo(fixture)
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['batch', 'events.list'])
  expect(fixture.liveIn(fixture.calendarId)).toEqual([])
  for (const id of ids) expect(await fixture.mapping(id)).toMatchObject({ state: 'gone' })
})

test('a hundred and twenty need three batches', async ({ fixture }) => {
  await fixture.sync()
  await bookMany(fixture, 120)
  expect(await fixture.requestsDuring(fixture.sync)).toEqual(['batch', 'batch', 'batch', 'events.list'])
  expect(fixture.liveIn(fixture.calendarId)).toHaveLength(120)
})

describe('one part', () => {
  test('that people changed in Google is merged, the others are written', async ({ fixture }) => {
    const ids = await bookMany(fixture)
    await fixture.sync()
    const [first = ''] = ids
    fixture.inGoogle.change(eventIdFor(first, 0), { location: 'Upstairs' })
    await editAll(fixture, ids, 'Later')
    await fixture.sync()
    expect(await fixture.appointment(first)).toMatchObject({ title: 'Later', location: 'Upstairs' })
    await expectAgreed(fixture, ids)
  })

  test('that is refused is sent again alone', async ({ fixture }) => {
    await fixture.sync()
    const ids = await bookMany(fixture)
    fixture.injectFault('events.insert', { status: 400, reason: 'badRequest', times: 1, after: 3 })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    await expectAgreed(fixture, ids)
  })

  test.for(['missing-parts', 'repeated-parts'] as const)(
    'without an answer (%s) is tried again',
    async (kind, { fixture }) => {
      await fixture.sync()
      const ids = await bookMany(fixture)
      fixture.injectFault('batch', { kind, parts: [2, 5], times: 1 })
      expect(await fixture.sync()).toMatchObject({ failure: null })
      await fixture.endBackoff()
      await fixture.sync()
      await expectAgreed(fixture, ids)
      expect(fixture.liveIn(fixture.calendarId)).toHaveLength(many)
    },
  )

  test('under an id that a person’s event has is inserted under the next one', async ({ fixture }) => {
    await fixture.sync()
    const ids = await bookMany(fixture)
    const [first = ''] = ids
    fixture.inGoogle.create({
      id: eventIdFor(first, 0),
      summary: 'Theirs',
      start: { dateTime: '2027-01-11T23:00:00Z' },
      end: { dateTime: '2027-01-12T00:00:00Z' },
    })
    await fixture.sync()
    expect(await fixture.mapping(first)).toMatchObject({ state: 'live', idSuffix: 1 })
    expect(fixture.liveIn(fixture.calendarId)).toHaveLength(many + 1)
  })
})

describe('a change of calendar', () => {
  test('reads, inserts and removes together, and carries additions over', async ({ fixture }) => {
    const ids = await bookMany(fixture)
    await fixture.sync()
    const [first = ''] = ids
    fixture.inGoogle.change(eventIdFor(first, 0), { colorId: '5' })
    await fixture.sync()
    const other = fixture.addCalendar()
    await fixture.select(other)
    const requests = await fixture.requestsDuring(fixture.sync)
    expect(requests.filter((operation) => operation === 'batch')).toHaveLength(3)
    expect(requests.filter((operation) => /insert|get|delete/.test(operation))).toEqual([])
    expect(fixture.liveIn(fixture.calendarId)).toEqual([])
    expect(fixture.liveIn(other)).toHaveLength(many)
    expect(fixture.event((await fixture.mapping(first, other))?.eventId ?? '', other)).toMatchObject({ colorId: '5' })
  })

  test('goes one by one where batches are refused', async ({ fixture }) => {
    await bookMany(fixture)
    await fixture.sync()
    const other = fixture.addCalendar()
    await fixture.select(other)
    fixture.injectFault('batch', { status: 404, reason: 'notFound' })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(fixture.liveIn(fixture.calendarId)).toEqual([])
    expect(fixture.liveIn(other)).toHaveLength(many)
  })
})

describe('a batch', () => {
  test('whose answer is lost leaves each part unacknowledged, and none is doubled', async ({ fixture }) => {
    await fixture.sync()
    const ids = await bookMany(fixture)
    fixture.injectFault('batch', { kind: 'lost-response', times: 1 })
    expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
    for (const id of ids)
      expect(await fixture.mapping(id)).toMatchObject({ state: 'pending', unacknowledgedWrites: [expect.anything()] })
    await fixture.endBackoff()
    await fixture.sync()
    await fixture.endBackoff()
    await fixture.sync()
    await expectAgreed(fixture, ids)
    expect(fixture.liveIn(fixture.calendarId)).toHaveLength(many)
  })

  test('of deletions whose answer is lost: reinstated appointments are in Google again', async ({ fixture }) => {
    await fixture.setDefaultAnswer('cancel')
    const ids = await bookMany(fixture)
    await fixture.sync()
    for (const id of ids) await fixture.cancel(id)
    await asLongAgo(fixture)
    fixture.injectFault('batch', { kind: 'lost-response', times: 1 })
    expect(await fixture.sync()).toMatchObject({ failure: 'transient' })
    for (const id of ids) await fixture.edit(id, { status: 'booked' })
    await asLongAgo(fixture)
    await fixture.endBackoff()
    await fixture.sync()
    await fixture.sync()
    for (const id of ids) expect(await fixture.appointment(id)).toMatchObject({ status: 'booked' })
    expect(fixture.liveIn(fixture.calendarId)).toHaveLength(many)
  })

  test('that is refused as a whole is sent one by one', async ({ fixture }) => {
    await fixture.sync()
    const ids = await bookMany(fixture)
    fixture.injectFault('batch', { status: 404, reason: 'notFound' })
    expect(await fixture.sync()).toMatchObject({ failure: null })
    await expectAgreed(fixture, ids)
  })

  test('over the budget waits for the next minute; a booking of that moment does not', async ({ fixture }) => {
    await fixture.sync()
    await bookMany(fixture)
    await fixture.database.sql`
      insert into google_budget (google_sub, minute, spent) values (${fixture.sub}, date_trunc('minute', now()), 495)
      on conflict (google_sub, minute) do update set spent = 495`
    const now = await fixture.book({ title: 'Right now' })
    expect(await fixture.sync()).toMatchObject({ failure: 'rate-limited' })
    expect(titles(fixture, [now])).toEqual(['Right now'])
    expect(fixture.liveIn(fixture.calendarId)).toHaveLength(1)
  })

  test('whose calendar is left before the answer leaves no event behind', async ({ fixture }) => {
    await fixture.sync()
    await bookMany(fixture)
    const batch = fixture.holdNext('batch')
    const run = fixture.sync()
    await batch.reached
    const other = fixture.addCalendar()
    await fixture.select(other)
    batch.release()
    await run
    await fixture.sync()
    expect(fixture.liveIn(fixture.calendarId)).toEqual([])
    expect(fixture.liveIn(other)).toHaveLength(many)
  })
})
