import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import { readCalendarRange } from '#lib/appointments/range.ts'
import { fields } from '#testing/appointment-fields.ts'
import { insertBusiness } from '#testing/appointment-sample.ts'
import { ownDatabase } from '#testing/database.ts'
import { createSeriesRow } from './create.ts'

const database = ownDatabase()
const now = '2026-11-28T02:00:00Z'

test('a visit is marked with its series, and other appointments are not', async () => {
  const { businessId, owner, mia, tom } = await insertBusiness(database.db)
  const member = { id: owner, role: 'owner' } as const
  const id = randomUUID()
  const times = { start: '2026-11-30T23:00:00Z', end: '2026-12-01T00:00:00Z' }
  const made = await createSeriesRow(database.db, {
    ...{ businessId, member, id, firstAppointmentId: randomUUID(), choices: {}, googleUnchecked: false, now },
    repeat: { every: 2, unit: 'week', ends: { after: 2 } },
    fields: fields({ ...times, title: 'Visit', assigneeIds: [mia] }),
  })
  expect(made).toMatchObject({ ok: true })
  await changeAppointmentRow(database.db, {
    ...{ businessId, member, bookAnyway: false, googleUnchecked: false },
    change: { kind: 'create', id: randomUUID(), fields: fields({ ...times, title: 'Single', assigneeIds: [tom] }) },
  })
  const span = { start: '2026-11-30T00:00:00Z', end: '2026-12-31T00:00:00Z' }
  const { appointments } = await readCalendarRange(database.db, { businessId, role: 'owner', span, now })
  const marks = appointments.map(({ title, series }) => [title, series?.originalStart])
  expect(marks.toSorted()).toEqual([
    ['Single', undefined],
    ['Visit', '2026-12-01T10:00'],
    ['Visit', '2026-12-15T10:00'],
  ])
  const visit = appointments.find(({ title }) => title === 'Visit')
  expect(visit?.series).toEqual({
    ...{ id, originalStart: '2026-12-01T10:00', revision: 1 },
    words: 'Every 2 weeks on Tuesday, 2 times',
  })
})
