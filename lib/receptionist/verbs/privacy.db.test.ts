import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { Db } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { fields } from '#testing/appointment-fields.ts'
import { insertBusiness, insertSyncedCalendar, type SampleBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { insertCaller } from '#testing/receptionist/receptionist.ts'
import { setEnvironment } from '#testing/sync-fixture.ts'
import type { Caller } from '../caller.ts'
import { searchAppointments } from './appointments.ts'
import { bookAppointment } from './book.ts'
import { changeAppointment } from './change.ts'
import { readContext } from './context.ts'
import { holdTime } from './holds.ts'
import { findSlots } from './slots.ts'

const database = ownDatabase()
let own: SampleBusiness
let caller: Caller

const now = '2026-11-21T22:00:00Z'
const taken = { start: '2026-11-23T03:00:00Z', end: '2026-11-23T04:00:00Z' }
const planted = ['xyzzytitle', 'xyzzyplace', 'xyzzytext', 'xyzzyguest', 'xyzzyreason', 'xyzzycustomer', 'xyzzynotes']

beforeAll(async () => {
  setEnvironment(database, { url: 'http://localhost:1' })
  own = await insertBusiness(database.db as Db)
  caller = await insertCaller(database.db as Db, own)
  const syncedCalendarId = await insertSyncedCalendar(database.db as Db, own)
  const { sql } = database
  await sql`update synced_calendars set last_success_at = now()`
  await sql`insert into google_events (business_id, synced_calendar_id, event_id, kind, title, location, description, blocks,
      blocks_why, generation, guest_member_ids)
    values (${own.businessId}, ${syncedCalendarId}, 'xyzzyguest', 'single', 'xyzzytitle', 'xyzzyplace', 'xyzzytext', true,
      'busy', 1, ${[own.mia]})`
  await sql`insert into google_occurrences (business_id, synced_calendar_id, instance_id, event_id, series_id, during, blocks)
    values (${own.businessId}, ${syncedCalendarId}, 'xyzzyguest', 'xyzzyguest', 'xyzzyguest',
      ${`[${taken.start},${taken.end})`}, true)`
  await sql`insert into time_off (business_id, member_id, starts_at, ends_at, reason)
    values (${own.businessId}, ${own.tom}, '2026-11-23T00:00', '2026-11-24T00:00', 'xyzzyreason')`
  const text = {
    title: 'xyzzytitle',
    notes: 'xyzzynotes',
    customerName: 'xyzzycustomer',
    customerPhone: '0412 999 999',
  }
  const applied = await changeAppointmentRow(tenantDb(database, own.businessId), {
    businessId: own.businessId,
    member: { id: own.owner, role: 'owner' },
    change: { kind: 'create', id: randomUUID(), fields: fields({ ...text, ...taken, assigneeIds: [own.owner] }) },
    bookAnyway: false,
    googleUnchecked: false,
  })
  if (!applied.ok) throw new Error(applied.code)
})

test('no answer has a word of Google, of other customers or of colleagues’ reasons', async () => {
  const [start, customer] = [taken.start, { name: 'Alex Taylor', phone: '0412 345 678' }]
  const dates = { from: '2026-11-22', to: '2026-11-25' }
  const ask = (member: string) => ({ start, duration: 60, member })
  const answers: unknown[] = [await readContext(caller, { phone: customer.phone }, now)]
  answers.push(await searchAppointments(caller, { phone: customer.phone }, now))
  const members = ['any', own.owner, own.mia, own.tom]
  for (const member of members)
    answers.push(await findSlots(caller, { duration: 60, member, limit: 100, ...dates }, now))
  const refused = []
  for (const member of members) {
    refused.push(await bookAppointment(caller, { ...ask(member), customer }, now))
    refused.push(await holdTime(caller, ask(member), now))
  }
  expect(refused.every(({ ok }) => !ok)).toBe(true)
  const free = { start: '2026-11-23T05:00:00Z', duration: 60, member: own.mia }
  const booked = await bookAppointment(caller, { ...free, customer }, now)
  if (!booked.ok) throw new Error(booked.code)
  const moved = await changeAppointment(caller, { id: booked.id, revision: 1 }, { start }, now)
  expect(moved).toMatchObject({ ok: false, code: 'taken' })
  const said = JSON.stringify([answers, refused, booked, moved]).toLowerCase()
  expect(said).toContain('alex taylor')
  expect(planted.filter((word) => said.includes(word))).toEqual([])
})
