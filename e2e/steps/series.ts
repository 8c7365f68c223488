import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { BusinessId } from '#db/business-id.ts'
import { connect } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import type { Repeat } from '#lib/repeat/repeat.ts'
import { createSeriesRow } from '#lib/series/create.ts'
import type { Fixtures } from '../fixtures/fixtures.ts'
import { type Booking, empty, quietDay, zone } from './calendar.ts'

type App = Fixtures['app']

/** A Wednesday after all appointments of the sample data; the business is open then. */
export const openDay = () => quietDay().add({ days: 10 })

export type BookedSeries = { id: string; visits: { id: string; start: string }[] }

/** Books a series through the product's own transaction; all dates must be free. */
export const bookSeries = async (app: App, given: Booking & { repeat: Repeat }): Promise<BookedSeries> => {
  const { repeat, ...fields } = given
  const database = connect(app.databaseUrl, { max: 1 })
  const id = randomUUID()
  try {
    const [member] = await database.sql<{ id: string; business: BusinessId }[]>`
      select id, business_id as business from members where role = 'owner' limit 1`
    if (!member) throw new Error('The sample has no owner.')
    const created = await createSeriesRow(tenantDb(database, member.business), {
      ...{ businessId: member.business, member: { id: member.id, role: 'owner' as const }, id, repeat },
      fields: { ...empty, assigneeIds: [], ...fields },
      ...{ choices: {}, firstAppointmentId: randomUUID(), googleUnchecked: false },
      now: Temporal.Now.instant().toString(),
    })
    if (!created.ok) throw new Error(created.message)
  } finally {
    await database.close()
  }
  const visits = await app.sql<{ id: string; start: string }[]>`
    select appointment_id as id, original_start as start from series_visits
    where series_id = ${id} order by original_start`
  return { id, visits: [...visits] }
}

/** Start times of the booked appointments with a title, as wall time: `2026-12-02T09:00`. */
export const bookedStarts = async (app: App, title: string): Promise<string[]> => {
  const rows = await app.sql<{ starts: Date }[]>`
    select starts_at as starts from appointments where title = ${title} and status = 'booked' order by starts_at`
  return rows.map(({ starts }) =>
    Temporal.Instant.fromEpochMilliseconds(starts.getTime())
      .toZonedDateTimeISO(zone)
      .toPlainDateTime()
      .toString({ smallestUnit: 'minute' }),
  )
}

/** `count` dates a week apart, at a time. */
export const weekly = (day: Temporal.PlainDate, time: string, count: number): string[] =>
  Array.from({ length: count }, (_, week) => `${day.add({ weeks: week })}T${time}`)
