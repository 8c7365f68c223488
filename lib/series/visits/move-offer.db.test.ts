import { randomUUID } from 'node:crypto'
import { describe, expect } from 'vitest'
import { visitsToDo } from '#lib/repeat/to-do.ts'
import { ceilings } from '#lib/sync/budget.ts'
import { eventIdFor } from '#lib/sync/core/event-id.ts'
import { fields } from '#testing/appointment-fields.ts'
import { killedAt } from '#testing/kill/killed-at.ts'
import { later, now, sampleSeries, tuesday } from '#testing/series/sample-series.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { undoOperation } from '../undo/undo.ts'
import { answerOffer } from './move-offer.ts'

const seriesOf = ({ businessId, ownerId, staffId, database }: SyncFixture) =>
  sampleSeries(database, { businessId, owner: ownerId, mia: staffId, tom: staffId })

const offers = async ({ database, businessId }: SyncFixture) =>
  (await database.db.transaction((tx) => visitsToDo(tx, { businessId, now, limit: 10 }))).moveOffers

const answer = (
  { database }: SyncFixture,
  of: ReturnType<typeof seriesOf>,
  appointmentId: string,
  following: boolean,
) => answerOffer(database.db, { ...of.asked, appointmentId, following, choices: {} })

const times = (start: string, end: string) => ({ start: { dateTime: start }, end: { dateTime: end } })

/** The third of five weekly visits, moved in Google by a day and an hour. */
const movedInGoogle = async (fixture: SyncFixture) => {
  const of = seriesOf(fixture)
  await of.make()
  await fixture.sync()
  const { id, start, end } = await of.visitAt(2)
  await fixture.inGoogle.change(eventIdFor(id, 0), times(later(start, 1, 1), later(end, 1, 1)))
  await fixture.sync()
  return { of, id }
}

test('a visit that was moved in Google asks whether the following ones move too', async ({ fixture }) => {
  const { id } = await movedInGoogle(fixture)
  expect(await offers(fixture)).toEqual([
    {
      ...{ appointmentId: id, seriesId: expect.any(String), originalStart: '2026-12-15T10:00', title: 'Clean' },
      ...{ start: '2026-12-16T00:00:00Z', end: '2026-12-16T01:00:00Z', originalInstant: '2026-12-14T23:00:00Z' },
    },
  ])
})

test('yes: they follow to the same day and hour, here and in Google', async ({ fixture }) => {
  const { of, id } = await movedInGoogle(fixture)
  expect(await answer(fixture, of, id, true)).toMatchObject({ ok: true, changed: 2 })
  expect((await of.visits()).map(({ start }) => start.slice(5, 16))).toEqual([
    ...['11-30T23:00', '12-07T23:00', '12-16T00:00', '12-23T00:00', '12-30T00:00'],
  ])
  expect(await offers(fixture)).toEqual([])
  await fixture.sync()
  const { id: last } = await of.visitAt(4)
  expect(fixture.event(eventIdFor(last, 0))?.start).toMatchObject({ dateTime: '2026-12-30T11:00:00+11:00' })
})

test('no: the others stay, and the question is gone', async ({ fixture }) => {
  const { of, id } = await movedInGoogle(fixture)
  const before = await offers(fixture)
  const answered = await answer(fixture, of, id, false)
  expect(answered).toEqual({ ok: true, seriesId: expect.any(String), operationId: expect.any(String) })
  expect(await answer(fixture, of, id, false)).toMatchObject({ ok: true, operationId: null })
  expect(await offers(fixture)).toEqual([])
  expect((await of.visits()).map(({ start }) => start.slice(5, 10))).toEqual([
    ...['11-30', '12-07', '12-16', '12-21', '12-28'],
  ])
  const operationId = (answered.ok && answered.operationId) || expect.fail('There is nothing to undo.')
  const undo = () => undoOperation(fixture.database.db, { ...of.asked, operationId })
  expect(await undo()).toEqual({ ok: true, restored: 1, kept: 0, taken: 0 })
  expect(await offers(fixture)).toEqual(before)
  expect(before).toHaveLength(1)
})

test('yes, taken back: the others are where they were, and the question is open again', async ({ fixture }) => {
  const { of, id } = await movedInGoogle(fixture)
  const picture = async () => [await of.lines(), await offers(fixture)]
  const before = await picture()
  const moved = await answer(fixture, of, id, true)
  const operationId = (moved.ok && moved.operationId) || expect.fail('There is nothing to undo.')
  expect(await undoOperation(fixture.database.db, { ...of.asked, operationId })).toMatchObject({ ok: true, kept: 0 })
  expect(await picture()).toEqual(before)
})

test('of two people who answer at once one is refused, and so is a second answer', async ({ fixture }) => {
  const { of, id } = await movedInGoogle(fixture)
  const answers = await Promise.all([answer(fixture, of, id, true), answer(fixture, of, id, true)])
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  expect(answers.find(({ ok }) => !ok)).toMatchObject({ code: 'changed-elsewhere' })
  const before = [await of.lines(), await of.series()]
  expect(await answer(fixture, of, id, true)).toMatchObject({ code: 'changed-elsewhere' })
  expect([await of.lines(), await of.series()]).toEqual(before)
})

