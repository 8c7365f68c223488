import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { endHolds, insertHold } from '#db/queries/receptionist/holds.ts'
import { eventMappings } from '#db/schema/appointments.ts'
import { googleAccounts } from '#db/schema/google.ts'
import { fields } from '#testing/appointment-fields.ts'
import {
  insertBusiness,
  insertGoogleEvent,
  insertSyncedCalendar,
  type SampleBusiness,
} from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { insertCaller } from '#testing/receptionist/receptionist.ts'
import { changeAppointmentRow } from './mutations.ts'
import { justBooked, readCalendarRange } from './range.ts'
import { orTooMany } from './read-budget.ts'
import type { AppointmentFields } from './schema.ts'

const database = ownDatabase()
let sample: SampleBusiness
let syncedCalendarId: string
const now = '2026-11-20T00:00:00Z'
const week = { start: '2026-11-22T13:00:00Z', end: '2026-11-29T13:00:00Z' }

beforeAll(async () => {
  sample = await insertBusiness(database.db)
  syncedCalendarId = await insertSyncedCalendar(database.db, sample)
})

const book = async (given: Partial<AppointmentFields>, options: { bookAnyway?: boolean; of?: SampleBusiness } = {}) => {
  const of = options.of ?? sample
  const applied = await changeAppointmentRow(database.db, {
    businessId: of.businessId,
    member: { id: of.owner, role: 'owner' },
    change: { kind: 'create', id: randomUUID(), fields: fields(given) },
    bookAnyway: options.bookAnyway ?? false,
    googleUnchecked: false,
  })
  if (!applied.ok) throw new Error(applied.message)
  return applied.row
}

const read = (span = week, role: 'owner' | 'staff' = 'owner') =>
  readCalendarRange(database.db, { businessId: sample.businessId, role, span, now })

const google = (event: Parameters<typeof insertGoogleEvent>[2]) =>
  insertGoogleEvent(database.db, { businessId: sample.businessId, syncedCalendarId }, event)

test('a range has the appointments of the business that overlap it, in order, as UTC instants', async () => {
  const other = await insertBusiness(database.db)
  const inside = await book({ title: 'Inside' })
  const across = await book({ title: 'Across', start: '2026-11-22T12:00:00Z', end: '2026-11-22T14:00:00Z' })
  await book({ title: 'Before', start: '2026-11-22T12:00:00Z', end: week.start })
  await book({ title: 'After', start: week.end, end: '2026-11-29T14:00:00Z' })
  await book({ title: 'Theirs' }, { of: other })
  const { appointments } = await read()
  expect(appointments.map(({ id }) => id)).toEqual([across.id, inside.id])
  expect(appointments[1]).toMatchObject({ start: '2026-11-22T22:00:00Z', end: '2026-11-22T23:30:00Z' })
})

test('the response to a booking without a clash equals a later read', async () => {
  const span = { start: '2026-12-07T00:00:00Z', end: '2026-12-07T01:00:00Z' }
  const row = await book({ title: 'Plain', ...span })
  expect((await read(span)).appointments).toEqual([justBooked(row)])
})

test('Google events have details for the owner; private ones are “Busy” to staff', async () => {
  const at = { start: '2026-12-01T00:00:00Z', end: '2026-12-01T01:00:00Z' }
  await google({ eventId: 'dentist', title: 'Dentist', isPrivate: true, ...at })
  await google({
    eventId: 'tax',
    title: 'Tax due',
    blocks: false,
    start: '2026-11-30T13:00:00Z',
    end: '2026-12-01T13:00:00Z',
    dates: { start: '2026-12-01', end: '2026-12-02' },
  })
  const span = { start: '2026-11-30T13:00:00Z', end: '2026-12-01T13:00:00Z' }
  const [tax, dentist] = (await read(span)).occurrences
  expect(tax).toMatchObject({
    title: 'Tax due',
    start: '2026-12-01',
    end: '2026-12-02',
    allDay: true,
    blocks: false,
  })
  expect(dentist).toMatchObject({ title: 'Dentist', allDay: false, location: 'Manly' })
  const [shown, hidden] = (await read(span, 'staff')).occurrences
  expect(shown).toMatchObject({ title: 'Tax due', location: 'Manly' })
  expect(hidden).toMatchObject({ title: 'Busy', location: '', description: '', htmlLink: '', blocks: true })
  await database.sql`update businesses set staff_see = 'busy' where id = ${sample.businessId}`
  const titles = (await read(span, 'staff')).occurrences.map(({ title }) => title)
  await database.sql`update businesses set staff_see = 'details' where id = ${sample.businessId}`
  expect(titles).toEqual(['Busy', 'Busy'])
})

