import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import type { AppointmentFields } from '#lib/appointments/schema.ts'
import type { Repeat } from '#lib/repeat/repeat.ts'
import { fields } from '#testing/appointment-fields.ts'
import { insertBusiness, insertSyncedCalendar, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { killedAt } from '#testing/kill/killed-at.ts'
import { createSeriesRow } from '../create.ts'
import { type ChangeRequest, changeSeriesRow, previewChange } from './change.ts'

const database = ownDatabase()
let sample: SampleBusiness
let seriesId: string

/** Saturday 28 November 2026 in Sydney. */
const now = '2026-11-28T02:00:00Z'
const first = { start: '2026-11-30T23:00:00Z', end: '2026-12-01T00:00:00Z' }

const member = () => ({ id: sample.owner, role: 'owner' as const })

const make = async (repeat: Repeat = { every: 1, unit: 'week', ends: { after: 5 } }) => {
  seriesId = randomUUID()
  const made = await createSeriesRow(database.db, {
    ...{ businessId: sample.businessId, member: member(), id: seriesId, firstAppointmentId: randomUUID(), now },
    ...{ choices: {}, googleUnchecked: false, repeat },
    fields: fields({ ...first, title: 'Clean', assigneeIds: [sample.mia] }),
  })
  expect(made).toMatchObject({ ok: true })
}

beforeEach(async () => {
  sample = await insertBusiness(database.db)
  await make()
})

type Visit = {
  id: string
  series: string
  key: string
  start: string
  end: string
  title: string
  status: string
  revision: number
}

const visits = async (): Promise<Visit[]> => [
  ...(await database.sql<Visit[]>`
    select a.id, v.series_id as series, v.original_start as key, a.title, a.status, a.revision,
      to_char(a.starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start,
      to_char(a.ends_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "end"
    from series_visits v join appointments a on a.id = v.appointment_id
    where v.business_id = ${sample.businessId} order by a.starts_at, a.id`),
]
const lines = async () =>
  (await visits()).map(({ key, start, title, status }) => `${key} ${start.slice(5, 16)} ${title} ${status}`)
const series = () => database.sql`
  select id, rule, starts_at, continues, ended, revision from series
  where business_id = ${sample.businessId} order by created_at, starts_at`

const change = async (n: number, given: Partial<ChangeRequest> & Pick<ChangeRequest, 'change'>) => {
  const visit = (await visits())[n]
  if (!visit) throw new Error('There is no such visit.')
  const [owner] = await database.sql`select revision from series where id = ${visit.series}`
  return await changeSeriesRow(database.db, {
    ...{ businessId: sample.businessId, member: member(), seriesId: visit.series, appointmentId: visit.id },
    ...{ scope: 'following', includeChanged: false, choices: {}, googleUnchecked: false, now },
    revision: owner?.revision,
    ...given,
  })
}

const edit = async (n: number, given: Partial<AppointmentFields>) => {
  const { start = '', end = '', title = '' } = (await visits())[n] ?? {}
  return { kind: 'edit' as const, fields: fields({ start, end, title, assigneeIds: [sample.mia], ...given }) }
}

const alone = async (n: number, given: Partial<AppointmentFields>) => {
  const visit = (await visits())[n] as Visit
  const changed = await changeAppointmentRow(database.db, {
    ...{ businessId: sample.businessId, member: member(), bookAnyway: true, googleUnchecked: false },
    change: { ...(await edit(n, given)), id: visit.id, revision: visit.revision },
  })
  expect(changed).toMatchObject({ ok: true })
}

const later = (start: string, days: number, hours = 0) =>
  new Date(Date.parse(start) + (days * 24 + hours) * 3_600_000).toISOString().replace('.000Z', 'Z')

describe('this and following', () => {
  test('continues the series in a new one with another title; visits before stay', async () => {
    const done = await change(2, { change: await edit(2, { title: 'Deep clean' }) })
    expect(done).toMatchObject({ ok: true, changed: 3, cancelled: 0, booked: 0, kept: 0 })
    expect(await lines()).toEqual([
      ...['2026-12-01T10:00 11-30T23:00 Clean booked', '2026-12-08T10:00 12-07T23:00 Clean booked'],
      ...['2026-12-15T10:00 12-14T23:00 Deep clean booked', '2026-12-22T10:00 12-21T23:00 Deep clean booked'],
      '2026-12-29T10:00 12-28T23:00 Deep clean booked',
    ])
    expect(await series()).toMatchObject([
      { id: seriesId, rule: 'FREQ=WEEKLY;BYDAY=TU;UNTIL=20261214', continues: null, revision: 2 },
      { rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=3', starts_at: '2026-12-15T10:00', continues: seriesId, revision: 1 },
    ])
  })

  test('dragged to another day: all that follow move, with their ids', async () => {
    const before = await visits()
    const { start = '', end = '' } = before[1] ?? {}
    const done = await change(1, { change: { kind: 'move', start: later(start, 2, 1), end: later(end, 2, 1) } })
    expect(done).toMatchObject({ ok: true, changed: 4 })
    expect((await visits()).map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    expect((await lines()).map((line) => line.slice(0, 28))).toEqual([
      ...['2026-12-01T10:00 11-30T23:00', '2026-12-10T11:00 12-10T00:00', '2026-12-17T11:00 12-17T00:00'],
      ...['2026-12-24T11:00 12-24T00:00', '2026-12-31T11:00 12-31T00:00'],
    ])
  })

  test('visits that were changed one by one keep what differs, unless a person says otherwise', async () => {
    await alone(3, { title: 'With windows' })
    const done = await change(1, { change: await edit(1, { title: 'Mow', notes: 'Gate 3' }) })
    expect(done).toMatchObject({ ok: true, changed: 4 })
    expect((await visits()).map(({ title }) => title)).toEqual(['Clean', 'Mow', 'Mow', 'With windows', 'Mow'])
    const notes = await database.sql`select notes from appointments where business_id = ${sample.businessId}
      order by starts_at`
    expect(notes.map((row) => row.notes)).toEqual(['', ...Array(4).fill('Gate 3')])
    await change(1, { change: await edit(1, { title: 'Trim', notes: 'Gate 3' }), includeChanged: true })
    expect((await visits()).map(({ title }) => title)).toEqual(['Clean', 'Trim', 'Trim', 'Trim', 'Trim'])
  })

  test('cancelled: the visits before stay, the rest is cancelled and not made a second time', async () => {
    expect(await change(2, { change: { kind: 'cancel' } })).toMatchObject({ ok: true, cancelled: 3 })
    expect((await visits()).map(({ status }) => status)).toEqual([
      ...['booked', 'booked', 'cancelled', 'cancelled', 'cancelled'],
    ])
    expect(await series()).toMatchObject([{ rule: 'FREQ=WEEKLY;BYDAY=TU;UNTIL=20261214', ended: false }])
  })

  test('given to another member, who must have time on every date', async () => {
    const { start = '', end = '' } = (await visits())[2] ?? {}
    const given = { start: later(start, 7), end: later(end, 7) }
    await changeAppointmentRow(database.db, {
      ...{ businessId: sample.businessId, member: member(), bookAnyway: false, googleUnchecked: false },
      change: { kind: 'create', id: randomUUID(), fields: fields({ ...given, assigneeIds: [sample.tom] }) },
    })
    const reassign = { kind: 'reassign' as const, start, end, assigneeIds: [sample.tom] }
    const refused = await change(2, { change: reassign })
    expect(refused).toMatchObject({ ok: false, code: 'dates-taken' })
    if (!refused.ok)
      expect(refused.preview?.dates.map(({ originalStart, state }) => `${originalStart} ${state}`)).toEqual([
        ...['2026-12-15T10:00 free', '2026-12-22T10:00 clash', '2026-12-29T10:00 free'],
      ])
    const done = await change(2, { change: reassign, choices: { '2026-12-22T10:00': 'skip' } })
    expect(done).toMatchObject({ ok: true, changed: 2, cancelled: 1 })
    const skipped = await database.sql`select state from series_visits
      where business_id = ${sample.businessId} and original_start = '2026-12-22T10:00'`
    expect(skipped.map(({ state }) => state)).toEqual(['skipped'])
  })

  test('every two weeks instead: visits with a date stay, others are cancelled, later ones are booked', async () => {
    const before = await visits()
    const repeat: Repeat = { every: 2, unit: 'week', ends: { after: 3 } }
    expect(await change(1, { change: { kind: 'repeat', repeat } })).toMatchObject({ ok: true, cancelled: 2, booked: 1 })
    expect((await lines()).map((line) => line.slice(0, 28))).toEqual([
      ...['2026-12-01T10:00 11-30T23:00', '2026-12-08T10:00 12-07T23:00'],
      ...['2026-12-22T10:00 12-21T23:00', '2027-01-05T10:00 01-04T23:00'],
    ])
    expect((await visits()).slice(0, 3).map(({ id }) => id)).toEqual([before[0]?.id, before[1]?.id, before[3]?.id])
  })

  test('a new service brings its gaps', async () => {
    const serviceId = randomUUID()
    await database.sql`insert into services (id, business_id, name, durations, gap_before, gap_after)
      values (${serviceId}, ${sample.businessId}, 'Mowing', '{60}', 15, 30)`
    expect(await change(3, { change: await edit(3, { serviceId }) })).toMatchObject({ ok: true, changed: 2 })
    const gaps = await database.sql`select gap_before, gap_after from appointments
      where business_id = ${sample.businessId} order by starts_at`
    expect(gaps.map((row) => row.gap_after)).toEqual([0, 0, 0, 30, 30])
  })
})

test('closed hours that a person accepts for every date are accepted for the visits to come', async () => {
  const { start = '', end = '' } = (await visits())[2] ?? {}
  const move = { kind: 'move', start: later(start, 5), end: later(end, 5) } as const
  const dates = ['2026-12-20T10:00', '2026-12-27T10:00', '2027-01-03T10:00']
  const choices = Object.fromEntries(dates.map((date) => [date, 'anyway' as const]))
  expect(await change(2, { change: move })).toMatchObject({ code: 'dates-taken' })
  expect(await change(2, { change: move, choices })).toMatchObject({ ok: true, changed: 3 })
  const accepted = await database.sql`select accepted from series where business_id = ${sample.businessId}
    order by starts_at`
  expect(accepted.map((row) => row.accepted)).toEqual([[], ['closed']])
})

describe('all upcoming', () => {
  test('past and running visits stay', async () => {
    const during = '2026-12-07T23:30:00Z'
    const given = await edit(3, { title: 'Deep clean' })
    expect(await change(3, { change: given, scope: 'all', now: during })).toMatchObject({ ok: true, changed: 3 })
    expect((await visits()).map(({ title }) => title)).toEqual(['Clean', 'Clean', ...Array(3).fill('Deep clean')])
  })

  test('of a series that has not begun, in place', async () => {
    const { start = '', end = '' } = (await visits())[2] ?? {}
    const move = { kind: 'move', start: later(start, 0, 2), end: later(end, 0, 2) } as const
    expect(await change(2, { change: move, scope: 'all' })).toMatchObject({ ok: true, seriesId, changed: 5 })
    expect(await series()).toMatchObject([{ rule: 'FREQ=WEEKLY;BYDAY=TU;COUNT=5', starts_at: '2026-12-01T12:00' }])
  })

  test('cancelled: the series has ended', async () => {
    expect(await change(2, { change: { kind: 'cancel' }, scope: 'all' })).toMatchObject({ ok: true, cancelled: 5 })
    expect(await series()).toMatchObject([{ ended: true }])
  })

  test('daily visits moved by a day do not stand in each other’s way', async () => {
    await database.sql`delete from appointments where business_id = ${sample.businessId}`
    await make({ every: 1, unit: 'day', ends: { after: 4 } })
    const { start = '', end = '' } = (await visits())[0] ?? {}
    const move = { kind: 'move', start: later(start, 1), end: later(end, 1) } as const
    // The last one is on a Saturday, when the business is closed.
    const done = await change(0, { change: move, scope: 'all', choices: { '2026-12-05T10:00': 'anyway' } })
    expect(done).toMatchObject({ ok: true, changed: 4 })
  })
})

describe('refusals and races', () => {
  test('a revision that is not the present one, another business, and nothing to change', async () => {
    const given = { change: await edit(0, { title: 'X' }) }
    expect(await change(0, { ...given, revision: 7 })).toMatchObject({ code: 'changed-elsewhere' })
    expect(await change(0, { change: await edit(0, {}) })).toMatchObject({ code: 'invalid' })
    expect(await change(0, { ...given, now: '2030-01-01T00:00:00Z' })).toMatchObject({ code: 'nothing-upcoming' })
    const other = await insertBusiness(database.db)
    expect(await change(0, { ...given, businessId: other.businessId })).toMatchObject({ code: 'not-found' })
  })

  test('a preview says what the change would meet, and changes nothing', async () => {
    const before = await lines()
    const [visit] = await visits()
    const { start = '', end = '', id = '' } = visit ?? {}
    const found = await previewChange(database.db, {
      ...{ businessId: sample.businessId, member: member(), seriesId, appointmentId: id, scope: 'all', revision: null },
      ...{ includeChanged: false, googleUnchecked: false, now },
      change: { kind: 'move', start: later(start, 5), end: later(end, 5) },
    })
    expect(found).toMatchObject({ ok: true, words: 'Every week on Sunday, 5 times', endsAt: '2027-01-03' })
    if (found.ok) expect(found.dates.map(({ state }) => state)).toEqual(Array(5).fill('closed'))
    expect(await lines()).toEqual(before)
  })

  test('of two people who change at once one is refused', async () => {
    const given = await edit(1, { title: 'Mine' })
    const [, visit] = await visits()
    // As on both screens.
    const shown = { seriesId, appointmentId: visit?.id ?? '', revision: 1 }
    const answers = await Promise.all([
      change(1, { change: given, ...shown }),
      change(1, { change: { kind: 'cancel' }, ...shown }),
    ])
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ code: 'changed-elsewhere' })
  })

  test('a connection that is killed in the middle changes nothing', async () => {
    await insertSyncedCalendar(database.db, sample)
    const before = [await lines(), await series()]
    const given = await edit(1, { title: 'Other', start: later(first.start, 9), end: later(first.end, 9) })
    await expect(
      killedAt(database, 'insert on series_operations', () => change(1, { change: given })),
    ).rejects.toThrow()
    expect([await lines(), await series()]).toEqual(before)
    expect(await change(1, { change: given })).toMatchObject({ ok: true, changed: 4 })
  })

  test('many changes ask for one run of the calendar', async () => {
    const calendar = await insertSyncedCalendar(database.db, sample)
    await change(0, { change: await edit(0, { title: 'Other' }), scope: 'all' })
    const jobs = await database.sql`select key from graphile_worker.jobs where key = ${`sync:${calendar}`}`
    expect(jobs).toHaveLength(1)
  })
})
