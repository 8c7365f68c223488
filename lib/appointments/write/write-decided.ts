import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import {
  type AppointmentRow,
  insertAppointmentRow,
  insertAssignees,
  writeAppointment,
} from '#db/queries/appointments.ts'
import { type ActivityEntry, recordActivity } from '#lib/activity/record.ts'
import { publishChange } from '#lib/live/publish.ts'
import { enqueuePushOfBusiness } from '#lib/sync/enqueue.ts'
import type { AppointmentState, ChangeEffect } from '../change.ts'
import { toAppointmentState } from '../state.ts'

type Write = {
  businessId: BusinessId
  actor: ActivityEntry['actor']
  /** Null for a new appointment. */
  before: AppointmentRow | null
  row: AppointmentRow
  effect: Exclude<ChangeEffect, 'nothing'>
  /** One sentence, or empty. */
  detail: string
}

/**
 * Row, assignees, activity, the sync job and the notification of open pages, in the transaction of
 * the decision. False if the id of a new appointment is taken, by this or another business.
 */
export const writeDecided = async (tx: Tx, { businessId, actor, before, row, effect, detail }: Write) => {
  if (!before && !(await insertAppointmentRow(tx, row))) return false
  const entry = {
    businessId,
    actor,
    what: `appointment.${effect}`,
    detail,
    appointmentId: row.id,
    before: before && loggedContent(toAppointmentState(before)),
    after: loggedContent(toAppointmentState(row)),
  }
  // One round trip, executed in order.
  await Promise.all([
    before ? writeAppointment(tx, row) : insertAssignees(tx, row),
    recordActivity(tx, [entry]),
    enqueuePushOfBusiness(tx, businessId),
    publishChange(tx, businessId, 'rows'),
  ])
  return true
}

const loggedContent = (state: AppointmentState) => {
  const { revision: _, removedInGoogle: __, googleUnchecked: ___, byKey: ____, callId: _____, ...content } = state
  return content
}
