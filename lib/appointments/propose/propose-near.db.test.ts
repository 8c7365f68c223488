import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { insertHold } from '#db/queries/receptionist/holds.ts'
import type { Span } from '#lib/availability/overlap.ts'
import { addService } from '#lib/services/mutations.ts'
import { emptyService, type ServiceFields } from '#lib/services/schema.ts'
import { addTimeOff, setWorkingHours } from '#lib/team/schedule/mutations.ts'
import { fields } from '#testing/appointment-fields.ts'
import {
  insertBusiness,
  insertGoogleEvent,
  insertSyncedCalendar,
  type SampleBusiness,
  type SampleEvent,
} from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { insertCaller } from '#testing/receptionist/receptionist.ts'
import { changeAppointmentRow } from '../mutations.ts'
import { orTooMany } from '../read-budget.ts'
import { proposeNear } from './propose-near.ts'
import { proposeTimes } from './propose-times.ts'

/*
 * A business in Sydney that is open from 8 to 5 on weekdays. 2026-11-23 is a Monday; it opens at
 * 21:00 UTC of the day before.
 */

const database = ownDatabase()

type Linked = SampleBusiness & { syncedCalendarId: string }

const linked = async (): Promise<Linked> => {
  const sample = await insertBusiness(database.db)
  return { ...sample, syncedCalendarId: await insertSyncedCalendar(database.db, sample) }
}

const inGoogle = (of: Linked, event: Partial<SampleEvent> & Span) =>
  insertGoogleEvent(
    database.db,
    { businessId: of.businessId, syncedCalendarId: of.syncedCalendarId },
    { eventId: randomUUID(), title: 'Busy', ...event },
  )

const book = async (of: SampleBusiness, given: Span & { assigneeIds: string[]; serviceId?: string }) =>
  await changeAppointmentRow(database.db, {
    businessId: of.businessId,
    member: { id: of.owner, role: 'owner' },
    change: { kind: 'create', id: randomUUID(), fields: fields(given) },
    bookAnyway: false,
    googleUnchecked: false,
  })

const now = '2026-11-22T00:00:00Z'
const monday = '2026-11-22T21:00:00Z'

type Given = Partial<Parameters<typeof proposeTimes>[1]>

const searchOf = ({ businessId, mia }: SampleBusiness) => ({
  ...{ businessId, minutes: 60, assigneeIds: [mia], exceptId: randomUUID(), now },
})
const next = (of: SampleBusiness, given: Given = {}) =>
  proposeTimes(database.db, { ...searchOf(of), from: monday, days: 42, count: 5, ...given })
const near = (of: SampleBusiness, start: string, given: Given = {}) =>
  proposeNear(database.db, { ...searchOf(of), start, ...given })
const starts = async (found: Promise<Span[]>) => (await found).map(({ start }) => start)

describe('the window grows', () => {
  test('only until it has enough times', async () => {
    const own = await linked()
    const { businessId, syncedCalendarId } = own
    // More than can be read, on the Wednesday.
    await database.sql`
      insert into google_events (business_id, synced_calendar_id, event_id, kind, blocks, blocks_why, generation)
      values (${businessId}, ${syncedCalendarId}, 'crowd', 'single', true, 'busy', 1)`
    await database.sql`
      insert into google_occurrences (business_id, synced_calendar_id, instance_id, event_id, series_id, during, blocks)
      select ${businessId}, ${syncedCalendarId}, n::text, 'crowd', 'crowd',
        tstzrange('2026-11-25T00:00:00Z', '2026-11-25T01:00:00Z'), true from generate_series(1, 20001) n`
    expect(await starts(next(own))).toEqual([
      ...['2026-11-22T21:00:00Z', '2026-11-22T22:00:00Z', '2026-11-22T23:00:00Z'],
      ...['2026-11-23T00:00:00Z', '2026-11-23T01:00:00Z'],
    ])
    expect(await near(own, '2026-11-22T22:00:00Z')).toHaveLength(3)
    const refused = { ok: false, code: 'too-many-occurrences' }
    expect(await orTooMany(() => next(own, { count: 50 }))).toMatchObject(refused)
  })

  test.each([
    ['a week', '2026-11-26T00:00:00Z', '2026-11-26T00:00:00Z'],
    ['six weeks', '2026-12-20T00:00:00Z', '2026-12-20T21:00:00Z'],
  ])('to %s while everyone is busy', async (_, end, first) => {
    const own = await linked()
    await inGoogle(own, { start: '2026-11-20T00:00:00Z', end })
    expect((await starts(next(own)))[0]).toBe(first)
    expect((await starts(near(own, '2026-11-22T22:00:00Z')))[0]).toBe(first)
  })

  test('to six weeks and no further', async () => {
    const own = await linked()
    await inGoogle(own, { start: '2026-11-20T00:00:00Z', end: '2027-01-03T22:00:00Z' })
    expect(await next(own)).toEqual([])
    expect(await near(own, monday)).toEqual([])
  })

  test('no further than asked', async () => {
    const own = await linked()
    await inGoogle(own, { start: '2026-11-20T00:00:00Z', end: '2026-11-26T00:00:00Z' })
    expect(await next(own, { days: 1 })).toEqual([])
    expect(await next(own, { days: 3 })).toEqual([])
  })
})

