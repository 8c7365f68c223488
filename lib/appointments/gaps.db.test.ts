import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { Db } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import { addService, changeService } from '#lib/services/mutations.ts'
import { emptyService } from '#lib/services/schema.ts'
import { fields } from '#testing/appointment-fields.ts'
import { insertBusiness, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { changeAppointmentRow } from './mutations.ts'
import type { AppointmentChange } from './schema.ts'

const database = ownDatabase()
let sample: SampleBusiness
let db: Db
let serviceId: string

beforeEach(async () => {
  sample = await insertBusiness(database.db as Db)
  db = tenantDb(database, sample.businessId)
  const by = { businessId: sample.businessId, memberId: sample.owner }
  const added = await addService(db, by, { ...emptyService, name: 'Tap', gapBefore: 10, gapAfter: 20 })
  serviceId = added.ok ? added.id : ''
})

const change = (changed: AppointmentChange, bookAnyway = false) =>
  changeAppointmentRow(db, {
    businessId: sample.businessId,
    member: { id: sample.owner, role: 'owner' },
    change: changed,
    bookAnyway,
    googleUnchecked: false,
  })

type Booking = { id?: string; service?: string | null; assigneeIds?: string[]; bookAnyway?: boolean }

/** On 23 November 2026, in UTC. */
const book = (start: string, end: string, given: Booking = {}) => {
  const { id = randomUUID(), service = null, assigneeIds = [sample.mia], bookAnyway } = given
  const times = { start: `2026-11-23T${start}:00Z`, end: `2026-11-23T${end}:00Z` }
  return change({ kind: 'create', id, fields: fields({ ...times, serviceId: service, assigneeIds }) }, bookAnyway)
}

const tooClose = (gapMinutes: number) => ({
  ok: false,
  code: 'clash',
  message: 'Too close to another appointment.',
  clashCount: 1,
  gapMinutes,
})

test('the gap after an appointment stays free, also for one without a service', async () => {
  const first = randomUUID()
  expect(await book('09:00', '10:00', { id: first, service: serviceId })).toMatchObject({ ok: true })
  const refused = await book('10:19', '11:00')
  expect(refused).toMatchObject(tooClose(20))
  expect(refused).toMatchObject({
    clashes: [{ id: first, start: '2026-11-23T09:00:00Z', end: '2026-11-23T10:00:00Z', memberIds: [sample.mia] }],
  })
  expect(await book('10:20', '11:00')).toMatchObject({ ok: true })
})

test('the larger of two gaps counts, before and after', async () => {
  await book('12:00', '13:00', { service: serviceId })
  expect(await book('10:50', '11:41', { service: serviceId })).toMatchObject(tooClose(20))
  expect(await book('10:50', '11:40', { service: serviceId })).toMatchObject({ ok: true })
  expect(await book('13:19', '14:00', { service: serviceId })).toMatchObject(tooClose(20))
})

test('gaps concern the assignees that two appointments share', async () => {
  await book('09:00', '10:00', { service: serviceId })
  expect(await book('10:00', '11:00', { assigneeIds: [sample.tom] })).toMatchObject({ ok: true })
  expect(await book('10:00', '11:00', { assigneeIds: [] })).toMatchObject({ ok: true })
  expect(await book('10:00', '11:00', { assigneeIds: [sample.mia, sample.owner] })).toMatchObject(tooClose(20))
})

test('people may book anyway; the appointment stays exclusive', async () => {
  await book('09:00', '10:00', { service: serviceId })
  expect(await book('10:00', '11:00', { bookAnyway: true })).toMatchObject({ ok: true, row: { overlapAllowed: null } })
  const rows = await database.sql`select exclusive from appointment_assignees where business_id = ${sample.businessId}`
  expect(rows.map(({ exclusive }) => exclusive)).toEqual([true, true])
})

test('a move keeps the gap; an edit of other fields does not ask for it', async () => {
  await book('09:00', '10:00', { service: serviceId })
  const id = randomUUID()
  await book('10:00', '11:00', { id, bookAnyway: true })
  const text = fields({ start: '2026-11-23T10:00:00Z', end: '2026-11-23T11:00:00Z', assigneeIds: [sample.mia] })
  expect(await change({ kind: 'edit', id, revision: 1, fields: { ...text, title: 'New title' } })).toMatchObject({
    ok: true,
  })
  const moved = { start: '2026-11-23T10:05:00Z', end: '2026-11-23T11:05:00Z' }
  expect(await change({ kind: 'move', id, revision: 2, ...moved })).toMatchObject(tooClose(20))
})

test('the gap that an appointment was booked with counts, not that of its service today', async () => {
  await book('09:00', '10:00', { service: serviceId })
  const by = { businessId: sample.businessId, memberId: sample.owner }
  await changeService(db, by, { id: serviceId, changes: { gapAfter: 0 } })
  expect(await book('10:00', '11:00')).toMatchObject(tooClose(20))
})

test('of concurrent bookings that need a gap between them, one wins', async () => {
  for (let round = 0; round < 10; round++) {
    const day = String(round + 10)
    const at = (start: string, end: string) =>
      change({
        kind: 'create',
        id: randomUUID(),
        fields: fields({
          start: `2026-12-${day}T${start}:00Z`,
          end: `2026-12-${day}T${end}:00Z`,
          serviceId,
          assigneeIds: [sample.mia],
        }),
      })
    const results = await Promise.all([at('09:00', '10:00'), at('10:00', '11:00')])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  }
})

test('a gap that a person gives up is in the activity', async () => {
  await book('09:00', '10:00', { service: serviceId })
  const id = randomUUID()
  expect(await book('10:05', '11:00', { id, bookAnyway: true })).toMatchObject({ ok: true, gapMinutes: 20 })
  const detailOf = async (appointmentId: string) =>
    (await database.sql`select detail from activity where appointment_id = ${appointmentId}`)[0]?.detail
  expect(await detailOf(id)).toBe('Booked anyway, less than 20 min from another appointment.')
  const far = randomUUID()
  await book('13:00', '14:00', { id: far, bookAnyway: true })
  expect(await detailOf(far)).toBe('')
})
