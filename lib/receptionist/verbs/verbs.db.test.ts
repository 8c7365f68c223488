import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Db } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { addService } from '#lib/services/mutations.ts'
import { emptyService, type ServiceFields } from '#lib/services/schema.ts'
import { fields } from '#testing/appointment-fields.ts'
import { insertBusiness, insertSyncedCalendar, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { insertCaller } from '#testing/receptionist/receptionist.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import type { Caller } from '../caller.ts'
import { referenceOf } from '../reference.ts'
import type { BookingRequest, HoldRequest } from '../schema.ts'
import { readAppointment, searchAppointments } from './appointments.ts'
import { bookAppointment } from './book.ts'
import { cancelAppointment } from './cancel.ts'
import { changeAppointment } from './change.ts'
import { readContext } from './context.ts'
import { changeHold, holdTime, releaseHold } from './holds.ts'
import { leaveMessage } from './messages.ts'
import { findSlots } from './slots.ts'

const database = ownDatabase()
let own: SampleBusiness
let caller: Caller
let tap: string

/** Sunday, the 22nd of November, in Sydney. */
const now = '2026-11-21T22:00:00Z'
/** Monday at 2 pm. */
const start = '2026-11-23T14:00:00+11:00'
const later = '2026-11-24T15:00:00+11:00'
const customer = { name: 'Alex Taylor', phone: '0412 345 678' }

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))
beforeEach(async () => {
  own = await insertBusiness(database.db as Db)
  caller = await insertCaller(database.db as Db, own)
  tap = await service({ name: 'Dripping tap', otherNames: ['tap'], durations: [60, 30] })
})

const service = async (given: Partial<ServiceFields>) => {
  const by = { businessId: own.businessId, memberId: own.owner }
  const added = await addService(tenantDb(database, own.businessId), by, { ...emptyService, ...given })
  if (!added.ok) throw new Error(added.message)
  return added.id
}

const book = (given: Partial<BookingRequest> = {}, by = caller) =>
  bookAppointment(by, { start, service: 'tap', customer, ...given }, now)
const hold = (given: Partial<HoldRequest> = {}, by = caller) => holdTime(by, { start, service: 'tap', ...given }, now)
const slots = (given: object = {}, by = caller) =>
  findSlots(by, { service: 'tap', member: 'any', limit: 100, from: '2026-11-23', to: '2026-11-23', ...given }, now)
const startsOf = async (given: object = {}, by = caller) => {
  const found = await slots(given, by)
  if (!found.ok) throw new Error(found.code)
  return found.slots.map((slot) => slot.start)
}
const expectOk = <T extends { ok: boolean }>(answer: T): Extract<T, { ok: true }> => {
  if (!answer.ok) throw new Error(JSON.stringify(answer))
  return answer as Extract<T, { ok: true }>
}
const people = (assigneeIds: string[], at = start, bookAnyway = false) =>
  changeAppointmentRow(tenantDb(database, own.businessId), {
    businessId: own.businessId,
    member: { id: own.owner, role: 'owner' },
    change: {
      ...{ kind: 'create', id: randomUUID() },
      fields: fields({
        start: new Date(at).toISOString(),
        end: new Date(Date.parse(at) + 3_600_000).toISOString(),
        assigneeIds,
      }),
    },
    bookAnyway,
    googleUnchecked: false,
  })

