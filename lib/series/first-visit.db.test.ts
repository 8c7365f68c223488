import { randomUUID } from 'node:crypto'
import { describe, expect } from 'vitest'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { eventIdFor } from '#lib/sync/core/event-id.ts'
import { fields } from '#testing/appointment-fields.ts'
import { insertBusiness } from '#testing/appointment-sample.ts'
import { untilLockIsAwaited } from '#testing/database.ts'
import { killedAt } from '#testing/kill/killed-at.ts'
import { later, now, sampleSeries, tuesday } from '#testing/series/sample-series.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { test } from '#testing/sync-test.ts'
import { type CreateRequest, createSeriesRow, previewNew } from './create.ts'
import { rollSeries } from './roll.ts'
import { undoOperation } from './undo/undo.ts'

/** A single appointment on Tuesday at ten that becomes the first visit of a weekly series. */
const single = async (fixture: SyncFixture) => {
  const { businessId, ownerId, staffId, database } = fixture
  const of = sampleSeries(database, { businessId, owner: ownerId, mia: staffId, tom: staffId })
  const id = await of.book({ ...tuesday, title: 'Clean' })
  await fixture.sync()
  const asked = {
    ...of.asked,
    repeat: { every: 1, unit: 'week', ends: { after: 4 } } as const,
    fields: fields({ ...tuesday, title: 'Clean', assigneeIds: [staffId] }),
  }
  const request = (given: Partial<CreateRequest> = {}): CreateRequest => ({
    ...{ ...asked, id: randomUUID(), firstAppointmentId: id, existing: { revision: 1 }, choices: {} },
    ...given,
  })
  const booked = async () => [
    ...(await database.sql<{ id: string; start: string; title: string }[]>`
      select id, title, to_char(starts_at at time zone 'UTC', 'MM-DD"T"HH24:MI') as start from appointments
      where business_id = ${businessId} and status = 'booked' order by starts_at`),
  ]
  const seriesCount = async () => {
    const [row] = await database.sql`select count(*)::int as n from series where business_id = ${businessId}`
    return row?.n as number
  }
  return {
    ...{ of, id, request, booked, seriesCount },
    repeat: (given: Partial<CreateRequest> = {}) => createSeriesRow(database.db, request(given)),
    preview: (given: Partial<CreateRequest> = {}) => previewNew(database.db, { ...asked, ...given, appointmentId: id }),
    undo: async (done: { ok: boolean; operationId?: string | null }) => {
      const operationId = (done.ok && done.operationId) || expect.fail('There is nothing to undo.')
      return await undoOperation(database.db, { ...of.asked, operationId })
    },
    edit: (title: string, revision = 1) =>
      changeAppointmentRow(database.db, {
        ...{ businessId, member: of.asked.member, bookAnyway: false, googleUnchecked: false },
        change: { kind: 'edit', id, revision, fields: { ...asked.fields, title } },
      }),
  }
}

const weekly = ['11-30T23:00', '12-07T23:00', '12-14T23:00', '12-21T23:00']

