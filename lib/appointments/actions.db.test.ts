import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { untilBackgroundDone } from '#lib/observe/in-background.ts'
import { addService } from '#lib/services/mutations.ts'
import { emptyService } from '#lib/services/schema.ts'
import { fields } from '#testing/appointment-fields.ts'
import { insertBusiness, insertSyncedCalendar, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import { changeAppointment, findTimes } from './actions.ts'
import { deepLinkedAppointment } from './loaders.ts'
import { isFlooded } from './read-limits.ts'
import type { AppointmentChange, AppointmentFields } from './schema.ts'

const session = vi.hoisted(() => ({ viewer: null as object | null }))
vi.mock('#lib/auth/viewer.ts', () => ({
  actingViewer: async () => ({ ok: true, viewer: session.viewer }),
  requireViewer: async () => session.viewer,
}))

const database = ownDatabase()
let sample: SampleBusiness

const signIn = ({ businessId, owner }: SampleBusiness, email = 'olive@harbour.example') => {
  session.viewer = { businessId, memberId: owner, role: 'owner', timeZone: 'Australia/Sydney', email }
}

beforeAll(async () => {
  setEnvironment(database, { url: 'http://localhost:1' })
  sample = await insertBusiness(database.db)
})
beforeEach(async () => {
  await database.sql`delete from rate_limits`
  signIn(sample)
})

const create = (given: Partial<AppointmentFields> = {}): AppointmentChange => ({
  ...{ kind: 'create', id: randomUUID(), fields: fields(given) },
})
const counted = async () => {
  await untilBackgroundDone()
  return (await database.sql`select count from rate_limits`)[0]?.count
}
const useUp = (max: number) => database.sql`update rate_limits set count = ${max}`

describe('the limit of bookings', () => {
  test('a member books 300 appointments an hour, in all businesses', async () => {
    expect((await changeAppointment(create())).ok).toBe(true)
    await useUp(299)
    expect((await changeAppointment(create())).ok).toBe(true)
    const refused = { ok: false, code: 'too-many-bookings' }
    const last = create()
    expect(await changeAppointment(last)).toMatchObject(refused)
    signIn(await insertBusiness(database.db))
    expect(await changeAppointment(create())).toMatchObject(refused)
    signIn(sample, 'mia@harbour.example')
    expect((await changeAppointment(last)).ok).toBe(true)
  })

  test('other changes are still possible; putting a cancelled one back is a booking', async () => {
    const booking = create()
    expect((await changeAppointment(booking)).ok).toBe(true)
    await useUp(300)
    const { id } = booking
    const move = { kind: 'move' as const, id, revision: 1, start: '2026-12-01T00:00:00Z', end: '2026-12-01T01:00:00Z' }
    expect((await changeAppointment(move)).ok).toBe(true)
    expect((await changeAppointment({ kind: 'cancel', id, revision: 2 })).ok).toBe(true)
    expect(await changeAppointment({ kind: 'reinstate', id, revision: 3 })).toMatchObject({
      ...{ ok: false, code: 'too-many-bookings' },
    })
  })

  test('only bookings that are made count: clashes, repeated requests and refusals do not', async () => {
    const at = { start: '2027-09-01T00:00:00Z', end: '2027-09-01T01:00:00Z', assigneeIds: [sample.mia] }
    const first = create(at)
    expect((await changeAppointment(first)).ok).toBe(true)
    await useUp(299)
    for (let n = 0; n < 5; n++) {
      expect(await changeAppointment(create(at))).toMatchObject({ code: 'clash' })
      expect(await counted()).toBe(299)
    }
    expect((await changeAppointment(first)).ok).toBe(true)
    expect(await counted()).toBe(299)
    expect(await changeAppointment({ kind: 'reinstate', id: randomUUID(), revision: 1 })).toMatchObject({
      code: 'not-found',
    })
    expect(await counted()).toBe(299)
    const answers = await Promise.all(Array.from({ length: 5 }, () => changeAppointment(create())))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await counted()).toBe(300)
  })

  test('of bookings of one time at once, only the one that takes it is counted', async () => {
    const at = { start: '2027-09-02T00:00:00Z', end: '2027-09-02T01:00:00Z', assigneeIds: [sample.mia] }
    expect((await changeAppointment(create())).ok).toBe(true)
    await useUp(299)
    const answers = await Promise.all(Array.from({ length: 5 }, () => changeAppointment(create(at))))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect(answers.filter((answer) => !answer.ok && answer.code === 'clash')).toHaveLength(4)
    expect(await counted()).toBe(300)
  })

  test('a flood of changes is refused, whatever they are', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    signIn(sample, 'flood@harbour.example')
    const cancel = () => changeAppointment({ kind: 'cancel', id: randomUUID(), revision: 1 })
    for (let n = 1; n < 600; n++) isFlooded('flood@harbour.example')
    expect(await cancel()).toMatchObject({ code: 'not-found' })
    expect(await cancel()).toMatchObject({ code: 'too-many-bookings' })
    expect(await changeAppointment(create())).toMatchObject({ code: 'too-many-bookings' })
    signIn(sample)
    expect(await cancel()).toMatchObject({ code: 'not-found' })
  })

  test('what is refused as a field error does not count', async () => {
    await changeAppointment(create({ title: '' }))
    expect(await database.sql`select from rate_limits`).toHaveLength(0)
  })
})

