import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { visitsToDo } from '#lib/repeat/to-do.ts'
import { deactivateMember } from '#lib/team/mutations.ts'
import { fields } from '#testing/appointment-fields.ts'
import {
  insertBusiness,
  insertGoogleEvent,
  insertSyncedCalendar,
  type SampleBusiness,
} from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { killedAt } from '#testing/kill/killed-at.ts'
import { later, now, sampleSeries, tuesday } from '#testing/series/sample-series.ts'
import { rollSeries } from './roll.ts'
import { undoOperation } from './undo/undo.ts'
import { bookVisitRow, skipVisitRow } from './visits/book-visit.ts'

const database = ownDatabase()
let sample: SampleBusiness
let of: ReturnType<typeof sampleSeries>

beforeEach(async () => {
  await database.sql`update series set ended = true`
  sample = await insertBusiness(database.db)
  of = sampleSeries(database, sample)
})

const monthly = { every: 4, unit: 'week', ends: 'never' } as const
/** Two months after the series began. */
const then = later(now, 61)
const roll = (at = then) => rollSeries(database, { now: at })
const visitFields = () => fields({ title: 'Clean', assigneeIds: [sample.mia] })
const fresh = async () => (await of.states()).slice(15)

describe('the horizon', () => {
  test('moves on with time: new dates are booked, and once', async () => {
    await of.make({ repeat: monthly })
    expect((await of.states()).at(-1)).toBe('2027-12-28 booked')
    expect(await roll(now)).toEqual({ series: 0, booked: 0, needTime: 0, failed: 0 })
    expect(await roll()).toEqual({ series: 1, booked: 2, needTime: 0, failed: 0 })
    expect(await fresh()).toEqual(['2028-01-25 booked', '2028-02-22 booked'])
    expect(await of.series()).toMatchObject([{ planned_until: '2028-02-28', revision: 1 }])
    const before = await of.lines()
    expect(await roll()).toEqual({ series: 0, booked: 0, needTime: 0, failed: 0 })
    expect(await of.lines()).toEqual(before)
    const log = await database.sql`select what, actor from activity where business_id = ${sample.businessId}
      order by id desc limit 1`
    expect(log).toMatchObject([{ what: 'appointment.booked', actor: 'sophiie' }])
  })

  test('ends with the rule', async () => {
    await of.make({ repeat: { every: 4, unit: 'week', ends: { on: '2028-02-10' } } })
    expect(await roll()).toMatchObject({ booked: 1 })
    expect(await of.series()).toMatchObject([{ planned_until: null }])
    expect(await roll(later(then, 200))).toMatchObject({ series: 0 })
  })

  test('of a series that ended stays where it is', async () => {
    await of.make({ repeat: monthly })
    await of.change(1, { change: { kind: 'cancel' }, scope: 'all' })
    expect(await roll()).toMatchObject({ series: 0 })
  })

  test('makes no visit in the past after a long pause', async () => {
    await of.make({ repeat: monthly })
    const years = later(now, 900)
    await roll(years)
    const made = (await of.visits()).filter(({ key }) => key > '2028')
    expect(made.length).toBeGreaterThan(10)
    for (const { start } of made) expect(start > years).toBe(true)
  })

  test('two runs at once book each date once', async () => {
    for (const n of [0, 1, 2])
      await of.make({
        repeat: monthly,
        fields: { ...visitFields(), start: later(tuesday.start, 0, n), end: later(tuesday.end, 0, n) },
      })
    const rolled = await Promise.all([roll(), roll(), roll()])
    expect(rolled.reduce((sum, each) => sum + each.booked, 0)).toBe(6)
    const keys = (await of.visits()).map(({ series, key }) => `${series} ${key}`)
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('a run that is killed in the middle loses one batch, which the next run does', async () => {
    await of.make({ repeat: monthly })
    expect(await killedAt(database, 'update on series', roll)).toMatchObject({ booked: 0, failed: 1 })
    expect(await of.states()).toHaveLength(15)
    expect(await roll()).toMatchObject({ booked: 2, failed: 0 })
  })

  test('one business that cannot be planned does not keep the others from it', async () => {
    await of.make({ repeat: monthly })
    const other = await insertBusiness(database.db)
    await sampleSeries(database, other).make({ repeat: monthly })
    await database.sql`update series set rule = 'FREQ=DAILY', time_zone = 'Mars/Olympus' where business_id = ${sample.businessId}`
    expect(await roll()).toMatchObject({ booked: 2, failed: 1 })
  })
})

describe('a date that is not free', () => {
  test('needs a time, with the reason', async () => {
    await of.make({ repeat: monthly })
    await of.book({ start: '2028-01-24T23:00:00Z', end: '2028-01-25T00:00:00Z' })
    await database.sql`insert into time_off (business_id, member_id, starts_at, ends_at)
      values (${sample.businessId}, ${sample.mia}, '2028-02-20T00:00', '2028-02-28T00:00')`
    expect(await roll()).toEqual({ series: 1, booked: 0, needTime: 2, failed: 0 })
    expect(await fresh()).toEqual(['2028-01-25 needs-time clash', '2028-02-22 needs-time away'])
    const { visits, visitCount } = await database.db.transaction((tx) =>
      visitsToDo(tx, { businessId: sample.businessId, now: then, limit: 1 }),
    )
    expect(visitCount).toBe(2)
    expect(visits).toMatchObject([
      { originalStart: '2028-01-25T10:00', start: '2028-01-24T23:00:00Z', reason: 'clash', title: 'Clean' },
    ])
  })

  test('because of Google, of holidays, and of closed hours', async () => {
    const syncedCalendarId = await insertSyncedCalendar(database.db, sample)
    await insertGoogleEvent(
      database.db,
      { businessId: sample.businessId, syncedCalendarId },
      {
        ...{ eventId: `e${randomUUID()}`, title: 'Away' },
        ...{ start: '2028-01-24T22:00:00Z', end: '2028-01-25T02:00:00Z' },
      },
    )
    const exceptions = [{ date: '2028-02-22', hours: [], note: 'Holiday', holiday: true }]
    await of.make({ repeat: monthly })
    await database.sql`update businesses set opening_exceptions = ${JSON.stringify(exceptions)}::text::jsonb
      where id = ${sample.businessId}`
    await roll()
    expect(await fresh()).toEqual(['2028-01-25 needs-time google', '2028-02-22 needs-time holiday'])
  })

  test('is booked where closed hours were accepted for every date', async () => {
    const sunday = { start: '2026-12-05T23:00:00Z', end: '2026-12-06T00:00:00Z' }
    const dates = Array.from({ length: 15 }, (_, n) => later('2026-12-06T10:00:00Z', 28 * n).slice(0, 16))
    await of.make({
      repeat: monthly,
      fields: { ...visitFields(), ...sunday },
      choices: Object.fromEntries(dates.map((date) => [date, 'anyway' as const])),
    })
    expect(await roll()).toMatchObject({ booked: 3, needTime: 0 })
  })

  test('visits of two series that want one time: the first is booked, the second needs a time', async () => {
    await of.make({ repeat: monthly })
    // On one date in twelve weeks, each of which is left out until then.
    const dates = ['2026-12-29', '2027-03-23', '2027-06-15', '2027-09-07', '2027-11-30']
    await of.make({
      repeat: { every: 3, unit: 'week', ends: 'never' },
      fields: { ...visitFields(), start: '2026-12-07T23:00:00Z', end: '2026-12-08T00:00:00Z' },
      choices: Object.fromEntries(dates.map((date) => [`${date}T10:00`, 'skip' as const])),
    })
    await roll()
    const clashes = await database.sql`select count(*)::int as n from appointment_assignees a
      join appointment_assignees b on a.member_id = b.member_id and a.during && b.during
        and a.appointment_id < b.appointment_id
      where a.business_id = ${sample.businessId}`
    expect(clashes[0]?.n).toBe(0)
    expect((await of.states()).filter((state) => state.startsWith('2028-02-22')).toSorted()).toEqual([
      ...['2028-02-22 booked', '2028-02-22 needs-time clash'],
    ])
  })

  test('a member who left is no assignee, and a series of theirs alone needs times', async () => {
    await of.make({ repeat: monthly })
    await database.sql`update members set deactivated_at = now() where id = ${sample.mia}`
    await roll()
    expect(await fresh()).toEqual(['2028-01-25 needs-time away', '2028-02-22 needs-time away'])
  })
})

test('the visits to come of a member who leaves go to the member who takes over', async () => {
  await of.make({ repeat: monthly })
  const by = { businessId: sample.businessId, memberId: sample.owner }
  const leave = { memberId: sample.mia, reassignTo: sample.tom, leaveClashing: false, now }
  expect(await deactivateMember(database.db, by, leave)).toMatchObject({ ok: true, reassigned: 15 })
  expect(await roll()).toMatchObject({ booked: 2, needTime: 0 })
  const made = await database.sql`select distinct member_id from appointment_assignees
    where business_id = ${sample.businessId}`
  expect(made.map((row) => row.member_id)).toEqual([sample.tom])
})

describe('a visit that needs a time', () => {
  beforeEach(async () => {
    await of.make({ repeat: monthly })
    await of.book({ start: '2028-01-24T23:00:00Z', end: '2028-01-25T00:00:00Z' })
    await roll()
  })

  const open = async () => {
    const [row] = await database.sql`select series_id, original_start from series_visits
      where business_id = ${sample.businessId} and original_start = '2028-01-25T10:00'`
    return { seriesId: row?.series_id as string, originalStart: row?.original_start as string }
  }
  const give = async (hours: number, bookAnyway = false) =>
    bookVisitRow(database.db, {
      ...{ ...of.asked, ...(await open()), now: then, bookAnyway },
      ...{ start: later('2028-01-24T23:00:00Z', 0, hours), end: later('2028-01-25T00:00:00Z', 0, hours) },
    })

  test('gets one, and once', async () => {
    const [first, second] = await Promise.all([give(2), give(2)])
    expect([first, second].map((each) => each.ok && each.operationId !== null).toSorted()).toEqual([false, true])
    expect(await fresh()).toEqual(['2028-01-25 booked', '2028-02-22 booked'])
    expect((await of.lines()).at(-2)).toContain('2028-01-25T10:00 01-25T01:00 Clean')
  })

  test('is not booked over another appointment unless a person wants it', async () => {
    expect(await give(0)).toMatchObject({ ok: false, code: 'clash', clashes: [{ title: 'Other' }] })
    expect(await give(0, true)).toMatchObject({ ok: true, row: { overlapAllowed: 'booked-anyway' } })
  })

  const skip = async () =>
    skipVisitRow(database.db, { ...(await open()), businessId: sample.businessId, memberId: sample.owner })
  const undo = (operationId: unknown, at = then) =>
    undoOperation(database.db, { ...of.asked, operationId: String(operationId), now: at })
  const operationOf = (answer: { ok: boolean; operationId?: string | null }) =>
    (answer.ok && answer.operationId) || expect.fail('There is nothing to undo.')

  test('can be left out, but not one that has a time', async () => {
    expect(await skip()).toMatchObject({ ok: true })
    expect(await skip()).toEqual({ ok: true, operationId: null })
    expect((await fresh())[0]).toBe('2028-01-25 skipped')
    await give(2)
    expect(await skip()).toMatchObject({ code: 'changed-elsewhere' })
  })

  test('Undo of its booking cancels that appointment alone, once, and it needs a time again', async () => {
    const before = [await of.lines(), await of.states()]
    const operationId = operationOf(await give(2))
    const latest = () => database.sql`select what, detail from activity where business_id = ${sample.businessId}
      order by id desc limit 1`
    const once = { ok: true, restored: 1, kept: 0, taken: 0 }
    const answers = await Promise.all([undo(operationId), undo(operationId)])
    expect(answers).toEqual(expect.arrayContaining([once, { ...once, restored: 0 }]))
    expect([await of.lines(), await of.states()]).toEqual(before)
    expect(await latest()).toMatchObject([{ what: 'appointment.cancelled', detail: 'Undone.' }])
    const [row] = await database.sql`select status, revision from appointments
      where business_id = ${sample.businessId} and starts_at = '2028-01-25T01:00:00Z'`
    expect(row).toMatchObject({ status: 'cancelled', revision: 2 })
    expect(await give(2)).toMatchObject({ ok: true })
  })

  test('Undo of a skip brings it back to the list', async () => {
    const before = await of.states()
    expect(await undo(operationOf(await skip()))).toMatchObject({ ok: true, restored: 1 })
    expect(await of.states()).toEqual(before)
    const listed = await database.db.transaction((tx) =>
      visitsToDo(tx, { businessId: sample.businessId, now: then, limit: 9 }),
    )
    expect(listed.visits.map(({ originalStart }) => originalStart)).toEqual(['2028-01-25T10:00'])
  })

  test('Undo keeps a visit that was changed, has begun, or whose series was changed since', async () => {
    const skipped = operationOf(await skip())
    const booked = operationOf(await give(2))
    expect(await undo(skipped)).toMatchObject({ code: 'changed-elsewhere' })
    expect(await undo(booked, '2028-01-25T01:30:00Z')).toMatchObject({ code: 'changed-elsewhere' })
    const n = (await of.visits()).findIndex(({ key }) => key === '2028-01-25T10:00')
    await of.alone(n, { title: 'With windows' })
    expect(await undo(booked)).toMatchObject({ code: 'changed-elsewhere' })
    expect((await fresh())[0]).toBe('2028-01-25 booked')
    await of.change(0, { change: { kind: 'cancel' }, scope: 'all' })
    expect(await undo(booked)).toMatchObject({ message: 'The series has been changed since, so this stays.' })
  })

  test('Undo of its booking takes nothing that the horizon brought since', async () => {
    const operationId = operationOf(await give(2))
    await roll(later(then, 60))
    const states = await of.states()
    expect(await undo(operationId, later(then, 60))).toMatchObject({ ok: true })
    expect(await of.states()).toEqual(
      states.map((state) => state.replace('2028-01-25 booked', '2028-01-25 needs-time clash')),
    )
  })
})