describe('slots', () => {
  test('say when, with whom, and why a day has none', async () => {
    const found = expectOk(await slots({ from: '2026-11-22', to: '2026-11-24', limit: 100 }))
    expect(found.slots[0]).toMatchObject({
      start: '2026-11-23T08:00:00+11:00',
      say: 'Monday the 23rd of November at 8 am',
    })
    expect(found.slots[0]?.members).toHaveLength(1)
    expect(found.days[0]).toMatchObject({ date: '2026-11-22', weekday: 'Sunday', open: false, reason: 'closed' })
    expect(found.google).toEqual({ state: 'unlinked', asOf: null })
    expect(found.say).toBe('On Monday the 23rd of November I have 8 am, 8:15 am or 8:30 am, and more.')
  })

  test('an ambiguous or unknown name asks which', async () => {
    await service({ name: 'Blocked drain' })
    await service({ name: 'Blocked toilet' })
    expect(await slots({ service: 'blocked' })).toMatchObject({
      code: 'unknown-service',
      say: 'Which one: Blocked drain or Blocked toilet?',
    })
    expect(await slots({ member: 'Sam' })).toMatchObject({ code: 'unknown-member' })
    expect(await slots({ duration: 45 })).toMatchObject({ code: 'duration-not-offered' })
    expect(await slots({ to: '2027-03-01' })).toMatchObject({ code: 'invalid' })
  })

  test('a key that is limited offers only what it may book', async () => {
    const limited = await insertCaller(database.db as Db, own, { memberIds: [own.tom], serviceIds: [tap] })
    const found = expectOk(await slots({ member: 'any' }, limited))
    expect(found.slots.every(({ members }) => members.every(({ id }) => id === own.tom))).toBe(true)
    expect(await slots({ member: 'Mia' }, limited)).toMatchObject({ code: 'forbidden' })
    expect(await slots({ service: undefined, duration: 60 }, limited)).toMatchObject({ code: 'forbidden' })
  })
})

describe('a booking', () => {
  test('is an appointment with a reference, an activity entry and a change', async () => {
    const booked = expectOk(await book({ callId: 'call 1' }))
    expect(booked).toMatchObject({ status: 'booked', start, end: '2026-11-23T15:00:00+11:00', revision: 1 })
    expect(booked.reference).toBe(referenceOf(booked.id))
    expect(booked.say).toMatch(/^You are booked for Monday the 23rd of November at 2 pm with /)
    expect(booked.customer.phone).toBe('+61412345678')
    const [row] = await database.sql`select * from appointments where id = ${booked.id}`
    expect(row).toMatchObject({ api_key_id: caller.keyId, call_id: 'call 1', created_by: null, title: 'Dripping tap' })
    const [entry] = await database.sql`select actor, what from activity where appointment_id = ${booked.id}`
    expect(entry).toEqual({ actor: 'sophiie', what: 'appointment.booked' })
    const [change] = await database.sql`select type, revision from changes where subject_id = ${booked.id}`
    expect(change).toEqual({ type: 'appointment.booked', revision: 1 })
    expect(expectOk(await readAppointment(caller, booked.id))).toMatchObject({ id: booked.id, callId: 'call 1' })
  })

  test('takes each member once, then the time is taken, with the three nearest times', async () => {
    const phones = ['0412 345 671', '0412 345 672', '0412 345 673']
    const who = new Set<string>()
    for (const phone of phones) {
      const booked = expectOk(await book({ customer: { ...customer, phone } }))
      for (const { id } of booked.members) who.add(id)
    }
    expect(who.size).toBe(3)
    const refused = await book({ customer: { ...customer, phone: '0412 345 674' } })
    expect(refused).toMatchObject({ ok: false, code: 'taken', say: 'That time is taken.' })
    if (refused.ok) throw new Error('booked')
    expect(refused.alternatives?.map((each) => each.start)).toEqual([
      ...['2026-11-23T12:00:00+11:00', '2026-11-23T13:00:00+11:00', '2026-11-23T15:00:00+11:00'],
    ])
  })

  test('repeated in the same call is the first one; a clash with the own one says so', async () => {
    const first = expectOk(await book({ callId: 'c', member: 'Mia' }))
    const again = expectOk(
      await book({ callId: 'c', member: 'Tom', customer: { ...customer, phone: '+61 412 345 678' } }),
    )
    expect(again).toMatchObject({ id: first.id, alreadyBooked: true })
    expect(await book({ callId: 'other', member: 'Mia' })).toMatchObject({
      code: 'taken',
      say: 'You already have that time.',
    })
  })

  test.each([
    ['in the past', { start: '2026-11-20T14:00:00+11:00' }, 'too-soon'],
    ['beyond the horizon', { start: '2027-11-22T14:00:00+11:00' }, 'too-far'],
    ['when closed', { start: '2026-11-23T03:00:00+11:00' }, 'closed'],
    ['with seconds', { start: '2026-11-23T14:00:30+11:00' }, 'no-such-time'],
    ['in the last year there is', { start: '9999-12-29T14:00:00+11:00' }, 'no-such-time'],
    ['with letters as a phone', { customer: { ...customer, phone: 'call me' } }, 'bad-phone'],
    ['with a short phone', { customer: { ...customer, phone: '12' } }, 'bad-phone'],
    ['for an unknown service', { service: 'roof' }, 'unknown-service'],
  ])('%s is refused', async (_, given, code) => {
    expect(await book(given)).toMatchObject({ ok: false, code })
    expect((await database.sql`select from appointments where business_id = ${own.businessId}`).length).toBe(0)
  })

  test('is refused while the master switch is off', async () => {
    await database.sql`update businesses set receptionist_may_book = false where id = ${own.businessId}`
    expect(await book()).toMatchObject({ code: 'switched-off' })
    expect(await hold()).toMatchObject({ code: 'switched-off' })
    expect(await leaveMessage(caller, { name: '', phone: customer.phone, wish: 'Ring me' })).toMatchObject({ ok: true })
  })

  test('needs gaps of the service to others, which people may book anyway', async () => {
    await service({ name: 'Boiler', durations: [60], gapBefore: 30 })
    expectOk(await book({ service: 'boiler', member: 'Mia' }))
    const later = { start: '2026-11-23T15:15:00+11:00', service: 'boiler', member: 'Mia' }
    expect(await book({ ...later, customer: { ...customer, phone: '0412345671' } })).toMatchObject({ code: 'taken' })
    expect((await people([own.mia], '2026-11-23T15:15:00+11:00')).ok).toBe(true)
  })

  test('of a service that a person confirms is pending; one that takes messages is refused', async () => {
    await service({ name: 'Renovation', outcome: 'pending' })
    await service({ name: 'Quote', outcome: 'message' })
    expect(await book({ service: 'renovation' })).toMatchObject({ ok: true, status: 'pending' })
    expect(await book({ service: 'quote' })).toMatchObject({ code: 'takes-a-message' })
  })

  test('while Google cannot be read is refused, or pending if the owner chose so', async () => {
    await insertSyncedCalendar(database.db as Db, own)
    expect(await book()).toMatchObject({ ok: false, code: 'google-unknown' })
    const found = expectOk(await slots())
    expect(found).toMatchObject({ slots: [], google: { state: 'unknown' }, days: [{ reason: 'google-unknown' }] })
    await database.sql`update businesses set when_google_unknown = 'pending' where id = ${own.businessId}`
    const booked = expectOk(await book())
    expect(booked).toMatchObject({ status: 'pending', google: { state: 'unknown' } })
  })
})