describe('what takes the time', () => {
  const at = { start: monday, end: '2026-11-23T06:00:00Z' }
  const tuesday = '2026-11-23T21:00:00Z'
  const first = async (of: SampleBusiness, given: Given = {}) => (await starts(next(of, given)))[0]

  test('appointments of the assignees, unless they are cancelled or the one that is moved', async () => {
    const own = await insertBusiness(database.db)
    const made = await book(own, { ...at, assigneeIds: [own.mia] })
    if (!made.ok) throw new Error(made.message)
    const { id } = made.row
    expect(await first(own)).toBe(tuesday)
    expect(await first(own, { assigneeIds: [own.tom, own.mia] })).toBe(tuesday)
    expect(await first(own, { assigneeIds: [own.tom] })).toBe(monday)
    expect(await first(own, { assigneeIds: [] })).toBe(monday)
    expect(await first(own, { exceptId: id })).toBe(monday)
    await database.sql`update appointments set status = 'cancelled' where id = ${id}`
    expect(await first(own)).toBe(monday)
  })

  test('Google events for everyone, for their guests, or for the linked member', async () => {
    const own = await linked()
    await inGoogle(own, { ...at, guestMemberIds: [own.tom] })
    await inGoogle(own, { ...at, blocks: false })
    expect(await first(own)).toBe(monday)
    expect(await first(own, { assigneeIds: [own.tom] })).toBe(tuesday)
    await inGoogle(own, at)
    expect(await first(own)).toBe(tuesday)
    expect(await first(own, { assigneeIds: [] })).toBe(tuesday)
    await database.sql`update businesses set guestless_blocks = 'linked-member' where id = ${own.businessId}`
    expect(await first(own)).toBe(monday)
    expect(await first(own, { assigneeIds: [own.owner] })).toBe(tuesday)
  })

  test('series beyond the stored occurrences', async () => {
    const own = await linked()
    // Each Tuesday in Sydney, from the opening on.
    const start = '2028-12-25T21:00:00Z'
    await inGoogle(own, {
      ...{ start, end: '2028-12-25T22:00:00Z', stored: false },
      recurrence: ['RRULE:FREQ=WEEKLY'],
    })
    expect(await first(own, { from: start })).toBe('2028-12-25T22:00:00Z')
    expect(await first(own, { from: '2029-01-01T21:00:00Z' })).toBe('2029-01-01T22:00:00Z')
  })

  test('nothing of another business', async () => {
    const [own, other] = [await linked(), await linked()]
    await inGoogle(other, at)
    await book(other, { start: tuesday, end: '2026-11-24T06:00:00Z', assigneeIds: [other.mia] })
    expect(await first(own)).toBe(monday)
    expect(await first(own, { assigneeIds: [other.mia], from: tuesday })).toBe(tuesday)
  })

  test('the gap to what ended before the search begins', async () => {
    const own = await insertBusiness(database.db)
    await book(own, { start: '2026-11-22T20:00:00Z', end: monday, assigneeIds: [own.mia] })
    expect(await first(own, { bufferMinutes: 30 })).toBe('2026-11-22T21:30:00Z')
  })
})

