import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { Db } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { exportAsJson } from '#lib/business/export.ts'
import { eraseBusiness } from '#lib/business/mutations.ts'
import { addService } from '#lib/services/mutations.ts'
import { emptyService } from '#lib/services/schema.ts'
import { fields } from '#testing/appointment-fields.ts'
import {
  insertBusiness,
  insertGoogleEvent,
  insertSyncedCalendar,
  type SampleBusiness,
} from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { addTimeOff, removeTimeOff, setWorkingHours } from './mutations.ts'
import { type TimeOffFields, timeOffSchema } from './schema.ts'

const database = ownDatabase()
let sample: SampleBusiness
let db: Db

beforeEach(async () => {
  sample = await insertBusiness(database.db as Db)
  db = tenantDb(database, sample.businessId)
})

const by = () => ({ businessId: sample.businessId, memberId: sample.owner, role: 'owner' as const })
const now = '2026-11-20T00:00:00Z'

/** Monday 23 November 2026 in Sydney. */
const monday: TimeOffFields = {
  startsAt: '2026-11-23T00:00',
  endsAt: '2026-11-24T00:00',
  repeats: 'never',
  lastDate: null,
  reason: 'Dentist',
}

const book = async (title: string, start: string, given: { assigneeIds?: string[]; serviceId?: string } = {}) => {
  const end = new Date(Date.parse(start) + 3_600_000).toISOString().replace('.000', '')
  const applied = await changeAppointmentRow(db, {
    businessId: sample.businessId,
    member: { id: sample.owner, role: 'owner' },
    change: {
      kind: 'create',
      id: randomUUID(),
      fields: fields({ title, start, end, assigneeIds: [sample.mia], ...given }),
    },
    bookAnyway: false,
    googleUnchecked: false,
  })
  if (!applied.ok) throw new Error(applied.message)
  return applied.row.id
}

const add = (given: Partial<Parameters<typeof addTimeOff>[2]> = {}) =>
  addTimeOff(db, by(), {
    ...{ id: randomUUID(), memberId: sample.mia, fields: monday, answers: {}, keepOthers: false, now },
    ...given,
  })

const count = async () => (await database.sql`select 1 from time_off where business_id = ${sample.businessId}`).length
const assigneesOf = async (id: string) =>
  (await database.sql`select member_id from appointment_assignees where appointment_id = ${id}`).map(
    (row) => row.member_id,
  )

test('time off over appointments lists them with the members who could take them, and changes nothing', async () => {
  const id = await book('Tap', '2026-11-22T22:00:00Z')
  await book('The day after', '2026-11-23T22:00:00Z')
  await book('Tom is busy', '2026-11-22T22:00:00Z', { assigneeIds: [sample.tom] })
  expect(await add()).toMatchObject({
    ok: false,
    code: 'appointments',
    affected: [{ id, title: 'Tap', takers: [{ id: sample.owner, name: 'Olive Harbour' }] }],
  })
  expect(await count()).toBe(0)
})

test('each appointment is kept, cancelled or reassigned in one transaction', async () => {
  const [kept, cancelled, moved] = [
    await book('Kept', '2026-11-22T22:00:00Z'),
    await book('Cancelled', '2026-11-22T23:00:00Z'),
    await book('Moved', '2026-11-23T00:00:00Z'),
  ]
  const answers = { [kept]: 'keep', [cancelled]: 'cancel', [moved]: { reassignTo: sample.tom } } as const
  expect(await add({ answers })).toEqual({ ok: true, cancelled: 1, reassigned: 1 })
  const rows = await database.sql`select title, status, revision from appointments
    where business_id = ${sample.businessId} order by title`
  expect(rows.map((row) => ({ ...row }))).toEqual([
    { title: 'Cancelled', status: 'cancelled', revision: 2 },
    { title: 'Kept', status: 'booked', revision: 1 },
    { title: 'Moved', status: 'booked', revision: 2 },
  ])
  expect(await assigneesOf(moved)).toEqual([sample.tom])
  const log = await database.sql`select what, detail, after from activity
    where business_id = ${sample.businessId} and what <> 'appointment.booked' order by id`
  expect(log.map(({ what, detail }) => [what, detail])).toEqual([
    ['appointment.cancelled', 'An assignee has time off.'],
    ['appointment.edited', 'Mia Chen has time off.'],
    ['member.time-off-added', ''],
  ])
  expect(JSON.stringify(log)).not.toContain('Dentist')
})

test('only members who are qualified, working and free can take an appointment', async () => {
  const syncedCalendarId = await insertSyncedCalendar(database.db as Db, sample)
  const busy = { eventId: 'busy', title: 'Busy', start: '2026-11-22T22:00:00Z', end: '2026-11-22T22:30:00Z' }
  const of = { businessId: sample.businessId, syncedCalendarId }
  await insertGoogleEvent(database.db as Db, of, { ...busy, guestMemberIds: [sample.owner] })
  const service = await addService(db, by(), { ...emptyService, name: 'Tap', memberIds: [sample.mia, sample.owner] })
  const serviceId = service.ok ? service.id : ''
  const early = await book('Early', '2026-11-22T22:00:00Z', { serviceId })
  const late = await book('Late', '2026-11-22T23:00:00Z', { serviceId })
  const plain = await book('Plain', '2026-11-23T00:00:00Z')
  await setWorkingHours(db, by(), { memberId: sample.tom, hours: { 1: [{ from: '12:00', to: '17:00' }] } })
  const result = await add()
  const takers = Object.fromEntries((result.affected ?? []).map((each) => [each.id, each.takers.map(({ id }) => id)]))
  expect(takers).toEqual({ [early]: [], [late]: [sample.owner], [plain]: [sample.owner] })
  const answers = { [early]: { reassignTo: sample.owner } }
  expect(await add({ answers, keepOthers: true })).toMatchObject({ ok: false, code: 'taken' })
  expect(await count()).toBe(0)
})

