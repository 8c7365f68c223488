import { beforeEach, describe, expect, test } from 'vitest'
import { cleanUp } from '#lib/jobs/clean-up.ts'
import { insertBusiness, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { later, now, sampleSeries, tuesday } from '#testing/series/sample-series.ts'
import type { ChangeRequest } from '../change/change.ts'
import { rollSeries } from '../roll.ts'
import { undoOperation } from './undo.ts'

const database = ownDatabase()
let sample: SampleBusiness
let of: ReturnType<typeof sampleSeries>

beforeEach(async () => {
  sample = await insertBusiness(database.db)
  of = sampleSeries(database, sample)
})

const undo = (operationId: string, given: { now?: string; businessId?: SampleBusiness['businessId'] } = {}) =>
  undoOperation(database.db, { ...of.asked, operationId, ...given })

const done = async (n: number, given: Partial<ChangeRequest> & Pick<ChangeRequest, 'change'>) => {
  const changed = await of.change(n, given)
  if (!changed.ok) throw new Error(changed.message)
  return changed.operationId
}

const move = async (n: number, days: number, hours = 0) => {
  const { start, end } = await of.visitAt(n)
  return { kind: 'move', start: later(start, days, hours), end: later(end, days, hours) } as const
}

/** Without revisions, which go up. */
const picture = async () => [
  await of.lines(),
  await of.states(),
  (await of.series()).map(({ revision: _, ...row }) => row),
]

describe('Undo', () => {
  test('of a new series cancels what is to come, once', async () => {
    const { operationId } = await of.make()
    expect(await undo(operationId)).toEqual({ ok: true, restored: 5, kept: 0, taken: 0 })
    expect((await of.visits()).map(({ status }) => status)).toEqual(Array(5).fill('cancelled'))
    expect(await of.series()).toMatchObject([{ ended: true }])
    expect(await undo(operationId)).toEqual({ ok: true, restored: 0, kept: 0, taken: 0 })
    expect((await of.visits()).map(({ revision }) => revision)).toEqual(Array(5).fill(2))
  })

  test.each<[string, (n: number) => Promise<ChangeRequest['change']>, 'following' | 'all']>([
    ['another title', (n) => of.edit(n, { title: 'Mow' }), 'following'],
    ['another title of all', (n) => of.edit(n, { title: 'Mow' }), 'all'],
    ['another day', (n) => move(n, 2), 'following'],
    ['another time of all', (n) => move(n, 0, 2), 'all'],
    [
      'another rule',
      async () => ({ kind: 'repeat', repeat: { every: 2, unit: 'week', ends: { after: 4 } } }),
      'following',
    ],
    ['another rule of all', async () => ({ kind: 'repeat', repeat: { every: 3, unit: 'week', ends: 'never' } }), 'all'],
    ['a cancellation', async () => ({ kind: 'cancel' }), 'following'],
    ['a cancellation of all', async () => ({ kind: 'cancel' }), 'all'],
  ])('of %s puts everything back', async (_, change, scope) => {
    await of.make()
    await of.alone(3, { title: 'With windows' })
    const before = await picture()
    const operationId = await done(1, { change: await change(1), scope })
    expect(await picture()).not.toEqual(before)
    expect(await undo(operationId)).toMatchObject({ ok: true, kept: 0, taken: 0 })
    const [lines, states, series] = await picture()
    // What the change booked is cancelled, and no visit any more.
    expect([lines, states, series]).toEqual(before)
    const [booked] = await database.sql`select count(*)::int as n from appointments
      where business_id = ${sample.businessId} and status = 'booked'`
    expect(booked?.n).toBe(5)
  })

  test('keeps what a person changed since, and says how many', async () => {
    await of.make()
    const operationId = await done(1, { change: await of.edit(1, { title: 'Mow' }) })
    await of.alone(2, { title: 'Mow and trim' })
    expect(await undo(operationId)).toEqual({ ok: true, restored: 3, kept: 1, taken: 0 })
    expect((await of.visits()).map(({ title }) => title)).toEqual(['Clean', 'Clean', 'Mow and trim', 'Clean', 'Clean'])
    expect(await of.series()).toHaveLength(1)
  })

  test('of a move leaves a visit where it is if its former time is taken', async () => {
    await of.make()
    const { start, end } = await of.visitAt(2)
    const operationId = await done(1, { change: await move(1, 1) })
    await of.book({ start, end })
    expect(await undo(operationId)).toEqual({ ok: true, restored: 3, kept: 0, taken: 1 })
    expect((await of.visits()).map((visit) => visit.start.slice(5, 10))).toEqual([
      ...['11-30', '12-07', '12-15', '12-21', '12-28'],
    ])
    expect(await of.states()).toHaveLength(5)
  })

  test('of a cancellation makes a visit that needs a time if its time is taken', async () => {
    await of.make()
    const { start, end } = await of.visitAt(2)
    const operationId = await done(1, { change: { kind: 'cancel' } })
    await of.book({ start, end })
    expect(await undo(operationId)).toEqual({ ok: true, restored: 3, kept: 0, taken: 1 })
    expect(await of.states()).toEqual([
      ...['2026-12-01 booked', '2026-12-08 booked', '2026-12-15 needs-time clash', '2026-12-22 booked'],
      '2026-12-29 booked',
    ])
  })

  test('never changes what has begun', async () => {
    await of.make()
    const operationId = await done(1, { change: await of.edit(1, { title: 'Mow' }) })
    const during = later((await of.visitAt(2)).start, 0)
    expect(await undo(operationId, { now: during })).toEqual({ ok: true, restored: 2, kept: 2, taken: 0 })
    expect((await of.visits()).map(({ title }) => title)).toEqual(['Clean', 'Mow', 'Mow', 'Clean', 'Clean'])
  })

  test('is refused once the series was changed again, by another business, and after a day', async () => {
    await of.make()
    const operationId = await done(1, { change: await of.edit(1, { title: 'Mow' }) })
    const other = await insertBusiness(database.db)
    expect(await undo(operationId, { businessId: other.businessId })).toMatchObject({ code: 'not-found' })
    await done(2, { change: await of.edit(2, { title: 'Trim' }) })
    expect(await undo(operationId)).toMatchObject({ code: 'changed-elsewhere' })
    await database.sql`update series_operations set created_at = now() - interval '25 hours'`
    await cleanUp(database)
    expect(await undo(operationId)).toMatchObject({ code: 'not-found' })
  })

  test('takes away what the horizon brought since', async () => {
    await of.make({ repeat: { every: 4, unit: 'week', ends: 'never' } })
    const before = await picture()
    const operationId = await done(1, { change: await move(1, 2) })
    const month = later(now, 40)
    await rollSeries(database, { now: month })
    expect(await undo(operationId)).toMatchObject({ ok: true, kept: 0, taken: 0 })
    expect(await picture()).toEqual(before)
    // And brings the dates of the former rule.
    await rollSeries(database, { now: month })
    expect((await of.lines()).at(-1)).toMatch(/^2028-01-25T10:00 01-24T23:00 Clean booked/)
  })

  test('of two calls at once one does it', async () => {
    const { operationId } = await of.make()
    const answers = await Promise.all([undo(operationId), undo(operationId)])
    expect(answers.map((answer) => answer.ok && answer.restored).toSorted()).toEqual([0, 5])
    expect(tuesday.start < (await of.visitAt(1)).start).toBe(true)
  })
})