test('a connection that is killed anywhere in the answer leaves everything as it was', async ({ fixture }) => {
  const { of, id } = await movedInGoogle(fixture)
  const { database, businessId } = fixture
  const picture = async () => [
    ...[await of.visits(), await of.series(), await of.states(), await offers(fixture)],
    await database.sql`select count(*)::int from activity where business_id = ${businessId}`,
  ]
  const before = await picture()
  for (const statement of [
    ...(['update on series', 'insert on series', 'delete on series_visits', 'update on appointments'] as const),
    ...(['insert on series_visits', 'insert on series_operations', 'insert on activity'] as const),
  ]) {
    await expect(killedAt(database, statement, () => answer(fixture, of, id, true))).rejects.toThrow()
    expect(await picture()).toEqual(before)
  }
  expect(await answer(fixture, of, id, true)).toMatchObject({ ok: true, changed: 2 })
  expect(await offers(fixture)).toEqual([])
})

test('another title in Google, and a move of an appointment without a series, ask nothing', async ({ fixture }) => {
  const of = seriesOf(fixture)
  await of.make()
  const single = await of.book({ ...tuesday, assigneeIds: [], title: 'Single' })
  await fixture.sync()
  const { id } = await of.visitAt(1)
  await fixture.inGoogle.change(eventIdFor(id, 0), { summary: 'Other' })
  await fixture.inGoogle.change(eventIdFor(single, 0), times('2026-12-03T00:00:00Z', '2026-12-03T01:00:00Z'))
  await fixture.sync()
  expect(await offers(fixture)).toEqual([])
})

describe('a change of 56 visits and another booking', () => {
  const changeMany = async (fixture: SyncFixture) => {
    const of = seriesOf(fixture)
    await of.make({
      id: randomUUID(),
      repeat: { every: 1, unit: 'week', ends: { after: 56 } },
      fields: fields({ ...tuesday, title: 'Clean', assigneeIds: [fixture.staffId] }),
      choices: {},
    })
    await fixture.sync()
    await of.change(0, { change: await of.edit(0, { title: 'Mow', assigneeIds: [fixture.staffId] }), scope: 'all' })
    const book = (days: number) =>
      of.book({ start: later(tuesday.start, days), end: later(tuesday.end, days), title: 'Urgent' })
    return { book, mown: () => fixture.liveIn(fixture.calendarId).filter((title) => title === 'Mow').length }
  }
  const summaryOf = (fixture: SyncFixture, id: string) => fixture.event(eventIdFor(id, 0))?.summary

  test('take few requests of one run', async ({ fixture }) => {
    const { book, mown } = await changeMany(fixture)
    const id = await book(1)
    const requests = await fixture.requestsDuring(fixture.sync)
    expect(requests.length).toBeLessThan(10)
    expect(summaryOf(fixture, id)).toBe('Urgent')
    expect(mown()).toBe(56)
  })

  test('the booking arrives while Google still works on the first batch', async ({ fixture }) => {
    const { book, mown } = await changeMany(fixture)
    const id = await book(1)
    const [batch, insert] = [fixture.holdNext('batch'), fixture.holdNext('events.insert')]
    const requests = fixture.recordRequests()
    const run = fixture.sync()
    await Promise.all([batch.reached, insert.reached])
    insert.release()
    await expect.poll(() => summaryOf(fixture, id)).toBe('Urgent')
    expect(requests()).toEqual(expect.arrayContaining(['events.insert']))
    expect(mown()).toBeLessThan(56)
    batch.release()
    await run
    expect(requests().indexOf('events.insert')).toBeLessThan(requests().lastIndexOf('batch'))
    expect(mown()).toBe(56)
  })

  test('the booking is sent although the quota of the minute holds the batches back', async ({ fixture }) => {
    const { book, mown } = await changeMany(fixture)
    const { database, sub } = fixture
    // Of this minute and of the next one, which may begin during the test.
    await database.sql`
      insert into google_budget (google_sub, minute, spent)
      select ${sub}, date_trunc('minute', now()) + n * interval '1 minute', ${ceilings.backfill}
      from generate_series(0, 1) n
      on conflict (google_sub, minute) do update set spent = excluded.spent`
    const first = await book(1)
    expect(await fixture.sync()).toMatchObject({ pushed: 1, failure: 'rate-limited' })
    expect(summaryOf(fixture, first)).toBe('Urgent')
    // The backoff of the account is no reason to wait either.
    const second = await book(2)
    const [job] = await database.sql`select run_at <= now() as due from graphile_worker.jobs
      where key = ${`sync:${fixture.syncedCalendarId}`}`
    expect(job).toMatchObject({ due: true })
    expect(await fixture.requestsDuring(fixture.sync)).toEqual(['events.insert'])
    expect(summaryOf(fixture, second)).toBe('Urgent')
    expect(mown()).toBe(0)
    await database.sql`delete from google_budget where google_sub = ${sub}`
    expect(await fixture.sync()).toMatchObject({ failure: null })
    expect(mown()).toBe(56)
  })
})
