import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { fields } from '#testing/appointment-fields.ts'
import {
  insertBusiness,
  insertGoogleEvent,
  insertSyncedCalendar,
  type SampleBusiness,
} from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { killedAt } from '#testing/kill/killed-at.ts'
import { type CreateRequest, createSeriesRow, previewNew } from './create.ts'
import type { Choices, PreviewDate } from './schema.ts'

const database = ownDatabase()
let sample: SampleBusiness

beforeEach(async () => {
  sample = await insertBusiness(database.db)
})

/** Saturday 28 November 2026 in Sydney. */
const now = '2026-11-28T02:00:00Z'
const tuesday = { start: '2026-11-30T23:00:00Z', end: '2026-12-01T00:00:00Z' }

const request = (given: Partial<CreateRequest> = {}, mia = sample.mia): CreateRequest => ({
  businessId: sample.businessId,
  member: { id: sample.owner, role: 'owner' },
  id: randomUUID(),
  firstAppointmentId: randomUUID(),
  repeat: { every: 1, unit: 'week', ends: { after: 4 } },
  fields: fields({ ...tuesday, title: 'Weekly clean', assigneeIds: [mia] }),
  choices: {},
  googleUnchecked: false,
  now,
  ...given,
})

const create = (given: Partial<CreateRequest> = {}) => createSeriesRow(database.db, request(given))

const preview = async (given: Partial<CreateRequest> = {}) => {
  const found = await previewNew(database.db, request(given))
  if (!found.ok) throw new Error(found.message)
  return found
}

const book = async (start: string, end: string, memberId = sample.mia) => {
  const booked = await changeAppointmentRow(database.db, {
    businessId: sample.businessId,
    member: { id: sample.owner, role: 'owner' },
    change: {
      kind: 'create',
      id: randomUUID(),
      fields: fields({ title: 'Other', start, end, assigneeIds: [memberId] }),
    },
    bookAnyway: true,
    googleUnchecked: false,
  })
  if (!booked.ok) throw new Error(booked.message)
  return booked.row.id
}

const rows = () => database.sql<{ start: string; title: string; id: string }[]>`
  select a.id, a.title, to_char(a.starts_at at time zone 'Australia/Sydney', 'YYYY-MM-DD HH24:MI') as start
  from appointments a join series_visits v on v.appointment_id = a.id
  where a.business_id = ${sample.businessId} order by a.starts_at`
const visits = () => database.sql<{ original_start: string; state: string }[]>`
  select original_start, state from series_visits where business_id = ${sample.businessId} order by 1`
const count = async (table: 'series' | 'appointments' | 'series_visits' | 'activity') => {
  const [row] = await database.sql`select count(*)::int as n from ${database.sql(table)}
    where business_id = ${sample.businessId}`
  return row?.n as number
}

const stateOf = ({ originalStart, state }: PreviewDate) => `${originalStart.slice(5, 10)} ${state}`