describe('a hold', () => {
  test('takes the time from callers and people, until it is booked', async () => {
    const held = expectOk(await hold({ member: 'Mia', callId: 'c' }))
    expect(held.members).toEqual([{ id: own.mia, name: 'Mia Chen' }])
    expect(expectOk(await hold({ member: 'Mia', callId: 'c' })).id).toBe(held.id)
    expect(await book({ member: 'Mia' })).toMatchObject({ code: 'taken' })
    expect(await people([own.mia])).toMatchObject({
      ok: false,
      code: 'clash',
      clashes: [{ kind: 'hold', id: held.id }],
    })
    const booked = expectOk(await book({ hold: held.id, start: undefined, service: undefined }))
    expect(booked).toMatchObject({ start, members: [{ id: own.mia }] })
    expect(expectOk(await book({ hold: held.id }))).toMatchObject({ id: booked.id, alreadyBooked: true })
  })

  test('of another key is not found', async () => {
    const held = expectOk(await hold())
    const other = await insertCaller(database.db as Db, own)
    expect(await book({ hold: held.id }, other)).toMatchObject({ code: 'not-found' })
    expect(await releaseHold(other, held.id)).toMatchObject({ code: 'not-found' })
    expect(await changeHold(other, held.id, { seconds: 60 })).toMatchObject({ code: 'not-found' })
  })

  test('that has expired is in nobody’s way and cannot be booked', async () => {
    const held = expectOk(await hold({ member: 'Mia' }))
    await database.sql`update holds set expires_at = clock_timestamp() where id = ${held.id}`
    expect(await book({ hold: held.id })).toMatchObject({ code: 'held-expired' })
    expect(await changeHold(caller, held.id, { seconds: 60 })).toMatchObject({ code: 'held-expired' })
    expect(await startsOf({ member: 'Mia' })).toContain(start)
    expectOk(await book({ member: 'Mia' }))
  })

  test('that is released frees the time; one that lasts longer is capped', async () => {
    const held = expectOk(await hold({ member: 'Mia', seconds: 10_000 }))
    expect(Date.parse(held.expiresAt) - Date.now()).toBeLessThan(601_000)
    expect(await startsOf({ member: 'Mia' })).not.toContain(start)
    expectOk(await releaseHold(caller, held.id))
    expect(await startsOf({ member: 'Mia' })).toContain(start)
    expectOk(await releaseHold(caller, held.id))
  })

  test('can be taken over by a person, and then cannot be booked', async () => {
    const held = expectOk(await hold({ member: 'Mia' }))
    const applied = await people([own.mia], start, true)
    expect(applied).toMatchObject({ ok: true, row: { overlapAllowed: null } })
    expect(await book({ hold: held.id })).toMatchObject({ code: 'held-expired' })
  })
})

