import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import {
  type AppointmentRow,
  lockMembers,
  readAppointments,
  readAppointmentsForUpdate,
} from '#db/queries/appointments.ts'
import { readSeries, type SeriesRow } from '#db/queries/series/series.ts'
import { readVisits, type VisitRow } from '#db/queries/series/visits.ts'
import { readService, type ServiceRow } from '#db/queries/services.ts'
import type { Role } from '#lib/auth/schema.ts'
import type { Scope, SeriesEdit, SeriesRefused } from '../schema.ts'
import { editOf, type FollowMove } from './edit.ts'
import {
  type ChangePlan,
  type Edit,
  type PlanRefusal,
  planChange,
  type SeriesState,
  type VisitState,
} from './plan-change.ts'
import { templateOf } from './template.ts'

export type ChangeAsked = {
  businessId: BusinessId
  member: { id: string; role: Role }
  seriesId: string
  appointmentId: string
  scope: Scope
  change: SeriesEdit | FollowMove
  includeChanged: boolean
  /** Null: whichever it has. */
  revision: number | null
  now: string
  googleUnchecked: boolean
}

export type Prepared = {
  series: SeriesRow
  visits: VisitRow[]
  rows: ReadonlyMap<string, AppointmentRow>
  edit: Edit
  plan: ChangePlan
  /** Of an edit that chooses another one. */
  service: ServiceRow | null
}

/**
 * The series with its visits, and what the change does to them. With `lock` nothing of it can
 * change until the end of the transaction: the series, its appointments by id, members by id.
 */
export const prepare = async (
  tx: Tx,
  asked: ChangeAsked,
  { timeZone, lock }: { timeZone: string; lock: boolean },
): Promise<({ ok: true } & Prepared) | SeriesRefused> => {
  const { businessId, seriesId, appointmentId } = asked
  const series = await readSeries(tx, { businessId, id: seriesId }, { lock })
  if (!series) return gone
  if (asked.revision !== null && asked.revision !== series.revision) return changedElsewhere(series)
  const { visits, rows } = await readVisitRows(tx, asked, lock)
  const acted = visits.find((visit) => visit.appointmentId === appointmentId)
  const visit = rows.get(appointmentId)
  if (!acted || !visit) return gone
  const state = stateOf(series)
  const edit = editOf(asked.change, { visit, series: state, timeZone })
  if (!edit) return refused('invalid', 'Nothing was changed.')
  const planned = planChange({
    ...{ series: state, visits: visits.map((each) => visitState(each, rows)), edit, now: asked.now },
    ...{ scope: asked.scope, acted: acted.originalStart, includeChanged: asked.includeChanged },
  })
  if (!planned.ok) return refusals[planned.code]
  const people = { series, visit, edit, rows }
  const [active, service] = await Promise.all([
    lockMembers(tx, { businessId, memberIds: membersOf(people), lock }),
    serviceOf(tx, businessId, edit),
  ])
  const invalid = edit.kind === 'edit' ? invalidFields(edit, { visit, active, service }) : null
  return invalid ?? { ok: true, series, visits, rows, edit, plan: planned.plan, service }
}

/** The visits with their appointments, those to come locked by id. */
export const readVisitRows = async (
  tx: Tx,
  { businessId, seriesId, now }: Pick<ChangeAsked, 'businessId' | 'seriesId' | 'now'>,
  lock: boolean,
) => {
  const visits = await readVisits(tx, { businessId, seriesId })
  const ids = visits.flatMap(({ appointmentId }) => appointmentId ?? [])
  const read = await readAppointments(tx, { businessId, ids })
  const rows = new Map(read.map((row) => [row.id, row]))
  if (lock) {
    const toCome = read.filter(({ startsAt }) => Date.parse(startsAt) > Date.parse(now)).map(({ id }) => id)
    for (const row of await readAppointmentsForUpdate(tx, { businessId, ids: toCome })) rows.set(row.id, row)
  }
  return { visits, rows }
}

export const stateOf = (row: SeriesRow): SeriesState => ({
  ...{ rule: row.rule, startsAt: row.startsAt, timeZone: row.timeZone, minutes: row.minutes },
  ...{ template: templateOf(row), ended: row.ended, plannedUntil: row.plannedUntil },
})

export const visitState = (
  { originalStart, state, appointmentId }: VisitRow,
  rows: ReadonlyMap<string, AppointmentRow>,
): VisitState => {
  const row = appointmentId ? rows.get(appointmentId) : undefined
  return {
    ...{ originalStart, state },
    appointment: row
      ? { id: row.id, start: row.startsAt, end: row.endsAt, status: row.status, template: templateOf(row) }
      : null,
  }
}

type People = {
  series: SeriesRow
  visit: AppointmentRow
  edit: Edit
  rows: ReadonlyMap<string, AppointmentRow>
}

const membersOf = ({ series, edit, rows }: People): string[] => {
  const added = edit.kind === 'edit' ? (edit.fields.assigneeIds ?? []) : []
  const ids = new Set([...series.assigneeIds, ...added])
  for (const { assigneeIds } of rows.values()) for (const id of assigneeIds) ids.add(id)
  return [...ids].sort()
}

const serviceOf = (tx: Tx, businessId: BusinessId, edit: Edit) =>
  edit.kind === 'edit' && edit.fields.serviceId ? readService(tx, { businessId, id: edit.fields.serviceId }) : null

type Checked = { visit: AppointmentRow; active: readonly string[]; service: ServiceRow | null }

const invalidFields = (
  { fields }: Extract<Edit, { kind: 'edit' }>,
  { visit, active, service }: Checked,
): SeriesRefused | null => {
  const isAddedInactive = (id: string) => !visit.assigneeIds.includes(id) && !active.includes(id)
  if (fields.assigneeIds?.some(isAddedInactive))
    return invalidField('assigneeIds', 'Choose active members of your team.')
  if (fields.serviceId && (!service?.active || service.deleted))
    return invalidField('serviceId', 'Choose a service from the list.')
  return null
}

const refused = (code: SeriesRefused['code'], message: string): SeriesRefused => ({ ok: false, code, message })

const invalidField = (field: string, message: string): SeriesRefused => ({
  ...refused('invalid', message),
  fields: { [field]: message },
})

export const gone = refused('not-found', 'This series no longer exists.')

const changedElsewhere = ({ title }: SeriesRow) =>
  refused('changed-elsewhere', `The series “${title}” has been changed by someone else.`)

const refusals: Record<PlanRefusal, SeriesRefused> = {
  'nothing-upcoming': refused('nothing-upcoming', 'No visit of this series is still to come.'),
  'occupied-weekday': invalidField('start', 'The series has another visit on that weekday.'),
  'no-dates': invalidField('ends', 'The end is before the first visit.'),
  'too-many-dates': invalidField('repeat', 'Those are too many visits. Repeat less often.'),
}