describe('a preview', () => {
  test('names what is in the way of each date, and the nearest free time', async () => {
    await book('2026-12-07T23:30:00Z', '2026-12-08T01:00:00Z')
    await database.sql`insert into time_off (business_id, member_id, starts_at, ends_at)
      values (${sample.businessId}, ${sample.mia}, '2026-12-14T00:00', '2026-12-17T00:00')`
    await database.sql`update businesses set opening_exceptions = ${JSON.stringify([
      { date: '2026-12-22', hours: [], note: 'Stocktaking' },
      { date: '2026-12-29', hours: [], note: 'Christmas', holiday: true },
    ])}::text::jsonb where id = ${sample.businessId}`
    const found = await preview({ repeat: { every: 1, unit: 'week', ends: { after: 6 } } })
    expect(found.dates.map(stateOf)).toEqual([
      ...['12-01 free', '12-08 clash', '12-15 away', '12-22 closed', '12-29 holiday', '01-05 free'],
    ])
    expect(found).toMatchObject({ words: 'Every week on Tuesday, 6 times', endsAt: '2027-01-05' })
    const [, clash, away, , holiday] = found.dates
    expect(clash).toMatchObject({
      clashCount: 1,
      clashes: [{ kind: 'appointment', title: 'Other', memberIds: [sample.mia] }],
      // Half an hour earlier, which ends when the other begins.
      nearest: { start: '2026-12-07T22:30:00Z', end: '2026-12-07T23:30:00Z' },
    })
    expect(away?.nearest).toEqual({ start: '2026-12-16T21:00:00Z', end: '2026-12-16T22:00:00Z' })
    expect(holiday?.nearest).toEqual({ start: '2026-12-28T05:00:00Z', end: '2026-12-28T06:00:00Z' })
  })

  test('a Google event clashes, with a title that staff may see', async () => {
    const syncedCalendarId = await insertSyncedCalendar(database.db, sample)
    await insertGoogleEvent(
      database.db,
      { businessId: sample.businessId, syncedCalendarId },
      {
        ...{ eventId: `e${randomUUID()}`, title: 'Doctor', isPrivate: true },
        ...{ start: '2026-12-07T22:00:00Z', end: '2026-12-08T02:00:00Z' },
      },
    )
    const titles = async (role: 'owner' | 'staff') =>
      (await preview({ member: { id: sample.tom, role } })).dates.flatMap(({ clashes }) =>
        clashes.map((each) => each.title),
      )
    expect(await titles('owner')).toEqual(['Doctor'])
    expect(await titles('staff')).toEqual(['Busy'])
  })

  test('without an up-to-date mirror a date is not called free', async () => {
    await insertSyncedCalendar(database.db, sample)
    const found = await preview({ googleUnchecked: true })
    expect(found.dates.map(({ state }) => state)).toEqual(Array(4).fill('google-unknown'))
  })

  test('the gap of a service counts, and nothing else of it', async () => {
    const serviceId = randomUUID()
    await database.sql`insert into services (id, business_id, name, durations, gap_before, member_ids)
      values (${serviceId}, ${sample.businessId}, 'Mowing', '{60}', 30, '{}')`
    await book('2026-12-07T22:00:00Z', '2026-12-07T22:45:00Z')
    const found = await preview({ fields: { ...request().fields, serviceId } })
    expect(found.dates[1]).toMatchObject({ state: 'clash', gapMinutes: 30 })
    expect(found.dates[0]).toMatchObject({ state: 'free' })
  })

  test('visits of one series are in each other’s way', async () => {
    const found = await preview({
      repeat: { every: 1, unit: 'day', ends: { after: 3 } },
      fields: { ...request().fields, end: '2026-12-01T23:30:00Z' },
    })
    // 24 hours and a half: the second begins before the first has ended.
    expect(found.dates[1]?.state).toBe('clash')
  })

  test.each([
    [{ ends: { on: '2026-11-30' } }, 'ends'],
    [{ unit: 'day', ends: 'never' }, 'start'],
  ] as const)('%o is refused', async (given, field) => {
    const start = given.ends === 'never' ? '2025-11-30T23:00:00Z' : tuesday.start
    const end = given.ends === 'never' ? '2025-12-01T00:00:00Z' : tuesday.end
    const refused = await previewNew(
      database.db,
      request({ repeat: { every: 1, unit: 'week', ...given }, fields: { ...request().fields, start, end } }),
    )
    expect(refused).toMatchObject({ ok: false, code: 'invalid', fields: { [field]: expect.any(String) } })
  })
})