test('a series is expanded on read beyond the stored horizon', async () => {
  await google({
    eventId: 'standup',
    title: 'Stand-up',
    start: '2029-01-01T21:00:00Z',
    end: '2029-01-01T21:30:00Z',
    recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=TU'],
    stored: false,
  })
  const span = { start: '2029-01-31T13:00:00Z', end: '2029-02-28T13:00:00Z' }
  const { occurrences } = await read(span)
  expect(occurrences.map(({ title, start }) => [title, start])).toEqual([
    ['Stand-up', '2029-02-05T21:00:00Z'],
    ['Stand-up', '2029-02-12T21:00:00Z'],
    ['Stand-up', '2029-02-19T21:00:00Z'],
    ['Stand-up', '2029-02-26T21:00:00Z'],
  ])
  expect(new Set(occurrences.map(({ googleEventId }) => googleEventId)).size).toBe(4)
})

test('a clash shows on both appointments, even if one is outside the range, until it is resolved', async () => {
  const long = await book({
    start: '2027-02-01T00:00:00Z',
    end: '2027-02-03T00:00:00Z',
    assigneeIds: [sample.mia],
  })
  const late = await book(
    { start: '2027-02-02T22:00:00Z', end: '2027-02-02T23:00:00Z', assigneeIds: [sample.mia] },
    { bookAnyway: true },
  )
  const firstDay = { start: '2027-02-01T00:00:00Z', end: '2027-02-01T12:00:00Z' }
  const of = async () => (await read(firstDay)).appointments.map(({ clashes }) => clashes.map(({ id }) => id))
  expect(await of()).toEqual([[late.id]])
  await changeAppointmentRow(database.db, {
    businessId: sample.businessId,
    member: { id: sample.owner, role: 'owner' },
    change: { kind: 'cancel', id: late.id, revision: 1 },
    bookAnyway: false,
    googleUnchecked: false,
  })
  expect(await of()).toEqual([[]])
  await google({
    eventId: 'over',
    title: 'Over it',
    start: '2027-02-01T01:00:00Z',
    end: '2027-02-01T02:00:00Z',
  })
  expect(await of()).toEqual([['over']])
  expect(long.status).toBe('booked')
})

test('the sync status is that of the event in the chosen calendar', async () => {
  const made = await book({ start: '2027-03-01T00:00:00Z', end: '2027-03-01T01:00:00Z' })
  const span = { start: '2027-03-01T00:00:00Z', end: '2027-03-02T00:00:00Z' }
  const status = async () => (await read(span)).appointments[0]?.sync
  expect(await status()).toEqual({ state: 'saving' })
  const [account] = await database.db.select().from(googleAccounts)
  const mapping = {
    businessId: sample.businessId,
    appointmentId: made.id,
    googleSub: account?.googleSub ?? '',
  }
  await database.db
    .insert(eventMappings)
    .values({ ...mapping, calendarId: 'former', eventId: 'a', state: 'live', revisionPushed: 1 })
  expect(await status()).toEqual({ state: 'saving' })
  await database.db.insert(eventMappings).values({
    ...mapping,
    calendarId: 'primary',
    eventId: 'b',
    state: 'live',
    revisionPushed: 1,
    htmlLink: 'https://x',
  })
  expect(await status()).toEqual({ state: 'in-google', htmlLink: 'https://x' })
})