test.each([
  ['half an emoji', { title: 'Tap \ud83d', notes: 'a\0' }, ['title', 'notes']],
  ['the year 9999', { start: '9999-12-31T00:00:00Z', end: '9999-12-31T01:00:00Z' }, ['start', 'end']],
  ['the year 0', { start: '0000-01-01T00:00:00Z', end: '0000-01-01T01:00:00Z' }, ['start', 'end']],
  ['5,000 assignees', { assigneeIds: Array.from({ length: 5000 }, () => randomUUID()) }, ['assigneeIds']],
])('%s in a booking is a field error', async (_, given, names) => {
  const answer = await changeAppointment(create(given))
  expect(answer).toMatchObject({ ok: false, code: 'invalid' })
  expect(Object.keys((!answer.ok && answer.fields) || {})).toEqual(names)
})

test.each([
  ['the year 9999', { from: '9999-12-31T00:00:00Z' }],
  ['the year 0', { from: '0000-01-01T00:00:00Z' }],
  ['5,000 assignees', { assigneeIds: Array.from({ length: 5000 }, () => randomUUID()) }],
  ['a malformed id', { exceptId: 'x' }],
  ['a length of no minutes', { minutes: Number.NaN }],
])('Find a time with %s is refused', async (_, given) => {
  const search = { minutes: 60, assigneeIds: [], from: '2026-11-23T00:00:00Z', exceptId: randomUUID(), ...given }
  expect(await findTimes(search)).toMatchObject({ ok: false, code: 'invalid' })
})

test('Find a time and a booking work in the last year', async () => {
  const last = { start: '2200-12-31T00:00:00Z', end: '2200-12-31T01:00:00Z' }
  const search = { minutes: 60, assigneeIds: [], from: last.start, exceptId: randomUUID() }
  expect((await findTimes(search)).ok).toBe(true)
  expect((await changeAppointment(create({ ...last, assigneeIds: [sample.mia] }))).ok).toBe(true)
  expect(await changeAppointment(create({ ...last, assigneeIds: [sample.mia] }))).toMatchObject({ code: 'clash' })
})

test('the alternatives of a refused booking, and of a refused move, keep the gaps of its service', async () => {
  const own = await insertBusiness(database.db)
  signIn(own)
  const by = { businessId: own.businessId, memberId: own.owner }
  const added = await addService(database.db, by, { ...emptyService, name: 'Boiler', gapBefore: 30, gapAfter: 30 })
  if (!added.ok) throw new Error(added.message)
  const at = (hour: number) => ({ start: `2027-01-19T0${hour}:00:00Z`, end: `2027-01-19T0${hour + 1}:00:00Z` })
  const given = { assigneeIds: [own.mia], serviceId: added.id }
  await changeAppointment(create({ ...at(1), assigneeIds: [own.mia] }))
  const kept = ['2027-01-18T22:30:00Z', '2027-01-18T23:30:00Z', '2027-01-19T02:30:00Z']
  const refused = await changeAppointment(create({ ...at(1), ...given }))
  expect(refused).toMatchObject({
    code: 'clash',
    alternatives: kept.map((start) => ({ start, assigneeIds: [own.mia] })),
  })
  const other = create({ ...at(4), ...given })
  expect(await changeAppointment(other)).toMatchObject({ ok: true })
  const moved = await changeAppointment({ kind: 'move', id: other.id, revision: 1, ...at(1) })
  expect(moved).toMatchObject({ code: 'clash', alternatives: kept.map((start) => ({ start })) })
})

test('a refusal lists ten clashes and counts all', async () => {
  const at = { start: '2027-06-01T00:00:00Z', end: '2027-06-01T01:00:00Z', assigneeIds: [sample.tom] }
  for (let i = 0; i < 12; i++) await changeAppointment(create(at), { bookAnyway: true })
  const answer = await changeAppointment(create(at))
  expect(answer).toMatchObject({ ok: false, code: 'clash', clashCount: 12 })
  expect(!answer.ok && answer.clashes).toHaveLength(10)
})

describe('more Google events at a time than can be compared', () => {
  const at = { start: '2027-01-01T00:00:00Z', end: '2027-01-01T01:00:00Z' }
  const crowded = async () => {
    const of = await insertBusiness(database.db)
    signIn(of)
    const booking = create(at)
    expect((await changeAppointment(booking)).ok).toBe(true)
    const syncedCalendarId = await insertSyncedCalendar(database.db, of)
    await database.sql`update synced_calendars set last_success_at = now() where id = ${syncedCalendarId}`
    await database.sql`
      insert into google_events (business_id, synced_calendar_id, event_id, kind, blocks, blocks_why, generation)
      select ${of.businessId}, ${syncedCalendarId}, 'e' || n, 'single', true, 'busy', 1 from generate_series(1, 20001) n`
    await database.sql`
      insert into google_occurrences (business_id, synced_calendar_id, instance_id, event_id, series_id, during, blocks)
      select business_id, synced_calendar_id, event_id, event_id, event_id,
        tstzrange(${at.start}::timestamptz, ${at.end}::timestamptz), true
      from google_events where synced_calendar_id = ${syncedCalendarId}`
    return booking.id
  }

  test('a booking is refused with a code, and what takes no time goes on', { timeout: 60_000 }, async () => {
    const id = await crowded()
    const refused = { ok: false, code: 'too-many-occurrences' }
    expect(await changeAppointment(create(at), { bookAnyway: true })).toMatchObject(refused)
    const search = { minutes: 60, assigneeIds: [], from: at.start, exceptId: randomUUID() }
    expect(await findTimes(search)).toMatchObject(refused)
    expect(await deepLinkedAppointment(id)).toMatchObject({ id, status: 'booked' })
    expect(await changeAppointment({ kind: 'cancel', id, revision: 1 })).toMatchObject({
      ...{ ok: true, appointment: { id, status: 'cancelled' } },
    })
  })
})

test.each(['', 'x', 'undefined', '../settings', `${randomUUID()}'`, '\0', 'x'.repeat(10_000)])(
  'a deep link to %j opens nothing',
  async (id) => {
    expect(await deepLinkedAppointment(id)).toBeNull()
  },
)
