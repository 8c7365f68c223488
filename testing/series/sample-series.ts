import { randomUUID } from 'node:crypto'
import { changeAppointmentRow } from '#lib/appointments/mutations.ts'
import type { AppointmentFields } from '#lib/appointments/schema.ts'
import { type ChangeRequest, changeSeriesRow } from '#lib/series/change/change.ts'
import { type CreateRequest, createSeriesRow } from '#lib/series/create.ts'
import { fields } from '../appointment-fields.ts'
import type { SampleBusiness } from '../appointment-sample.ts'
import type { TestDatabase } from '../database.ts'

/** Saturday 28 November 2026 in Sydney. */
export const now = '2026-11-28T02:00:00Z'
/** The Tuesday after it at ten. */
export const tuesday = { start: '2026-11-30T23:00:00Z', end: '2026-12-01T00:00:00Z' }

export type SampleVisit = {
  id: string
  series: string
  key: string
  start: string
  end: string
  title: string
  status: string
  revision: number
}

/** Series of one business, made and changed as people do it. */
export const sampleSeries = (database: TestDatabase, sample: SampleBusiness) => {
  const { businessId, owner, mia } = sample
  const member = { id: owner, role: 'owner' } as const
  const asked = { businessId, member, googleUnchecked: false, now }

  const make = async (given: Partial<CreateRequest> = {}) => {
    const id = given.id ?? randomUUID()
    const made = await createSeriesRow(database.db, {
      ...{ ...asked, id, firstAppointmentId: randomUUID(), choices: {} },
      repeat: { every: 1, unit: 'week', ends: { after: 5 } },
      fields: fields({ ...tuesday, title: 'Clean', assigneeIds: [mia] }),
      ...given,
    })
    if (!made.ok) throw new Error(made.message)
    return { id, operationId: made.operationId ?? '' }
  }

  /** Booked or cancelled visits, by start. */
  const visits = async (): Promise<SampleVisit[]> => [
    ...(await database.sql<SampleVisit[]>`
      select a.id, v.series_id as series, v.original_start as key, a.title, a.status, a.revision,
        to_char(a.starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start,
        to_char(a.ends_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "end"
      from series_visits v join appointments a on a.id = v.appointment_id
      where v.business_id = ${businessId} order by a.starts_at, a.id`),
  ]

  const visitAt = async (n: number) => {
    const visit = (await visits())[n]
    if (!visit) throw new Error('There is no such visit.')
    return visit
  }

  const change = async (n: number, given: Partial<ChangeRequest> & Pick<ChangeRequest, 'change'>) => {
    const visit = await visitAt(n)
    const [owned] = await database.sql`select revision from series where id = ${visit.series}`
    return await changeSeriesRow(database.db, {
      ...{ ...asked, seriesId: visit.series, appointmentId: visit.id },
      ...{ scope: 'following', includeChanged: false, choices: {}, revision: owned?.revision },
      ...given,
    })
  }

  const edit = async (n: number, given: Partial<AppointmentFields>) => {
    const { start, end, title } = await visitAt(n)
    return { kind: 'edit' as const, fields: fields({ start, end, title, assigneeIds: [mia], ...given }) }
  }

  /** One visit, as from the form of an appointment. */
  const alone = async (n: number, given: Partial<AppointmentFields>) => {
    const { id, revision } = await visitAt(n)
    const changed = await changeAppointmentRow(database.db, {
      ...{ businessId, member, bookAnyway: true, googleUnchecked: false },
      change: { ...(await edit(n, given)), id, revision },
    })
    if (!changed.ok) throw new Error(changed.message)
  }

  const book = async (given: Partial<AppointmentFields>) => {
    const id = randomUUID()
    const booked = await changeAppointmentRow(database.db, {
      ...{ businessId, member, bookAnyway: false, googleUnchecked: false },
      change: { kind: 'create', id, fields: fields({ title: 'Other', assigneeIds: [mia], ...given }) },
    })
    if (!booked.ok) throw new Error(booked.message)
    return id
  }

  const lines = async () =>
    (await visits()).map(({ key, start, title, status }) => `${key} ${start.slice(5, 16)} ${title} ${status}`)

  const series = () => database.sql`
    select id, rule, starts_at, continues, ended, revision, planned_until::text from series
    where business_id = ${businessId} order by created_at, starts_at`

  /** Rows by key, with those that are not booked. */
  const states = async () =>
    (
      await database.sql`select original_start, state, reason from series_visits
        where business_id = ${businessId} order by original_start`
    ).map((row) => [row.original_start.slice(0, 10), row.state, row.reason].filter(Boolean).join(' '))

  return { asked, make, visits, visitAt, change, edit, alone, book, lines, series, states }
}

export const later = (start: string, days: number, hours = 0) =>
  new Date(Date.parse(start) + (days * 24 + hours) * 3_600_000).toISOString().replace('.000Z', 'Z')