describe('a series', () => {
  test('is booked with every date, and once', async () => {
    const given = request()
    expect(await createSeriesRow(database.db, given)).toMatchObject({ ok: true, booked: 4, skipped: 0 })
    const booked = await rows()
    expect(booked.map(({ start }) => start)).toEqual([
      ...['2026-12-01 10:00', '2026-12-08 10:00', '2026-12-15 10:00', '2026-12-22 10:00'],
    ])
    expect(booked[0]?.id).toBe(given.firstAppointmentId)
    // One entry for the series, and one for each visit.
    expect(await count('activity')).toBe(5)
    const again = await createSeriesRow(database.db, given)
    expect(again).toMatchObject({ ok: true, booked: 4, operationId: null, first: { id: given.firstAppointmentId } })
    expect(await count('appointments')).toBe(4)
  })

  test('keeps its wall time over daylight saving', async () => {
    await create({ repeat: { every: 9, unit: 'week', ends: { after: 3 } } })
    expect((await rows()).map(({ start }) => start)).toEqual([
      '2026-12-01 10:00',
      '2027-02-02 10:00',
      '2027-04-06 10:00',
    ])
  })

  test('without an end is planned for thirteen months', async () => {
    expect(await create({ repeat: { every: 2, unit: 'week', ends: 'never' } })).toMatchObject({ ok: true, booked: 29 })
    const [series] = await database.sql`select planned_until::text, rule from series
      where business_id = ${sample.businessId}`
    expect(series).toEqual({ planned_until: '2027-12-28', rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU' })
  })

  test('with an end has nothing left to plan', async () => {
    await create()
    const [series] = await database.sql`select planned_until from series where business_id = ${sample.businessId}`
    expect(series?.planned_until).toBe(null)
  })

  test('a date that is not free needs a choice: nothing is booked without it', async () => {
    await book('2026-12-07T23:30:00Z', '2026-12-08T01:00:00Z')
    const given = request()
    const refused = await createSeriesRow(database.db, given)
    expect(refused).toMatchObject({ ok: false, code: 'dates-taken', preview: { dates: { length: 4 } } })
    expect(await count('series')).toBe(0)
    expect(await count('appointments')).toBe(1)
    const choices: Choices = { '2026-12-08T10:00': 'skip' }
    expect(await createSeriesRow(database.db, { ...given, choices })).toMatchObject({ ok: true, booked: 3, skipped: 1 })
    expect((await visits()).map(({ state }) => state)).toEqual(['booked', 'skipped', 'booked', 'booked'])
  })

  test('a choice books a date anyway, or at another time; the other time must be free too', async () => {
    await book('2026-12-07T23:30:00Z', '2026-12-08T01:00:00Z')
    await book('2026-12-14T23:30:00Z', '2026-12-15T01:00:00Z')
    const free = { start: '2026-12-15T01:00:00Z', end: '2026-12-15T02:00:00Z' }
    const taken = { start: '2026-12-15T00:30:00Z', end: '2026-12-15T01:30:00Z' }
    const given = { '2026-12-08T10:00': 'anyway' } as const
    expect(await create({ choices: { ...given, '2026-12-15T10:00': taken } })).toMatchObject({ code: 'dates-taken' })
    expect(await create({ choices: { ...given, '2026-12-15T10:00': free } })).toMatchObject({ ok: true, booked: 4 })
    expect((await rows()).map(({ start }) => start)).toContain('2026-12-15 12:00')
    const [anyway] = await database.sql`select overlap_allowed, v.original_start from appointments a
      join series_visits v on v.appointment_id = a.id
      where a.business_id = ${sample.businessId} and overlap_allowed is not null`
    expect(anyway).toEqual({ overlap_allowed: 'booked-anyway', original_start: '2026-12-08T10:00' })
  })

  test('closed hours that were accepted for every date are kept for the visits to come', async () => {
    const sunday = { start: '2026-12-05T23:00:00Z', end: '2026-12-06T00:00:00Z' }
    const dates = ['2026-12-06T10:00', '2026-12-13T10:00', '2026-12-20T10:00', '2026-12-27T10:00']
    const choices = Object.fromEntries(dates.map((date) => [date, 'anyway' as const]))
    expect(await create({ fields: { ...request().fields, ...sunday }, choices })).toMatchObject({ ok: true })
    const [series] = await database.sql`select accepted from series where business_id = ${sample.businessId}`
    expect(series?.accepted).toEqual(['closed'])
  })

  test('members who left, services that are gone, and only left-out dates are refused', async () => {
    await database.sql`update members set deactivated_at = now() where id = ${sample.mia}`
    expect(await create()).toMatchObject({ code: 'invalid', fields: { assigneeIds: expect.any(String) } })
    const serviceId = randomUUID()
    const given = { ...request().fields, assigneeIds: [sample.tom] }
    expect(await create({ fields: { ...given, serviceId } })).toMatchObject({
      fields: { serviceId: expect.any(String) },
    })
    const all = ['2026-12-01', '2026-12-08', '2026-12-15', '2026-12-22'].map(
      (date) => [`${date}T10:00`, 'skip'] as const,
    )
    expect(await create({ fields: given, choices: Object.fromEntries(all) })).toMatchObject({ code: 'invalid' })
    expect(await count('series')).toBe(0)
  })

  test('the id of a series of another business shows nothing of it', async () => {
    const given = request()
    await createSeriesRow(database.db, given)
    sample = await insertBusiness(database.db)
    expect(await create({ id: given.id })).toMatchObject({ ok: false, code: 'not-found' })
    expect(await create({ firstAppointmentId: given.firstAppointmentId })).toMatchObject({
      ok: false,
      code: 'not-found',
    })
    expect(await count('appointments')).toBe(0)
  })
})

describe('races', () => {
  test('a date that was taken since the preview refuses the whole, with the dates as they are', async () => {
    expect((await preview()).dates.map(({ state }) => state)).toEqual(Array(4).fill('free'))
    await book('2026-12-14T23:30:00Z', '2026-12-15T01:00:00Z')
    const refused = await create()
    if (refused.ok) throw new Error('It was booked.')
    expect(refused.preview?.dates.map(stateOf)).toEqual(['12-01 free', '12-08 free', '12-15 clash', '12-22 free'])
    expect(await count('appointments')).toBe(1)
  })

  test.each([false, true])('of two people who save at once one gets the dates (linked: %s)', async (linked) => {
    if (linked) await insertSyncedCalendar(database.db, sample)
    const answers = await Promise.all(Array.from({ length: 6 }, () => create()))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    for (const answer of answers)
      if (!answer.ok) expect(answer).toMatchObject({ code: 'dates-taken', preview: { dates: { length: 4 } } })
    expect(await count('series')).toBe(1)
    expect(await count('series_visits')).toBe(4)
    expect(await count('appointments')).toBe(4)
  })

  test('a series and single bookings at once: no time is given twice', async () => {
    const single = () =>
      changeAppointmentRow(database.db, {
        businessId: sample.businessId,
        member: { id: sample.owner, role: 'owner' },
        change: {
          ...{ kind: 'create', id: randomUUID() },
          fields: fields({ start: '2026-12-14T23:00:00Z', end: '2026-12-15T00:00:00Z', assigneeIds: [sample.mia] }),
        },
        ...{ bookAnyway: false, googleUnchecked: false },
      })
    const [series, ...singles] = await Promise.all([create(), ...Array.from({ length: 4 }, single)])
    expect([series, ...singles].filter((answer) => answer?.ok)).toHaveLength(1)
    expect(await count('appointments')).toBe(series?.ok ? 4 : 1)
  })

  test('the same call at once makes one series', async () => {
    const given = request()
    const answers = await Promise.all(Array.from({ length: 5 }, () => createSeriesRow(database.db, given)))
    for (const answer of answers) expect(answer).toMatchObject({ ok: true, booked: 4 })
    expect(answers.filter((answer) => answer.ok && answer.operationId)).toHaveLength(1)
    expect(await count('appointments')).toBe(4)
  })

  test('the same call at once without assignees makes one series', async () => {
    const given = request({ fields: { ...request().fields, assigneeIds: [] } })
    const answers = await Promise.all(Array.from({ length: 5 }, () => createSeriesRow(database.db, given)))
    for (const answer of answers) expect(answer).toMatchObject({ ok: true, booked: 4 })
    expect(await count('appointments')).toBe(4)
  })

  test('a connection that is killed while it saves leaves nothing, and the repeated call books all', async () => {
    const given = request()
    // The kill comes from within the transaction, while the last table is written.
    await expect(
      killedAt(database, 'insert on series_operations', () => createSeriesRow(database.db, given)),
    ).rejects.toThrow()
    for (const table of ['series', 'series_visits', 'appointments', 'activity'] as const)
      expect(await count(table)).toBe(0)
    expect(await createSeriesRow(database.db, given)).toMatchObject({ ok: true, booked: 4 })
  })
})