test('alternatives lie around the refused time, none of them before now', async () => {
  const own = await insertBusiness(database.db)
  const at = '2026-11-23T00:00:00Z'
  await book(own, { start: at, end: '2026-11-23T01:00:00Z', assigneeIds: [own.mia] })
  expect(await starts(near(own, at))).toEqual([
    ...['2026-11-22T22:00:00Z', '2026-11-22T23:00:00Z', '2026-11-23T01:00:00Z'],
  ])
  expect(await starts(near(own, at, { now: '2026-11-22T23:10:00Z' }))).toEqual([
    ...['2026-11-23T01:00:00Z', '2026-11-23T02:00:00Z', '2026-11-23T03:00:00Z'],
  ])
  expect(await starts(near(own, '2026-11-01T00:00:00Z', { now: monday }))).toEqual([
    ...['2026-11-22T21:00:00Z', '2026-11-22T22:00:00Z', '2026-11-22T23:00:00Z'],
  ])
})

test('a time that is about to be taken is no alternative, for its members and with the gaps of the service', async () => {
  const own = await insertBusiness(database.db)
  const at = { start: '2026-11-23T00:00:00Z', end: '2026-11-23T01:00:00Z' }
  const beingTaken = [{ ...at, memberIds: [own.mia] }]
  const around = ['2026-11-22T22:00:00Z', '2026-11-22T23:00:00Z', '2026-11-23T01:00:00Z']
  expect(await starts(near(own, at.start, { beingTaken }))).toEqual(around)
  expect(await starts(near(own, at.start, { beingTaken, assigneeIds: [own.tom] }))).toContain(at.start)
  const by = { businessId: own.businessId, memberId: own.owner, role: 'owner' as const }
  const added = await addService(database.db, by, { ...emptyService, name: 'Tap', gapAfter: 30 })
  if (!added.ok) throw new Error(added.message)
  const found = await starts(near(own, at.start, { beingTaken, serviceId: added.id }))
  expect(found).toContain('2026-11-23T01:30:00Z')
  expect(found).not.toContain('2026-11-23T01:00:00Z')
})

describe('alternatives keep to', () => {
  const noon = '2026-11-23T01:00:00Z'
  const by = (of: SampleBusiness) => ({ businessId: of.businessId, memberId: of.owner, role: 'owner' as const })
  const service = async (of: SampleBusiness, given: Partial<ServiceFields>) => {
    const added = await addService(database.db, by(of), { ...emptyService, name: randomUUID(), ...given })
    if (!added.ok) throw new Error(added.message)
    return added.id
  }

  test('the working hours of the assignees', async () => {
    const own = await insertBusiness(database.db)
    const hours = { 1: [{ from: '12:00', to: '14:00' }], 2: [{ from: '08:00', to: '09:00' }] }
    await setWorkingHours(database.db, by(own), { memberId: own.mia, hours })
    await book(own, { start: noon, end: '2026-11-23T02:00:00Z', assigneeIds: [own.mia] })
    expect(await starts(near(own, noon))).toEqual([
      ...['2026-11-23T02:00:00Z', '2026-11-23T21:00:00Z', '2026-11-30T01:00:00Z'],
    ])
  })

  test('their time off', async () => {
    const own = await insertBusiness(database.db)
    await addTimeOff(database.db, by(own), {
      ...{ id: randomUUID(), memberId: own.mia, answers: {}, keepOthers: true, now },
      fields: {
        ...{ startsAt: '2026-11-23T00:00', endsAt: '2026-11-24T00:00' },
        ...{ repeats: 'never', lastDate: null, reason: '' },
      },
    })
    expect((await starts(near(own, noon)))[0]).toBe('2026-11-23T21:00:00Z')
  })

  test('the gaps of the service, and those that the moved appointment has', async () => {
    const own = await insertBusiness(database.db)
    const serviceId = await service(own, { gapBefore: 30, gapAfter: 45 })
    await book(own, { start: noon, end: '2026-11-23T02:00:00Z', assigneeIds: [own.mia] })
    expect(await starts(near(own, noon, { serviceId }))).toEqual([
      ...['2026-11-22T23:15:00Z', '2026-11-23T02:30:00Z', '2026-11-23T03:30:00Z'],
    ])
    const at = { start: '2026-11-24T01:00:00Z', end: '2026-11-24T02:00:00Z', assigneeIds: [own.mia] }
    const made = await book(own, { ...at, serviceId })
    if (!made.ok) throw new Error(made.message)
    await database.sql`update services set gap_before = 0, gap_after = 0 where id = ${serviceId}`
    const moved = await near(own, noon, { serviceId, exceptId: made.row.id })
    expect(moved.map(({ start }) => start)).toContain('2026-11-23T02:30:00Z')
    expect(await starts(near(own, noon, { serviceId }))).toContain('2026-11-23T02:00:00Z')
    expect(moved.map(({ start }) => start)).not.toContain('2026-11-23T02:00:00Z')
  })

  test('who can do the service', async () => {
    const own = await insertBusiness(database.db)
    const serviceId = await service(own, { memberIds: [own.tom] })
    expect(await near(own, noon, { serviceId, assigneeIds: [] })).toMatchObject([
      ...Array(3).fill({ assigneeIds: [own.tom] }),
    ])
    expect(await near(own, noon, { serviceId })).toEqual([])
  })

  test('the appointments that a former member still has', async () => {
    const own = await insertBusiness(database.db)
    await book(own, { start: noon, end: '2026-11-23T02:00:00Z', assigneeIds: [own.mia] })
    await database.sql`update members set deactivated_at = now() where id = ${own.mia}`
    expect(await starts(near(own, noon))).not.toContain(noon)
  })
})