describe('a single appointment that becomes a series', () => {
  test('is its first visit with the same id and Google event; Undo leaves it single', async ({ fixture }) => {
    const { id, repeat, booked, undo, of, seriesCount } = await single(fixture)
    const before = fixture.event(eventIdFor(id, 0))
    const done = await repeat()
    expect(done).toMatchObject({ ok: true, booked: 4, skipped: 0, first: { id, revision: 1 } })
    expect((await booked()).map(({ start }) => start)).toEqual(weekly)
    expect((await of.visitAt(0)).id).toBe(id)
    expect(await fixture.requestsDuring(fixture.sync)).not.toContain('events.delete')
    expect(fixture.event(eventIdFor(id, 0))).toEqual(before)
    expect(fixture.liveIn(fixture.calendarId)).toEqual(Array(4).fill('Clean'))
    expect(await undo(done)).toEqual({ ok: true, restored: 3, kept: 0, taken: 0 })
    expect(await booked()).toEqual([{ id, start: weekly[0], title: 'Clean' }])
    expect([await seriesCount(), await of.visits()]).toEqual([0, []])
    await fixture.sync()
    expect(fixture.event(eventIdFor(id, 0))).toEqual(before)
    expect(fixture.liveIn(fixture.calendarId)).toEqual(['Clean'])
    expect(await repeat()).toMatchObject({ ok: true, booked: 4 })
  })

  test('takes what was edited in the same form; Undo puts that back as well', async ({ fixture }) => {
    const { id, repeat, booked, undo } = await single(fixture)
    const { created } = fixture.event(eventIdFor(id, 0)) ?? {}
    const times = { start: later(tuesday.start, 1), end: later(tuesday.end, 1) }
    const done = await repeat({ fields: fields({ ...times, title: 'Mow', assigneeIds: [fixture.staffId] }) })
    expect(done).toMatchObject({ ok: true, first: { id, revision: 2, title: 'Mow', start: times.start } })
    const logged = await fixture.database.sql`select what from activity where appointment_id = ${id} order by id`
    expect(logged.map(({ what }) => what)).toEqual(['appointment.booked', 'appointment.moved'])
    await fixture.sync()
    expect(fixture.event(eventIdFor(id, 0))).toMatchObject({ created, summary: 'Mow', status: 'confirmed' })
    expect(fixture.liveIn(fixture.calendarId)).toEqual(Array(4).fill('Mow'))
    expect(await undo(done)).toMatchObject({ ok: true, restored: 4, kept: 0 })
    expect(await booked()).toEqual([{ id, start: weekly[0], title: 'Clean' }])
  })

  test('moves to the first date of a rule that it does not meet', async ({ fixture }) => {
    const { id, repeat, booked } = await single(fixture)
    const done = await repeat({ repeat: { every: 1, unit: 'week', weekdays: [4], ends: { after: 2 } } })
    expect(done).toMatchObject({ ok: true, first: { id, revision: 2 } })
    expect((await booked()).map(({ start }) => start)).toEqual(['12-02T23:00', '12-09T23:00'])
  })

  test('may move to a time that overlaps the one it has', async ({ fixture }) => {
    const { id, preview, repeat } = await single(fixture)
    const [half, hours] = ['2026-11-30T23:30:00Z', '2026-12-01T01:30:00Z']
    const moved = { fields: fields({ start: half, end: hours, title: 'Clean', assigneeIds: [fixture.staffId] }) }
    const found = await preview(moved)
    expect(found.ok && found.dates.map(({ state }) => state)).toEqual(Array(4).fill('free'))
    expect(await repeat(moved)).toMatchObject({ ok: true, booked: 4, first: { id, start: half, end: hours } })
    expect(await fixture.appointment(id)).toMatchObject({ overlapAllowed: null })
  })

  test('its own time is not checked, the others are, with a choice for each', async ({ fixture }) => {
    const { id, of, request, preview, repeat, booked, seriesCount } = await single(fixture)
    await of.book({ start: later(tuesday.start, 7), end: later(tuesday.end, 7) })
    // A person wanted this one at the same time.
    const over = fields({ ...tuesday, title: 'Over', assigneeIds: [fixture.staffId] })
    await changeAppointmentRow(fixture.database.db, {
      ...{ businessId: fixture.businessId, member: of.asked.member, bookAnyway: true, googleUnchecked: false },
      change: { kind: 'create', id: randomUUID(), fields: over },
    })
    const states = (found: Awaited<ReturnType<typeof preview>>) => found.ok && found.dates.map(({ state }) => state)
    expect(states(await previewNew(fixture.database.db, request()))).toEqual(['clash', 'clash', 'free', 'free'])
    const found = await preview()
    expect(states(found)).toEqual(['free', 'clash', 'free', 'free'])
    expect(await repeat()).toMatchObject({
      ok: false,
      code: 'dates-taken',
      preview: { dates: found.ok && found.dates },
    })
    expect(await seriesCount()).toBe(0)
    expect(await repeat({ choices: { '2026-12-08T10:00': 'skip' } })).toMatchObject({ ok: true, booked: 3 })
    expect((await booked()).map(({ title }) => title).toSorted()).toEqual(['Clean', 'Clean', 'Clean', 'Other', 'Over'])
    expect(await fixture.appointment(id)).toMatchObject({ revision: 1, overlapAllowed: null })
  })

  test('Undo keeps visits that were changed since, as single appointments, and takes what the horizon brought', async ({
    fixture,
  }) => {
    const { id, of, repeat, booked, undo } = await single(fixture)
    const done = await repeat({ repeat: { every: 4, unit: 'week', ends: 'never' } })
    await of.alone(1, { title: 'With windows' })
    const before = (await of.visits()).length
    await rollSeries(fixture.database, { now: later(now, 40) })
    expect((await of.visits()).length).toBeGreaterThan(before)
    expect(await undo(done)).toMatchObject({ ok: true, kept: 1 })
    expect((await booked()).map(({ title }) => title)).toEqual(['Clean', 'With windows'])
    expect((await booked())[0]?.id).toBe(id)
  })
})

