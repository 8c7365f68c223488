import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { visitsToDo } from '#lib/repeat/to-do.ts'
import { eventIdFor } from '#lib/sync/core/event-id.ts'
import { fields } from '#testing/appointment-fields.ts'
import { later, now, sampleSeries, tuesday } from '#testing/series/sample-series.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
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

test('the pushes of a change of many visits go in batches, and another booking arrives in the same run', async ({
  fixture,
}) => {
  const of = seriesOf(fixture)
  await of.make({
    id: randomUUID(),
    repeat: { every: 1, unit: 'week', ends: { after: 56 } },
    fields: fields({ ...tuesday, title: 'Clean', assigneeIds: [fixture.staffId] }),
    choices: {},
  })
  await fixture.sync()
  await of.change(0, { change: await of.edit(0, { title: 'Mow', assigneeIds: [fixture.staffId] }), scope: 'all' })
  const other = await of.book({ start: later(tuesday.start, 1), end: later(tuesday.end, 1), title: 'Urgent' })
  const requests = await fixture.requestsDuring(fixture.sync)
  expect(requests.length).toBeLessThan(10)
  expect(fixture.event(eventIdFor(other, 0))).toMatchObject({ summary: 'Urgent' })
  expect(fixture.liveIn(fixture.calendarId).filter((title) => title === 'Mow')).toHaveLength(56)
})
