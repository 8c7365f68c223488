import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Db } from '#db/client.ts'
import { countPending, readPending } from '#db/queries/appointments.ts'
import { tenantDb } from '#db/tenant.ts'
import { fields } from '#testing/appointment-fields.ts'
import { insertBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { changeAppointmentRow } from '../mutations.ts'
import type { AppointmentChange } from '../schema.ts'

const database = ownDatabase()
const now = '2026-11-23T00:00:00Z'

test('an upcoming pending appointment waits until a person confirms it', async () => {
  const sample = await insertBusiness(database.db as Db)
  const { businessId } = sample
  const db = tenantDb(database, businessId)
  const apply = (change: AppointmentChange) =>
    changeAppointmentRow(db, {
      businessId,
      member: { id: sample.mia, role: 'staff' },
      change,
      bookAnyway: false,
      googleUnchecked: false,
    })
  const book = async (title: string, hour: string, end = `2026-11-24T${hour}:30:00Z`) => {
    const id = randomUUID()
    const times = { start: end.replace(':30:', ':00:'), end }
    await apply({ kind: 'create', id, fields: fields({ title, ...times }) })
    return id
  }
  const [later, sooner, past, cancelled] = [
    await book('Later', '05'),
    await book('Sooner', '03'),
    await book('Past', '', '2026-11-22T20:30:00Z'),
    await book('Cancelled', '04'),
  ]
  await book('Booked', '02')
  await database.sql`update appointments set pending = true where id in ${database.sql([later, sooner, past, cancelled])}`
  await apply({ kind: 'cancel', id: cancelled, revision: 1 })
  const waiting = async () => (await readPending(db, { businessId, now, limit: 10 })).map(({ title }) => title)
  expect(await waiting()).toEqual(['Sooner', 'Later'])
  const confirmed = await apply({ kind: 'confirm', id: sooner, revision: 1 })
  expect(confirmed).toMatchObject({ ok: true, effect: 'confirmed', row: { pending: false, revision: 2 } })
  // A second person, with the revision of before.
  expect(await apply({ kind: 'confirm', id: sooner, revision: 1 })).toMatchObject({ ok: true, effect: 'nothing' })
  expect(await waiting()).toEqual(['Later'])
  expect(await countPending(db, { businessId, now })).toBe(1)
  const log = await database.sql`select what, member_id from activity where appointment_id = ${sooner} order by id`
  expect(log.map(({ what }) => what)).toEqual(['appointment.booked', 'appointment.confirmed'])
})