test('every proposed time can be booked at once', { timeout: 60_000 }, async () => {
  const hour = 3_600_000
  const someTimes = fc
    .tuple(fc.integer({ min: -4, max: 100 }), fc.integer({ min: 1, max: 30 }))
    .map(([from, quarters]) => ({ from: Date.parse(monday) + from * hour, quarters }))
    .map(({ from, quarters }) => ({ from, until: from + (quarters * hour) / 4 }))
    .map(({ from, until }) => ({ start: instant(from), end: instant(until) }))
  const who = fc.subarray(['owner', 'mia', 'tom'] as const)
  const world = fc.record({
    appointments: fc.array(fc.record({ at: someTimes, who }), { maxLength: 25 }),
    events: fc.array(fc.record({ at: someTimes, guests: who }), { maxLength: 6 }),
    minutes: fc.integer({ min: 1, max: 12 }).map((quarters) => quarters * 15),
    team: who,
    rule: fc.constantFrom('everyone', 'linked-member'),
    refused: someTimes,
  })
  await fc.assert(
    fc.asyncProperty(world, async ({ appointments, events, minutes, team, rule, refused }) => {
      const own = await linked()
      await database.sql`update businesses set guestless_blocks = ${rule} where id = ${own.businessId}`
      for (const { at, guests } of events)
        await inGoogle(own, { ...at, guestMemberIds: guests.map((each) => own[each]) })
      for (const { at, who } of appointments) await book(own, { ...at, assigneeIds: who.map((each) => own[each]) })
      const search = { minutes, assigneeIds: team.map((each) => own[each]) }
      const ahead = await next(own, search)
      expect(ahead).toHaveLength(5)
      for (const time of ahead) expect(await book(own, { ...time, ...search })).toMatchObject({ ok: true })
      const around = await near(own, refused.start, search)
      expect(around).toHaveLength(3)
      for (const time of around) expect(await book(own, { ...time, ...search })).toMatchObject({ ok: true })
    }),
    { numRuns: 15 },
  )
})

const instant = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z')

test('a time held for a caller is not proposed to the members it is held with', async () => {
  const own = await insertBusiness(database.db)
  const { keyId } = await insertCaller(database.db, own)
  const hold = { startsAt: '2026-11-22T21:00:00Z', endsAt: '2026-11-22T22:00:00Z', memberIds: [own.mia], seconds: 60 }
  await database.db.transaction((tx) =>
    insertHold(tx, { ...hold, id: randomUUID(), businessId: own.businessId, apiKeyId: keyId }),
  )
  const after = '2026-11-22T22:00:00Z'
  expect((await starts(near(own, monday)))[0]).toBe(after)
  expect((await starts(next(own)))[0]).toBe(after)
  expect((await starts(near(own, monday, { assigneeIds: [own.tom] })))[0]).toBe(monday)
})
