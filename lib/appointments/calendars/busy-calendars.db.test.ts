import { randomUUID } from 'node:crypto'
import { describe, expect } from 'vitest'
import { tenantDb } from '#db/tenant.ts'
import { unlink } from '#lib/connection/unlink.ts'
import { fields } from '#testing/appointment-fields.ts'
import { test } from '#testing/busy-test.ts'
import type { SyncFixture } from '#testing/sync-fixture.ts'
import { readBusy } from '../busy.ts'
import { changeAppointmentRow } from '../mutations.ts'
import { proposeTimes } from '../propose/propose-times.ts'
import { readCalendarRange } from '../range.ts'
import type { AppointmentFields } from '../schema.ts'
import { readWorld } from '../world.ts'

/** What busy calendars of members do to bookings, searches and the calendar page. */

// A Monday in Sydney, open from 8 to 5.
const day = { start: '2027-01-10T21:00:00Z', end: '2027-01-11T06:00:00Z' }
const now = '2027-01-10T13:00:00Z'
const private1 = { start: '2027-01-11T00:00:00Z', end: '2027-01-11T01:00:00Z' }
const time = (instant: string) => ({ dateTime: instant, timeZone: 'UTC' })
const between = ({ start, end }: { start: string; end: string }) => ({ start: time(start), end: time(end) })

const db = ({ database, businessId }: SyncFixture) => tenantDb(database, businessId)

const book = (fixture: SyncFixture, given: Partial<AppointmentFields>, more: { by?: string; anyway?: boolean } = {}) =>
  changeAppointmentRow(db(fixture), {
    businessId: fixture.businessId,
    member: { id: more.by ?? fixture.ownerId, role: more.by ? 'staff' : 'owner' },
    change: { kind: 'create', id: randomUUID(), fields: fields({ ...private1, ...given }) },
    bookAnyway: more.anyway ?? false,
    googleUnchecked: false,
  })

const range = (fixture: SyncFixture, viewerId: string, role: 'owner' | 'staff' = 'owner') =>
  readCalendarRange(db(fixture), { businessId: fixture.businessId, role, viewerId, span: day, now })

test.beforeEach(async ({ fixture, mia }) => {
  mia.inGoogle.create({ id: 'private1', ...between(private1), summary: 'Clinic' })
  mia.inGoogle.create({ id: 'free', ...between(day), transparency: 'transparent' })
  await fixture.sync()
  await mia.sync()
})

describe('a booking', () => {
  test('at a time of the member’s own clashes for them alone, and says only that', async ({ fixture, mia }) => {
    const clash = { kind: 'google', memberIds: [mia.memberId], ...private1 }
    const asOwner = await book(fixture, { assigneeIds: [mia.memberId, fixture.ownerId] })
    expect(asOwner).toMatchObject({ ok: false, code: 'clash', clashes: [{ ...clash, title: 'Busy (Mia)' }] })
    const asMia = await book(fixture, { assigneeIds: [mia.memberId] }, { by: mia.memberId })
    expect(asMia).toMatchObject({ ok: false, code: 'clash', clashes: [{ ...clash, title: 'Busy' }] })
    expect(await book(fixture, { assigneeIds: [fixture.ownerId] })).toMatchObject({ ok: true })
    expect(await book(fixture, { assigneeIds: [mia.memberId] }, { anyway: true })).toMatchObject({ ok: true })
  })

  test('clashes without a calendar of the business too', async ({ fixture, mia }) => {
    await unlink(fixture.viewer)
    expect(await book(fixture, { assigneeIds: [mia.memberId] })).toMatchObject({ ok: false, code: 'clash' })
    const later = { start: '2027-01-11T02:00:00Z', end: '2027-01-11T03:00:00Z', assigneeIds: [mia.memberId] }
    const both = await Promise.all([book(fixture, later), book(fixture, later)])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect((await readWorldOf(fixture)).members.map(({ id, google }) => [id, google]).sort()).toEqual(
      [
        [fixture.ownerId, 'unlinked'],
        [mia.memberId, 'fresh'],
      ].sort(),
    )
  })
})

const readWorldOf = (fixture: SyncFixture, more: { unknownMembers?: string[] } = {}) =>
  db(fixture).transaction((tx) => readWorld(tx, { businessId: fixture.businessId, span: day, now, ...more }))

test('times are proposed around it', async ({ fixture, mia }) => {
  const search = { businessId: fixture.businessId, minutes: 60, exceptId: null, now, from: private1.start, days: 1 }
  const first = async (assigneeIds: string[]) =>
    (await proposeTimes(db(fixture), { ...search, assigneeIds, count: 1 }))[0]?.start
  expect(await first([mia.memberId])).toBe(private1.end)
  expect(await first([fixture.ownerId])).toBe(private1.start)
})

