import type { AppointmentRow } from '#db/queries/appointments.ts'
import { type AppointmentFields, textOf } from '#lib/appointments/schema.ts'
import { toRule } from '#lib/repeat/repeat.ts'
import { wallClock } from '../dates.ts'
import type { SeriesEdit } from '../schema.ts'
import type { Edit, SeriesState } from './plan-change.ts'
import { changedFields, lengthOf, type Template, templateOf } from './template.ts'

/** The visit was moved before, so that the others go where it is. */
export type FollowMove = { kind: 'follow'; start: string; end: string }

/**
 * What a person changed: the fields in which their form differs from the visit as it is. Null if
 * there is nothing.
 */
export const editOf = (
  change: SeriesEdit | FollowMove,
  { visit, series, timeZone }: { visit: AppointmentRow; series: SeriesState; timeZone: string },
): Edit | null => {
  if (change.kind === 'cancel') return { kind: 'cancel' }
  const fields: Partial<Template> = { ...fieldsOf(change, visit) }
  const times = 'fields' in change ? change.fields : 'start' in change ? change : null
  const given = 'repeat' in change ? change.repeat : undefined
  const repeat = given && toRule(given, series.startsAt.slice(0, 10)) !== series.rule ? given : undefined
  const current = { start: visit.startsAt, end: visit.endsAt }
  const isFollowed = change.kind === 'follow'
  const isMoved = times !== null && (isFollowed || times.start !== current.start)
  const usual = isFollowed ? series.minutes : lengthOf(current)
  const isStretched = times !== null && lengthOf(times) !== usual
  if (Object.keys(fields).length === 0 && !isMoved && !isStretched && !repeat) return null
  return {
    ...{ kind: 'edit', fields, timeZone },
    ...(isMoved && { startsAt: wallClock(timeZone).wallAt(times.start) }),
    ...(isStretched && { minutes: lengthOf(times) }),
    ...(repeat && { repeat }),
  }
}

const fieldsOf = (
  change: Exclude<SeriesEdit | FollowMove, { kind: 'cancel' }>,
  visit: AppointmentRow,
): Partial<Template> => {
  const current = templateOf(visit)
  const wanted = wantedOf(change, current)
  return Object.fromEntries(changedFields(current, wanted).map((name) => [name, wanted[name]]))
}

const wantedOf = (change: Exclude<SeriesEdit | FollowMove, { kind: 'cancel' }>, current: Template): Template => {
  if (change.kind === 'edit') return templateOfFields(change.fields, current)
  return change.kind === 'reassign' ? { ...current, assigneeIds: [...new Set(change.assigneeIds)].sort() } : current
}

const templateOfFields = (fields: AppointmentFields, current: Template): Template => ({
  ...textOf(fields),
  serviceId: fields.serviceId === undefined ? current.serviceId : fields.serviceId,
  assigneeIds: [...new Set(fields.assigneeIds)].sort(),
})
