import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { Db } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import { addService } from '#lib/services/mutations.ts'
import { emptyService, type ServiceFields } from '#lib/services/schema.ts'
import { addTimeOff, setWorkingHours } from '#lib/team/schedule/mutations.ts'
import { fields } from '#testing/appointment-fields.ts'
import { insertBusiness, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { changeAppointmentRow } from '../mutations.ts'
import { proposeTimes, type TimesSearch } from './propose-times.ts'

/** In Sydney, open from 8 to 5 on weekdays: Monday opens at 21:00 UTC of the day before. */
const monday = '2026-11-22T21:00:00Z'
const now = '2026-11-22T00:00:00Z'

const database = ownDatabase()
let sample: SampleBusiness
let db: Db

beforeEach(async () => {
  sample = await insertBusiness(database.db as Db)
  db = tenantDb(database, sample.businessId)
})

const by = () => ({ businessId: sample.businessId, memberId: sample.owner, role: 'owner' as const })

const service = async (given: Partial<ServiceFields> = {}) => {
  const added = await addService(db, by(), { ...emptyService, name: randomUUID(), ...given })
  return added.ok ? added.id : ''
}

const find = (given: Partial<TimesSearch> = {}) =>
  proposeTimes(db, {
    ...{ businessId: sample.businessId, minutes: 60, assigneeIds: [sample.mia], exceptId: null, now },
    ...{ from: monday, days: 42, count: 1 },
    ...given,
  })

const book = (start: string, end: string, serviceId: string | null, assigneeIds = [sample.mia]) =>
  changeAppointmentRow(db, {
    businessId: sample.businessId,
    member: { id: sample.owner, role: 'owner' },
    change: { kind: 'create', id: randomUUID(), fields: fields({ start, end, serviceId, assigneeIds }) },
    bookAnyway: false,
    googleUnchecked: false,
  })

test('times keep to the working hours and the time off of the assignees', async () => {
  await setWorkingHours(db, by(), { memberId: sample.mia, hours: { 1: [{ from: '10:00', to: '12:00' }] } })
  expect((await find())[0]?.start).toBe('2026-11-22T23:00:00Z')
  const times = { startsAt: '2026-11-23T00:00', endsAt: '2026-11-24T00:00' }
  const off = { ...times, repeats: 'never' as const, lastDate: null, reason: '' }
  await addTimeOff(db, by(), {
    id: randomUUID(),
    memberId: sample.mia,
    fields: off,
    answers: {},
    keepOthers: true,
    now,
  })
  expect((await find())[0]?.start).toBe('2026-11-29T23:00:00Z')
})

test('the gaps of the service and of what is booked stay free', async () => {
  const serviceId = await service({ gapBefore: 30 })
  await book(monday, '2026-11-22T22:00:00Z', serviceId)
  expect((await find({ serviceId }))[0]?.start).toBe('2026-11-22T22:30:00Z')
  expect((await find())[0]?.start).toBe('2026-11-22T22:00:00Z')
})

test('a time that begins in one window of the search and ends in the next is found, once', async () => {
  await book(monday, '2026-11-25T00:00:00Z', null)
  // Two days after `from` the first window ends.
  const times = await find({ from: '2026-11-23T00:30:00Z', count: 2 })
  expect(times.map(({ start }) => start)).toEqual(['2026-11-25T00:00:00Z', '2026-11-25T01:00:00Z'])
})

test('without assignees, those who can do the service are proposed: fewest appointments first', async () => {
  const serviceId = await service({ memberIds: [sample.mia, sample.tom] })
  await book('2026-11-23T04:00:00Z', '2026-11-23T05:00:00Z', null, [sample.mia])
  expect(await find({ serviceId, assigneeIds: [] })).toEqual([
    { start: monday, end: '2026-11-22T22:00:00Z', assigneeIds: [sample.tom] },
  ])
  const two = await service({ people: 2 })
  expect((await find({ serviceId: two, assigneeIds: [] }))[0]?.assigneeIds).toHaveLength(2)
})

test('a member who cannot do the service has no times', async () => {
  expect(await find({ serviceId: await service({ memberIds: [sample.tom] }) })).toEqual([])
})

test('every proposed time can be booked at once', async () => {
  const serviceId = await service({ gapBefore: 15, gapAfter: 20 })
  for (let round = 0; round < 12; round++) {
    const [time] = await find({ serviceId, assigneeIds: [] })
    if (!time) throw new Error('A time was expected.')
    expect(await book(time.start, time.end, serviceId, time.assigneeIds)).toMatchObject({ ok: true })
  }
})
