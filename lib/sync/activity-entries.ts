import type { AppointmentRow } from '#db/queries/appointments.ts'
import type { ActivityEntry } from '#lib/activity/record.ts'
import type { Lost, RemoteSnapshot, SharedField } from './core/content.ts'
import type { Mapping } from './mapping.ts'

/** The entries that a sync run adds to the activity of an appointment. */

export const changedEntry = (before: AppointmentRow, after: AppointmentRow, fields: SharedField[]): ActivityEntry => ({
  ...byGoogle(after),
  what: 'appointment.changed-in-google',
  before: shown(before, fields),
  after: shown(after, fields),
})

/** `isElsewhere`: it has events in other calendars, so the change that was kept may be theirs. */
export const overruledEntry = (row: AppointmentRow, lost: Lost[], isElsewhere: boolean): ActivityEntry => ({
  ...byGoogle(row),
  what: 'appointment.google-change-overruled',
  detail: overruledDetail(row, isElsewhere),
  before: Object.fromEntries(lost.map(({ field, google }) => [field, google])),
})

const overruledDetail = ({ status }: AppointmentRow, isElsewhere: boolean): string => {
  if (status === 'cancelled') return 'Changed in Google, cancelled in Sophiie.'
  return isElsewhere
    ? 'Changed in two places; the change that reached Sophiie first was kept.'
    : 'Both sides changed this; the change made in Sophiie was kept.'
}

/** `owner`: the member in whose own calendar it was. */
export const removedEntry = (row: AppointmentRow, mapping: Mapping, owner: string | null): ActivityEntry => ({
  ...byGoogle(row),
  what: 'appointment.removed-in-google',
  ...(owner && { detail: `${owner.split(' ')[0]} removed this from their own calendar.` }),
  before: mapping.remoteSnapshot?.isPrivate ? mapping.base : (mapping.remoteSnapshot ?? mapping.base),
})

export const defaultAnswerEntry = (row: AppointmentRow, what: string, detail: string): ActivityEntry => ({
  businessId: row.businessId,
  actor: { kind: 'sophiie' },
  what,
  detail,
  appointmentId: row.id,
})

export const overruledInOldCalendarEntry = (mapping: Mapping, last: RemoteSnapshot): ActivityEntry => ({
  businessId: mapping.businessId,
  actor: { kind: 'google' },
  what: 'appointment.google-change-overruled',
  detail: 'Changed in the previous calendar, before its event there was removed.',
  appointmentId: mapping.appointmentId,
  before: { times: last.times, ...(!last.isPrivate && { title: last.title, location: last.location }) },
})

const byGoogle = (row: AppointmentRow) => ({
  businessId: row.businessId,
  actor: { kind: 'google' as const },
  appointmentId: row.id,
})

const shown = (row: AppointmentRow, fields: SharedField[]) => ({
  ...(fields.includes('title') && { title: row.title }),
  ...(fields.includes('location') && { location: row.location }),
  ...(fields.includes('times') && { start: row.startsAt, end: row.endsAt }),
})