describe('a change', () => {
  test('moves and reassigns in one step, and refuses with alternatives', async () => {
    const booked = expectOk(await book({ member: 'Mia' }))
    await people([own.tom], '2026-11-24T14:00:00+11:00')
    const at = { id: booked.id, revision: 1 }
    const taken = await changeAppointment(caller, at, { start: '2026-11-24T14:00:00+11:00', member: 'Tom' }, now)
    expect(taken).toMatchObject({ ok: false, code: 'taken' })
    expect(expectOk(await readAppointment(caller, booked.id))).toMatchObject({ start, revision: 1 })
    const moved = await changeAppointment(caller, at, { start: '2026-11-24T15:00:00+11:00', member: 'Tom' }, now)
    expect(moved).toMatchObject({
      ok: true,
      revision: 2,
      start: '2026-11-24T15:00:00+11:00',
      members: [{ id: own.tom }],
    })
    const again = await changeAppointment(caller, at, { start: '2026-11-24T15:00:00+11:00', member: 'Tom' }, now)
    expect(again).toMatchObject({ ok: true, revision: 2 })
    expect(await changeAppointment(caller, at, { notes: 'Ring first' }, now)).toMatchObject({
      code: 'revision-mismatch',
    })
    const edited = await changeAppointment(caller, { ...at, revision: 2 }, { notes: 'Ring first' }, now)
    expect(edited).toMatchObject({ ok: true, revision: 3, notes: 'Ring first' })
    expect(expectOk(await readAppointment(caller, booked.id))).toMatchObject({ revision: 3, notes: 'Ring first' })
  })

  test('an appointment without assignees gets someone when it is moved', async () => {
    const made = await people([])
    if (!made.ok) throw new Error(made.code)
    const moved = await changeAppointment(caller, { id: made.row.id, revision: 1 }, { start: later }, now)
    expect(moved).toMatchObject({ ok: true, start: later })
    expect(expectOk(moved).members).toHaveLength(1)
  })

  test('an appointment does not block itself', async () => {
    const booked = expectOk(await book({ member: 'Mia' }))
    const soon = { start: '2026-11-23T14:30:00+11:00' }
    expect(await changeAppointment(caller, { id: booked.id, revision: 1 }, soon, now)).toMatchObject({ ok: true })
  })

  test('a cancel needs a second fact', async () => {
    const booked = expectOk(await book())
    const cancel = (proof: object) => cancelAppointment(caller, booked.id, { proof }, now)
    expect(await cancel({ surname: 'Alex' })).toMatchObject({ code: 'proof-needed' })
    expect(await cancel({ phoneLast4: '5678', surname: 'Smith' })).toMatchObject({ code: 'proof-needed' })
    expect(await cancel({ surname: 'taylor' })).toMatchObject({ ok: true, status: 'cancelled', revision: 2 })
    expect(await cancel({ reference: booked.reference })).toMatchObject({ ok: true, revision: 2 })
    expect(await startsOf()).toContain(start)
  })

  test('facts cannot be guessed: after ten attempts the right one is refused as well', async () => {
    const booked = expectOk(await book())
    const cancel = (phoneLast4: string) => cancelAppointment(caller, booked.id, { proof: { phoneLast4 } }, now)
    for (let n = 0; n < 10; n++) expect(await cancel('0000')).toMatchObject({ code: 'proof-needed' })
    expect(await cancel('5678')).toMatchObject({ code: 'rate-limited' })
    expect(expectOk(await readAppointment(caller, booked.id))).toMatchObject({ status: 'booked' })
  })
})

