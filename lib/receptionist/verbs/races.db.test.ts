import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { Db } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { addService } from '#lib/services/mutations.ts'
import { emptyService } from '#lib/services/schema.ts'
import { fields } from '#testing/appointment-fields.ts'
import { insertBusiness, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { insertCaller } from '#testing/receptionist.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import type { Caller } from '../caller.ts'
import { bookAppointment } from './book.ts'
import { cancelAppointment } from './cancel.ts'
import { changeAppointment } from './change.ts'
import { holdTime, releaseHold } from './holds.ts'
import { findSlots } from './slots.ts'

const database = ownDatabase()
let own: SampleBusiness
let caller: Caller

const now = '2026-11-21T22:00:00Z'
const monday = Date.parse('2026-11-23T08:00:00+11:00')
const at = (quarter: number) => new Date(monday + quarter * 15 * 60_000).toISOString()
const phoneOf = (n: number) => `04123${String(n).padStart(5, '0')}`
const customerOf = (n: number) => ({ name: `Caller ${n}`, phone: phoneOf(n) })

beforeAll(() => setEnvironment(database, { url: 'http://localhost:1' }))
beforeEach(async () => {
  own = await insertBusiness(database.db as Db)
  caller = await insertCaller(database.db as Db, own)
  const by = { businessId: own.businessId, memberId: own.owner }
  const named = { ...emptyService, name: 'Tap', durations: [60, 30], gapAfter: 15 }
  await addService(tenantDb(database, own.businessId), by, named)
})

const overlaps = () => database.sql`
  select a.appointment_id from appointment_assignees a join appointment_assignees b
    on a.member_id = b.member_id and a.during && b.during and a.ctid < b.ctid and a.exclusive and b.exclusive
  where a.business_id = ${own.businessId}`

test('200 callers want one time of one member: one books it, and the others get three other times', {
  timeout: 120_000,
}, async () => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, n) =>
      bookAppointment(
        caller,
        { start: at(0), duration: 60, member: 'Mia', customer: customerOf(n), callId: `c${n}` },
        now,
      ),
    ),
  )
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  for (const answer of answers)
    if (!answer.ok)
      expect({ code: answer.code, count: answer.alternatives?.length }).toEqual({ code: 'taken', count: 3 })
})

test('a booking that is repeated 100 times at once is one appointment', { timeout: 120_000 }, async () => {
  const request = { start: at(8), service: 'Tap', customer: customerOf(1), callId: 'c' }
  const answers = await Promise.all(Array.from({ length: 100 }, () => bookAppointment(caller, request, now)))
  expect(new Set(answers.map((answer) => answer.ok && answer.id)).size).toBe(1)
  expect(answers.filter((answer) => answer.ok && !answer.alreadyBooked)).toHaveLength(1)
  const rows = await database.sql`select from appointments where business_id = ${own.businessId}`
  expect(rows.length).toBe(1)
})

test('every time that is offered can be booked or held at once', { timeout: 120_000 }, async () => {
  let taken = 0
  for (let n = 0; n < 60; n++) {
    const query = { service: 'Tap', member: 'any', limit: 1, from: '2026-11-23', to: '2026-11-27' }
    const found = await findSlots(caller, query, now)
    const [slot] = found.ok ? found.slots : []
    if (!slot) break
    const request = { start: slot.start, service: 'Tap', callId: `c${n}` }
    const answer =
      n % 3 === 0
        ? await holdTime(caller, request, now)
        : await bookAppointment(caller, { ...request, customer: customerOf(n) }, now)
    expect(answer).toMatchObject({ ok: true, members: slot.members })
    taken++
  }
  expect(taken).toBe(60)
  expect(await overlaps()).toHaveLength(0)
})

type Step =
  | { kind: 'hold' | 'book' | 'people' | 'take-over'; quarter: number; who: number }
  | { kind: 'book-hold' | 'release' | 'expire' | 'move' | 'cancel'; pick: number; quarter: number }