describe('what one answer may hold', { timeout: 60_000 }, () => {
  /** A business of its own with many events in Google: daily series, or single stored ones. */
  const crowded = async (count: number, event: { recurrence?: string; description?: string; stored?: boolean }) => {
    const of = await insertBusiness(database.db)
    const calendar = await insertSyncedCalendar(database.db, of)
    const { recurrence, description = '', stored = false } = event
    const times = { allDay: false, start: '2027-01-01T00:00:00Z', end: '2027-01-01T01:00:00Z' }
    await database.sql`
      insert into google_events (business_id, synced_calendar_id, event_id, kind, title, description, blocks, blocks_why,
        times, recurrence, generation)
      select ${of.businessId}, ${calendar}, 'e' || n, ${recurrence ? 'master' : 'single'}, 'E' || n, ${description},
        true, 'busy', ${JSON.stringify({ ...times, startZone: null, endZone: null })}::text::jsonb,
        ${recurrence ? `{${recurrence}}` : null}::text::text[], 1
      from generate_series(1, ${count}) n`
    if (stored)
      await database.sql`
        insert into google_occurrences (business_id, synced_calendar_id, instance_id, event_id, series_id, during, blocks)
        select business_id, synced_calendar_id, event_id, event_id, event_id,
          '[2027-01-01T00:00:00Z,2027-01-01T01:00:00Z)', true
        from google_events where synced_calendar_id = ${calendar}`
    return (span: { start: string; end: string }) =>
      orTooMany(() => readCalendarRange(database.db, { businessId: of.businessId, role: 'owner', span, now }))
  }
  const year2060 = { start: '2060-01-01T00:00:00Z', end: '2061-01-01T00:00:00Z' }
  const newYear = { start: '2026-12-31T13:00:00Z', end: '2027-01-01T13:00:00Z' }
  const tooMany = { ok: false, code: 'too-many-occurrences' }
  const daily = 'RRULE:FREQ=DAILY'

  test('300 daily series over a year beyond the horizon are refused, a week of them is answered', async () => {
    const readCrowded = await crowded(300, { recurrence: daily })
    expect(await readCrowded(year2060)).toMatchObject(tooMany)
    const week2060 = { start: '2060-01-01T00:00:00Z', end: '2060-01-08T00:00:00Z' }
    const found = await readCrowded(week2060)
    expect(found.ok && found.value.occurrences).toHaveLength(300 * 7)
  })

  test('other work goes on between two series', async () => {
    const readCrowded = await crowded(300, { recurrence: daily })
    let turns = 0
    const count = setInterval(() => turns++, 0)
    await readCrowded({ start: '2060-01-01T00:00:00Z', end: '2060-02-01T00:00:00Z' })
    clearInterval(count)
    expect(turns).toBeGreaterThan(50)
  })

  test('stored occurrences of several pages are all there, once and in order', async () => {
    const found = await (await crowded(4500, { stored: true }))(newYear)
    if (!found.ok) throw new Error(found.message)
    const ids = found.value.occurrences.map(({ googleEventId }) => googleEventId)
    expect(new Set(ids).size).toBe(4500)
    expect(ids).toHaveLength(4500)
  })

  test('20,000 stored occurrences are answered, more are refused', async () => {
    const readCrowded = await crowded(20_000, { stored: true })
    const found = await readCrowded(newYear)
    expect(found.ok && found.value.occurrences).toHaveLength(20_000)
    expect(await (await crowded(20_001, { stored: true }))(newYear)).toMatchObject(tooMany)
  })

  test('long descriptions count, stored or expanded', async () => {
    const description = 'x'.repeat(8000)
    expect(await (await crowded(4000, { stored: true, description }))(newYear)).toMatchObject(tooMany)
    expect(await (await crowded(20, { recurrence: daily, description }))(year2060)).toMatchObject(tooMany)
    expect(await (await crowded(4000, { description }))(year2060)).toMatchObject({ ok: true })
  })

  test('appointments count', async () => {
    const of = await insertBusiness(database.db)
    const add = (count: number) => database.sql`
      insert into appointments (business_id, title, starts_at, ends_at)
      select ${of.businessId}, 'Visit', '2027-01-01T00:00:00Z', '2027-01-01T01:00:00Z'
      from generate_series(1, ${count})`
    const readAll = () =>
      orTooMany(() => readCalendarRange(database.db, { businessId: of.businessId, role: 'owner', span: newYear, now }))
    await add(4500)
    const found = await readAll()
    const ids = found.ok ? found.value.appointments.map(({ id }) => id) : []
    expect(new Set(ids).size).toBe(4500)
    await add(15_501)
    expect(await readAll()).toMatchObject(tooMany)
  })

  test('of 250 appointments over each other each lists ten clashes and counts all', async () => {
    const of = await insertBusiness(database.db)
    await database.sql`
      with booked as (
        insert into appointments (business_id, title, starts_at, ends_at, overlap_allowed)
        select ${of.businessId}, 'Visit ' || n, '2027-01-01T00:00:00Z', '2027-01-01T01:00:00Z', 'booked-anyway'
        from generate_series(1, 250) n returning id)
      insert into appointment_assignees (business_id, appointment_id, member_id, during, exclusive)
      select ${of.businessId}, id, ${of.mia}, '[2027-01-01T00:00:00Z,2027-01-01T01:00:00Z)', false from booked`
    const { appointments } = await readCalendarRange(database.db, {
      ...{ businessId: of.businessId, role: 'owner', span: newYear, now },
    })
    expect(appointments).toHaveLength(250)
    for (const { clashes, clashCount } of appointments) expect([clashes.length, clashCount]).toEqual([10, 249])
    expect(JSON.stringify(appointments).length).toBeLessThan(1_000_000)
  })
})