test('two appointments at one time cannot be reassigned to one member', async () => {
  const first = await book('First', '2026-11-22T22:00:00Z')
  const second = await book('Second', '2026-11-22T22:00:00Z', { assigneeIds: [] })
  await database.sql`insert into appointment_assignees (business_id, appointment_id, member_id, during, exclusive)
    values (${sample.businessId}, ${second}, ${sample.mia}, '[2026-11-22T22:00Z,2026-11-22T23:00Z)', false)`
  const answers = { [first]: { reassignTo: sample.tom }, [second]: { reassignTo: sample.tom } }
  expect(await add({ answers })).toMatchObject({ ok: false, code: 'taken' })
  expect(await assigneesOf(first)).toEqual([sample.mia])
})

test('repeating time off finds the appointments of later weeks', async () => {
  const id = await book('In three weeks', '2026-12-13T22:00:00Z')
  const found = await add({ fields: { ...monday, repeats: 'weekly' } })
  expect(found.affected?.map((each) => each.id)).toEqual([id])
  expect(await add({ fields: { ...monday, repeats: 'weekly', lastDate: '2026-12-01' } })).toMatchObject({ ok: true })
})

test('a removal returns the entry, with which it is undone', async () => {
  const id = randomUUID()
  await add({ id })
  const removed = await removeTimeOff(db, by(), id)
  expect(removed).toEqual({ ok: true, removed: { ...monday, id, memberId: sample.mia } })
  expect(await removeTimeOff(db, by(), id)).toMatchObject({ ok: false, code: 'not-found' })
})

test('working hours return the previous ones; another business is out of reach', async () => {
  const hours = { 1: [{ from: '10:00', to: '14:00' }] }
  expect(await setWorkingHours(db, by(), { memberId: sample.mia, hours })).toEqual({ ok: true, before: null })
  expect(await setWorkingHours(db, by(), { memberId: sample.mia, hours: null })).toEqual({ ok: true, before: hours })
  const other = await insertBusiness(database.db as Db)
  expect(await setWorkingHours(db, by(), { memberId: other.mia, hours })).toMatchObject({ code: 'not-found' })
  expect(await add({ memberId: other.mia })).toMatchObject({ code: 'not-found' })
})

test('time off and working hours are exported and erased with the business', async () => {
  await add()
  await setWorkingHours(db, by(), { memberId: sample.mia, hours: {} })
  let text = ''
  for await (const part of exportAsJson(db, { businessId: sample.businessId, now })) text += part
  const exported = JSON.parse(text)
  expect(exported.timeOff).toMatchObject([{ member_id: sample.mia, starts_at: '2026-11-23T00:00', reason: 'Dentist' }])
  expect(exported.members).toContainEqual(expect.objectContaining({ id: sample.mia, working_hours: {} }))
  await eraseBusiness(database.db, sample.businessId)
  expect(await count()).toBe(0)
})

test.each([
  [{ endsAt: '2026-11-23T00:00' }, 'The end must be after the start.'],
  [{ endsAt: '2027-12-01T00:00' }, 'Time off lasts at most a year.'],
  [{ repeats: 'weekly', endsAt: '2026-12-05T00:00' }, 'Time off that repeats weekly lasts at most a week.'],
  [{ repeats: 'weekly', lastDate: '2026-11-01' }, 'This is before the start.'],
  [{ startsAt: '2026-02-30T00:00' }, 'Enter a date and a time.'],
  [{ startsAt: '' }, 'Enter a date and a time.'],
])('%o is refused with a sentence', (given, message) => {
  const parsed = timeOffSchema.safeParse({ ...monday, ...given })
  expect(parsed.error?.issues[0]?.message).toBe(message)
})

test('staff edit their own time off only, and only if the owner allows it', async () => {
  const mia = { businessId: sample.businessId, memberId: sample.mia, role: 'staff' as const }
  const addAs = (memberId: string) =>
    addTimeOff(db, mia, { id: randomUUID(), memberId, fields: monday, answers: {}, keepOthers: false, now })
  const [own, toms] = [randomUUID(), randomUUID()]
  await add({ id: own })
  await add({ id: toms, memberId: sample.tom })
  expect(await addAs(sample.mia)).toMatchObject({ ok: false, code: 'forbidden' })
  expect(await removeTimeOff(db, mia, own)).toMatchObject({ ok: false, code: 'forbidden' })
  await database.sql`update businesses set staff_edit_time_off = true where id = ${sample.businessId}`
  expect(await addAs(sample.tom)).toMatchObject({ ok: false, code: 'forbidden' })
  expect(await removeTimeOff(db, mia, toms)).toMatchObject({ ok: false, code: 'not-found' })
  expect(await count()).toBe(2)
  expect(await addAs(sample.mia)).toMatchObject({ ok: true })
  expect(await removeTimeOff(db, mia, own)).toMatchObject({ ok: true, removed: { memberId: sample.mia } })
})