test('only the member is unknown while their calendar is not up to date', async ({ fixture, mia }) => {
  const { members } = await readWorldOf(fixture, { unknownMembers: [mia.memberId] })
  expect(Object.fromEntries(members.map(({ id, google }) => [id, google]))).toEqual({
    [fixture.ownerId]: 'fresh',
    [mia.memberId]: 'unknown',
  })
})

describe('the calendar', () => {
  test('shows who is busy and when; the member themselves gets the link', async ({ fixture, mia }) => {
    const shown = { id: expect.stringMatching(/^[\w-]{22}$/), memberId: mia.memberId, ...private1, allDay: false }
    for (const [viewer, role] of [[fixture.ownerId, 'owner'] as const, [fixture.ownerId, 'staff'] as const]) {
      const { busy, occurrences } = await range(fixture, viewer, role)
      expect(busy).toEqual([{ ...shown, htmlLink: '' }])
      expect(occurrences).toEqual([])
    }
    const own = await range(fixture, mia.memberId, 'staff')
    expect(own.busy).toEqual([{ ...shown, htmlLink: expect.stringMatching(/^http/) }])
  })

  test('marks an appointment that clashes with it', async ({ fixture, mia }) => {
    await book(fixture, { assigneeIds: [mia.memberId] }, { anyway: true })
    const [appointment] = (await range(fixture, fixture.ownerId)).appointments
    expect(appointment).toMatchObject({ clashCount: 1, clashes: [{ kind: 'google', title: 'Busy (Mia)' }] })
    const span = { businessId: fixture.businessId, role: 'owner', memberIds: [mia.memberId], span: day } as const
    const busy = await readBusy(db(fixture), { ...span, exceptId: appointment?.id ?? '' })
    expect(busy.map(({ title }) => title)).toEqual(['Busy (Mia)'])
  })

  test('shows a meeting of both once, which blocks the member all the same', async ({ fixture, mia }) => {
    const meeting = { start: '2027-01-11T03:00:00Z', end: '2027-01-11T04:00:00Z' }
    const recurrence = ['RRULE:FREQ=WEEKLY;COUNT=2']
    const attendees = [{ email: fixture.email }, { email: mia.email }]
    const { id } = fixture.inGoogle.create({ ...between(meeting), recurrence, attendees, transparency: 'transparent' })
    await fixture.sync()
    await mia.sync()
    const { occurrences, busy } = await range(fixture, fixture.ownerId)
    const blocked = { blocks: true, blocksWhy: 'busy', memberIds: [mia.memberId] }
    expect(occurrences).toMatchObject([{ googleEventId: `${id}_20270111T030000Z`, ...blocked }])
    expect(busy.map(({ start }) => start)).toEqual([private1.start])
    expect(await book(fixture, { ...meeting, assigneeIds: [mia.memberId] })).toMatchObject({ code: 'clash' })
    expect(await book(fixture, { ...meeting, assigneeIds: [fixture.ownerId] })).toMatchObject({ ok: true })
  })

  test('shows whom an event of the business blocks: its guests, and who has it too', async ({ fixture, mia }) => {
    const meeting = { ...between({ start: '2027-01-11T03:00:00Z', end: '2027-01-11T04:00:00Z' }), summary: 'Planning' }
    const { id } = fixture.inGoogle.create({ ...meeting, attendees: [{ email: fixture.email, self: true }] })
    mia.inGoogle.create({ ...meeting, id, iCalUID: fixture.event(id)?.iCalUID })
    await fixture.sync()
    await mia.sync()
    const [planning] = (await range(fixture, fixture.ownerId)).occurrences
    expect(planning).toMatchObject({ title: 'Planning', memberIds: [fixture.ownerId, mia.memberId] })
  })

  test('shows that an event without guests blocks everyone, or the linked member', async ({ fixture, database }) => {
    fixture.inGoogle.create(between({ start: '2027-01-11T03:00:00Z', end: '2027-01-11T04:00:00Z' }))
    await fixture.sync()
    expect((await range(fixture, fixture.ownerId)).occurrences).toMatchObject([{ memberIds: [] }])
    await database.sql`update businesses set guestless_blocks = 'linked-member' where id = ${fixture.businessId}`
    expect((await range(fixture, fixture.ownerId)).occurrences).toMatchObject([{ memberIds: [fixture.ownerId] }])
  })

  test('shows a series beyond the horizon, and nothing of a former member', async ({ fixture, database, mia }) => {
    mia.inGoogle.create({ ...between(private1), recurrence: ['RRULE:FREQ=WEEKLY'] })
    await mia.sync()
    const span = { start: '2030-01-06T13:00:00Z', end: '2030-01-13T13:00:00Z' }
    const read = async () =>
      (await readCalendarRange(db(fixture), { businessId: fixture.businessId, role: 'owner', span, now })).busy
    expect(await read()).toMatchObject([{ start: '2030-01-07T00:00:00Z', memberId: mia.memberId }])
    await database.sql`update members set deactivated_at = now() where id = ${mia.memberId}`
    expect(await read()).toEqual([])
  })
})