const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('hold' as const, 'book' as const, 'people' as const, 'take-over' as const),
      quarter: fc.nat(30),
      who: fc.nat(2),
    }),
    fc.record({
      kind: fc.constantFrom(
        'book-hold' as const,
        'release' as const,
        'expire' as const,
        'move' as const,
        'cancel' as const,
      ),
      pick: fc.nat(50),
      quarter: fc.nat(30),
    }),
  ),
  { minLength: 20, maxLength: 60 },
)

test('random steps at once never overlap, lose or double an appointment', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 8 }), async (list, atOnce) => {
      own = await insertBusiness(database.db as Db)
      caller = await insertCaller(database.db as Db, own)
      const known = { holds: [] as string[], booked: new Map<string, string>(), callers: 0 }
      for (let n = 0; n < list.length; n += atOnce)
        await Promise.all(list.slice(n, n + atOnce).map((step) => run(step, known)))
      expect(await overlaps()).toHaveLength(0)
      const rows = await database.sql`select id, status from appointments
        where business_id = ${own.businessId} and api_key_id is not null`
      expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(known.booked.keys()))
      for (const { id, status } of rows) expect(status).toBe(known.booked.get(id))
    }),
    { numRuns: 12 },
  )
})

type Known = { holds: string[]; booked: Map<string, string>; callers: number }

const run = async (step: Step, known: Known): Promise<void> => {
  const memberId = 'who' in step ? ([own.owner, own.mia, own.tom][step.who] ?? own.mia) : ''
  const start = at(step.quarter)
  const n = known.callers++
  switch (step.kind) {
    case 'hold': {
      const held = await holdTime(caller, { start, duration: 30, member: memberId, callId: `h${n}` }, now)
      if (held.ok) known.holds.push(held.id)
      return
    }
    case 'book':
      return note(known, await bookAppointment(caller, bookingOf({ start, memberId, n }), now))
    case 'people':
    case 'take-over':
      return void (await byPerson({ start, memberId, bookAnyway: step.kind === 'take-over' }))
    case 'book-hold': {
      const hold = pickOf(known.holds, step.pick)
      if (hold) note(known, await bookAppointment(caller, { hold, customer: customerOf(n) }, now))
      return
    }
    case 'release': {
      const hold = pickOf(known.holds, step.pick)
      if (hold) await releaseHold(caller, hold)
      return
    }
    case 'expire': {
      const hold = pickOf(known.holds, step.pick)
      if (hold) await database.sql`update holds set expires_at = clock_timestamp() where id = ${hold}`
      return
    }
    case 'move': {
      const id = pickOf([...known.booked.keys()], step.pick)
      const [row] = id ? await database.sql`select revision from appointments where id = ${id}` : []
      if (id) await changeAppointment(caller, { id, revision: row?.revision }, { start }, now)
      return
    }
    case 'cancel': {
      const id = pickOf([...known.booked.keys()], step.pick)
      if (!id) return
      const answer = await cancelAppointment(caller, id, { proof: { surname: 'Taylor' } }, now)
      if (answer.ok) known.booked.set(id, 'cancelled')
    }
  }
}

const bookingOf = ({ start, memberId, n }: { start: string; memberId: string; n: number }) => ({
  ...{ start, duration: 30, member: memberId, callId: `b${n}` },
  customer: { name: 'Alex Taylor', phone: phoneOf(n) },
})

const note = ({ booked }: Known, answer: Awaited<ReturnType<typeof bookAppointment>>) => {
  if (answer.ok && !booked.has(answer.id)) booked.set(answer.id, 'booked')
}

const pickOf = (ids: readonly string[], pick: number) => ids[pick % Math.max(1, ids.length)]

const byPerson = async ({ start, memberId, bookAnyway }: { start: string; memberId: string; bookAnyway: boolean }) => {
  const end = new Date(Date.parse(start) + 1_800_000).toISOString()
  await changeAppointmentRow(tenantDb(database, own.businessId), {
    businessId: own.businessId,
    member: { id: own.owner, role: 'owner' },
    change: { kind: 'create', id: randomUUID(), fields: fields({ start, end, assigneeIds: [memberId] }) },
    bookAnyway,
    googleUnchecked: false,
  })
}