test('a search finds a phone number however it was typed, upcoming first', async () => {
  const later = expectOk(await book({ start: '2026-11-25T14:00:00+11:00' }))
  const sooner = expectOk(await book())
  const found = expectOk(await searchAppointments(caller, { phone: '+61 (412) 345-678' }, now))
  expect(found.appointments.map(({ id }) => id)).toEqual([sooner.id, later.id])
  expect(found.say).toBe('I can see Dripping tap, Monday the 23rd of November at 2 pm and 1 more.')
  const none = expectOk(await searchAppointments(caller, { phone: '0400 345 678' }, now))
  expect(none.appointments).toEqual([])
})

test('the context has a strip of days, services, members and the next appointments', async () => {
  const booked = expectOk(await book())
  const context = expectOk(await readContext(caller, { phone: customer.phone }, now))
  expect(context).toMatchObject({
    business: 'Harbour Plumbing',
    today: '2026-11-22',
    weekday: 'Sunday',
    bookingAllowed: true,
  })
  expect(context.days).toHaveLength(21)
  expect(context.days[1]).toEqual({ date: '2026-11-23', say: 'Mon 23 Nov, open 8 am to 5 pm' })
  expect(context.appointments.map(({ id }) => id)).toEqual([booked.id])
})

test('a message that is repeated in the same call is the first one', async () => {
  const leave = (callId: string | undefined, wish = 'Ring me') =>
    leaveMessage(caller, { name: 'Alex', phone: customer.phone, wish, callId })
  const both = await Promise.all([leave('c'), leave('c')])
  const ids = new Set(both.map((answer) => expectOk(answer).id))
  expect(ids.size).toBe(1)
  for (const other of [await leave('d'), await leave('c', 'A quote'), await leave(undefined)])
    expect(ids.has(expectOk(other).id)).toBe(false)
  expect((await database.sql`select from messages where business_id = ${own.businessId}`).length).toBe(4)
})

test('a test key books beside the calendar', async () => {
  const tester = await insertCaller(database.db as Db, own, { test: true })
  expectOk(await book({ member: 'Tom' }))
  const booked = expectOk(await book({ member: 'Mia' }, tester))
  expect(
    await book({ member: 'Mia', callId: 'x', customer: { ...customer, phone: '0412 345 671' } }, tester),
  ).toMatchObject({
    code: 'taken',
  })
  expect(await book({ member: 'Tom', customer: { ...customer, phone: '0412 345 671' } }, tester)).toMatchObject({
    code: 'taken',
  })
  expect((await database.sql`select from appointments where business_id = ${own.businessId}`).length).toBe(1)
  expect(await startsOf({ member: 'Mia' })).toContain(start)
  expect(await readAppointment(caller, booked.id)).toMatchObject({ code: 'not-found' })
  const moved = await changeAppointment(
    tester,
    { id: booked.id, revision: 1 },
    { start: '2026-11-23T16:00:00+11:00' },
    now,
  )
  expect(moved).toMatchObject({ ok: true, revision: 2 })
  expect(await cancelAppointment(tester, booked.id, { proof: { surname: 'Taylor' } }, now)).toMatchObject({ ok: true })
})

test('nothing of another business is found', async () => {
  const booked = expectOk(await book())
  const held = expectOk(await hold({ start: '2026-11-24T14:00:00+11:00' }))
  const other = await insertBusiness(database.db as Db)
  const stranger = await insertCaller(database.db as Db, other)
  expect(await readAppointment(stranger, booked.id)).toMatchObject({ code: 'not-found' })
  expect(await changeAppointment(stranger, { id: booked.id, revision: 1 }, { notes: 'x' }, now)).toMatchObject({
    code: 'not-found',
  })
  expect(await cancelAppointment(stranger, booked.id, { proof: { surname: 'Taylor' } }, now)).toMatchObject({
    code: 'not-found',
  })
  expect(await book({ hold: held.id }, stranger)).toMatchObject({ code: 'not-found' })
  expect(expectOk(await searchAppointments(stranger, { phone: customer.phone }, now)).appointments).toEqual([])
})