test.each(['   ', '\u200b', '\u00ad\ufeff'])(
  'a Google event with the title %j has a name for people',
  async (title) => {
    const at = { start: '2027-05-01T00:00:00Z', end: '2027-05-01T01:00:00Z' }
    const eventId = `blank-${randomUUID()}`
    await google({ eventId, title, ...at })
    const { occurrences } = await read(at)
    expect(occurrences.find(({ googleEventId }) => googleEventId === eventId)?.title).toBe('(No title)')
    const booked = await book({ ...at, assigneeIds: [sample.mia] }, { bookAnyway: true })
    const row = (await read(at)).appointments.find(({ id }) => id === booked.id)
    expect(row?.clashes.map((clash) => clash.title)).toContain('(No title)')
  },
)

describe('holds', () => {
  const start = '2026-11-24T22:00:00Z'
  const hold = async (given: { seconds?: number; test?: boolean } = {}) => {
    const { keyId } = await insertCaller(database.db, sample)
    const times = { startsAt: start, endsAt: '2026-11-24T23:00:00Z', memberIds: [sample.tom], test: given.test }
    const of = { id: randomUUID(), businessId: sample.businessId, apiKeyId: keyId, seconds: given.seconds ?? 60 }
    return await database.db.transaction((tx) => insertHold(tx, { ...times, ...of }))
  }
  const shown = async () => (await read()).holds

  test('open ones are shown with what a page needs, until they end', async () => {
    const { id, expiresAt } = await hold()
    expect(await shown()).toEqual([{ id, start, end: '2026-11-24T23:00:00Z', memberIds: [sample.tom], expiresAt }])
    expect((await read({ start: week.end, end: '2026-12-06T13:00:00Z' })).holds).toEqual([])
    await database.db.transaction((tx) => endHolds(tx, { businessId: sample.businessId, ids: [id], ended: 'released' }))
    expect(await shown()).toEqual([])
  })

  test('expired ones and those of test keys are not shown', async () => {
    await hold({ seconds: -1 })
    await hold({ test: true })
    expect(await shown()).toEqual([])
  })
})
