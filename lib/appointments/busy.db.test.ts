import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { readCustomers } from '#db/queries/customers.ts'
import { fields } from '#testing/appointment-fields.ts'
import {
  insertBusiness,
  insertGoogleEvent,
  insertSyncedCalendar,
  type SampleBusiness,
} from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { readBusy } from './busy.ts'
import { changeAppointmentRow } from './mutations.ts'
import type { AppointmentFields } from './schema.ts'

const database = ownDatabase()
let sample: SampleBusiness
let other: SampleBusiness

beforeAll(async () => {
  sample = await insertBusiness(database.db)
  other = await insertBusiness(database.db)
})

const book = async (of: SampleBusiness, given: Partial<AppointmentFields>) => {
  const applied = await changeAppointmentRow(database.db, {
    businessId: of.businessId,
    member: { id: of.owner, role: 'owner' },
    change: { kind: 'create', id: randomUUID(), fields: fields(given) },
    bookAnyway: true,
    googleUnchecked: false,
  })
  if (!applied.ok) throw new Error(applied.message)
  return applied.row.id
}

const since = '2020-01-01T00:00:00Z'

test('customers are found by the beginning of any word, as last written, latest first', async () => {
  const day = (n: number) => ({ start: `2026-11-0${n}T01:00:00Z`, end: `2026-11-0${n}T02:00:00Z` })
  await book(sample, { ...day(1), customerName: 'Kim Ng', customerPhone: '0400 000 001' })
  await book(sample, { ...day(3), customerName: 'kim ng', customerPhone: '0400 000 002', location: 'Manly' })
  await book(sample, { ...day(2), customerName: 'Ngaire Kimball' })
  await book(sample, { ...day(2), customerName: '100% Taps_Co' })
  await book(other, { ...day(4), customerName: 'Kim of another business' })
  const found = async (text: string) => {
    const search = { businessId: sample.businessId, text, since, limit: 6 }
    return (await readCustomers(database.db, search)).map(({ name, phone }) => [name, phone])
  }
  expect(await found('ki')).toEqual([
    ['kim ng', '0400 000 002'],
    ['Ngaire Kimball', ''],
  ])
  expect(await found('ng')).toEqual([
    ['kim ng', '0400 000 002'],
    ['Ngaire Kimball', ''],
  ])
  expect(await found('im')).toEqual([])
  expect(await found('100%')).toEqual([['100% Taps_Co', '']])
  expect(await found('%')).toEqual([])
  expect(await found('taps_')).toEqual([['100% Taps_Co', '']])
})

test('busy times are the members’ other appointments, and Google events for everyone', async () => {
  const syncedCalendarId = await insertSyncedCalendar(database.db, sample)
  const [start, end] = ['2026-12-01T01:00:00Z', '2026-12-01T02:00:00Z']
  const busy = await book(sample, { title: 'Site visit', start, end, assigneeIds: [sample.mia] })
  const own = await book(sample, { title: 'Own', start, end, assigneeIds: [sample.tom] })
  await insertGoogleEvent(
    database.db,
    { businessId: sample.businessId, syncedCalendarId },
    { eventId: 'secret', title: 'Surprise', start, end, isPrivate: true },
  )
  const { businessId, mia, tom } = sample
  const search = { businessId, memberIds: [mia, tom], span: { start, end }, exceptId: own } as const
  const asOwner = await readBusy(database.db, { ...search, role: 'owner' })
  expect(asOwner.map(({ id, title, memberIds }) => [id, title, memberIds])).toEqual([
    [busy, 'Site visit', [mia]],
    ['secret', 'Surprise', []],
  ])
  const asStaff = await readBusy(database.db, { ...search, role: 'staff' })
  expect(asStaff.map(({ title }) => title)).toEqual(['Site visit', 'Busy'])
})