describe('races', () => {
  test('a change by someone else is the usual conflict, and nothing is saved', async ({ fixture }) => {
    const { edit, repeat, booked, seriesCount } = await single(fixture)
    await edit('Theirs')
    const refused = await repeat()
    expect(refused).toMatchObject({
      ...{ ok: false, code: 'changed-elsewhere', message: '“Theirs” has been changed by someone else.' },
      current: { title: 'Theirs', revision: 2 },
    })
    expect([(await booked()).length, await seriesCount()]).toEqual([1, 0])
    expect(await repeat({ existing: { revision: 2 } })).toMatchObject({ ok: true, first: { title: 'Clean' } })
  })

  test('of an edit and a repetition at once, the second is refused', async ({ fixture }) => {
    const { id, edit, repeat, seriesCount } = await single(fixture)
    const [edited, repeated] = await Promise.all([
      edit('Theirs'),
      repeat({ fields: fields({ ...tuesday, title: 'Mine', assigneeIds: [fixture.staffId] }) }),
    ])
    expect([edited.ok, repeated.ok].toSorted()).toEqual([false, true])
    expect(edited.ok ? repeated : edited).toMatchObject({ code: 'changed-elsewhere' })
    expect(await seriesCount()).toBe(repeated.ok ? 1 : 0)
    const row = await fixture.appointment(id)
    expect(row).toMatchObject({ revision: 2, title: repeated.ok ? 'Mine' : 'Theirs' })
  })

  test('a change that is under way is waited for, and then is the conflict', async ({ fixture }) => {
    const { id, repeat, seriesCount } = await single(fixture)
    const { database } = fixture
    const [written, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    // As a run writes what was changed in Google: without the turn of a booking.
    const other = database.sql.begin(async (sql) => {
      await sql`update appointments set title = 'Theirs', revision = 2 where id = ${id}`
      written.resolve()
      await released.promise
    })
    await written.promise
    const repeated = repeat({ fields: fields({ ...tuesday, title: 'Mine', assigneeIds: [fixture.staffId] }) })
    await untilLockIsAwaited(database)
    released.resolve()
    await other
    expect(await repeated).toMatchObject({ code: 'changed-elsewhere', current: { title: 'Theirs', revision: 2 } })
    expect(await seriesCount()).toBe(0)
    expect(await fixture.appointment(id)).toMatchObject({ title: 'Theirs', revision: 2 })
  })

  test('of two people who let it repeat at once, one is refused', async ({ fixture }) => {
    const { repeat, booked, seriesCount } = await single(fixture)
    const answers = await Promise.all([repeat(), repeat()])
    expect(answers.map(({ ok }) => ok).toSorted()).toEqual([false, true])
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ code: 'changed-elsewhere' })
    expect([(await booked()).length, await seriesCount()]).toEqual([4, 1])
  })

  test('a repeated call makes one series, whether it comes at once or later', async ({ fixture }) => {
    const { id, request, booked, seriesCount } = await single(fixture)
    const given = request()
    const call = () => createSeriesRow(fixture.database.db, given)
    const answers = [...(await Promise.all([call(), call()])), await call()]
    for (const answer of answers) expect(answer).toMatchObject({ ok: true, booked: 4, first: { id } })
    expect(answers.filter((answer) => answer.ok && answer.operationId !== null)).toHaveLength(1)
    expect([(await booked()).length, await seriesCount()]).toEqual([4, 1])
  })

  test('one that is cancelled, or of another business, cannot repeat', async ({ fixture }) => {
    const { id, repeat } = await single(fixture)
    const { database } = fixture
    const other = await insertBusiness(database.db)
    const theirs = sampleSeries(database, other)
    expect(await repeat({ firstAppointmentId: await theirs.book(tuesday) })).toMatchObject({ code: 'not-found' })
    await database.sql`update appointments set status = 'cancelled' where id = ${id}`
    expect(await repeat()).toMatchObject({ code: 'invalid' })
  })

  test('a connection that is killed anywhere leaves it single', async ({ fixture }) => {
    const { request, booked, seriesCount } = await single(fixture)
    const { database } = fixture
    const given = request({ fields: fields({ ...tuesday, title: 'Mow', assigneeIds: [fixture.staffId] }) })
    const before = await booked()
    for (const statement of [
      ...(['insert on series', 'update on appointments', 'insert on appointments'] as const),
      ...(['insert on series_visits', 'insert on series_operations', 'insert on activity'] as const),
    ]) {
      await expect(killedAt(database, statement, () => createSeriesRow(database.db, given))).rejects.toThrow()
      expect([await booked(), await seriesCount()]).toEqual([before, 0])
    }
    expect(await createSeriesRow(database.db, given)).toMatchObject({ ok: true, booked: 4 })
  })
})
