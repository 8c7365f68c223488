import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { Db } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { exportAsJson } from '#lib/business/export.ts'
import { eraseBusiness } from '#lib/business/mutations.ts'
import { fields } from '#testing/appointment-fields.ts'
import { insertBusiness, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { addService, changeService, setServiceDeleted } from './mutations.ts'
import { emptyService, type ServiceFields } from './schema.ts'

const database = ownDatabase()
let sample: SampleBusiness
let other: SampleBusiness
let db: Db

beforeAll(async () => {
  sample = await insertBusiness(database.db as Db)
  other = await insertBusiness(database.db as Db)
  db = tenantDb(database, sample.businessId)
})

const by = () => ({ businessId: sample.businessId, memberId: sample.owner })
const tap: ServiceFields = { ...emptyService, name: 'Leaking tap', gapBefore: 10, gapAfter: 20 }

const add = async (given: Partial<ServiceFields> = {}) => {
  const added = await addService(db, by(), { ...tap, name: `Tap ${randomUUID()}`, ...given })
  if (!added.ok) throw new Error(added.message)
  return added.id
}

const book = (serviceId: string | null, given: { id?: string; revision?: number; title?: string } = {}) => {
  const { id = randomUUID(), revision, title = 'Tap' } = given
  const booked = fields({ title, serviceId, assigneeIds: [] })
  return changeAppointmentRow(db, {
    businessId: sample.businessId,
    member: { id: sample.owner, role: 'owner' },
    change: revision ? { kind: 'edit', id, revision, fields: booked } : { kind: 'create', id, fields: booked },
    bookAnyway: false,
    googleUnchecked: false,
  })
}

const stored = async (id: string) => {
  const [row] = await database.sql`select service_id, gap_before, gap_after from appointments where id = ${id}`
  return { ...row }
}

test('a change returns the previous values and is logged; saving those undoes it', async () => {
  const id = await add({ name: 'Boiler' })
  const changed = await changeService(db, by(), { id, changes: { durations: [30, 60], gapBefore: 10 } })
  expect(changed).toEqual({ ok: true, before: { durations: [60] } })
  if (changed.ok) await changeService(db, by(), { id, changes: changed.before })
  const log = await database.sql`select what, before, after from activity where what = 'service.changed' order by id`
  expect(log.map((row) => ({ ...row }))).toEqual([
    {
      what: 'service.changed',
      before: { service: 'Boiler', durations: [60] },
      after: { service: 'Boiler', durations: [30, 60] },
    },
    {
      what: 'service.changed',
      before: { service: 'Boiler', durations: [30, 60] },
      after: { service: 'Boiler', durations: [60] },
    },
  ])
})

test('a name is unique among the services that are not deleted, in upper and lower case', async () => {
  const id = await add({ name: 'Gas check' })
  const refused = { ok: false, code: 'name-taken', fields: { 'fields.name': 'Another service has this name.' } }
  expect(await addService(db, by(), { ...tap, name: 'GAS CHECK' })).toMatchObject(refused)
  const second = await add()
  expect(await changeService(db, by(), { id: second, changes: { name: 'gas check' } })).toMatchObject(refused)
  await setServiceDeleted(db, by(), { id, deleted: true })
  expect(await addService(db, by(), { ...tap, name: 'GAS CHECK' })).toMatchObject({ ok: true })
  expect(await setServiceDeleted(db, by(), { id, deleted: false })).toMatchObject({ code: 'name-taken' })
})

test('concurrent additions of one name make one service', async () => {
  const made = await Promise.all([1, 2, 3, 4].map(() => addService(db, by(), { ...tap, name: 'Race' })))
  expect(made.filter(({ ok }) => ok)).toHaveLength(1)
})

test('members and services of another business are refused', async () => {
  expect(await addService(db, by(), { ...tap, name: 'Foreign', memberIds: [other.owner] })).toMatchObject({
    ok: false,
    fields: { 'fields.memberIds': 'Choose members of your team.' },
  })
  const theirs = await addService(
    tenantDb(database, other.businessId),
    { businessId: other.businessId, memberId: other.owner },
    tap,
  )
  const id = theirs.ok ? theirs.id : ''
  expect(await changeService(db, by(), { id, changes: { name: 'Mine' } })).toMatchObject({ code: 'not-found' })
  expect(await setServiceDeleted(db, by(), { id, deleted: true })).toMatchObject({ code: 'not-found' })
  expect(await book(id)).toMatchObject({ ok: false, code: 'invalid', fields: { serviceId: expect.any(String) } })
})

test('an appointment keeps the gaps that its service had when it was chosen', async () => {
  const serviceId = await add()
  const booked = await book(serviceId)
  if (!booked.ok) throw new Error(booked.message)
  const { id } = booked.row
  await changeService(db, by(), { id: serviceId, changes: { gapBefore: 60 } })
  await book(serviceId, { id, revision: 1, title: 'Kitchen tap' })
  expect(await stored(id)).toEqual({ service_id: serviceId, gap_before: 10, gap_after: 20 })
  await book(null, { id, revision: 2 })
  expect(await stored(id)).toEqual({ service_id: null, gap_before: 0, gap_after: 0 })
  await book(serviceId, { id, revision: 3 })
  expect(await stored(id)).toEqual({ service_id: serviceId, gap_before: 60, gap_after: 20 })
})

test('a deleted or inactive service stays on its appointments and cannot be chosen for others', async () => {
  const serviceId = await add()
  const booked = await book(serviceId)
  if (!booked.ok) throw new Error(booked.message)
  const [before] = await database.sql`select * from appointments where id = ${booked.row.id}`
  await setServiceDeleted(db, by(), { id: serviceId, deleted: true })
  const [after] = await database.sql`select * from appointments where id = ${booked.row.id}`
  expect(after).toEqual(before)
  expect(await book(serviceId, { id: booked.row.id, revision: 1, title: 'Kitchen' })).toMatchObject({ ok: true })
  expect(await book(serviceId)).toMatchObject({ fields: { serviceId: 'Choose a service from the list.' } })
  await setServiceDeleted(db, by(), { id: serviceId, deleted: false })
  await changeService(db, by(), { id: serviceId, changes: { active: false } })
  expect(await book(serviceId)).toMatchObject({ code: 'invalid' })
})

test('services are exported and erased with the business', async () => {
  const left = await insertBusiness(database.db as Db)
  const leftDb = tenantDb(database, left.businessId)
  await addService(leftDb, { businessId: left.businessId, memberId: left.owner }, tap)
  let text = ''
  const options = { businessId: left.businessId, now: '2027-01-01T00:00:00Z' }
  for await (const part of exportAsJson(leftDb, options)) text += part
  expect(JSON.parse(text).services).toMatchObject([{ name: 'Leaking tap', durations: [60], gap_before: 10 }])
  await eraseBusiness(database.db, left.businessId)
  expect(await database.sql`select 1 from services where business_id = ${left.businessId}`).toHaveLength(0)
})
