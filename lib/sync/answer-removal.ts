import type { Tx } from '#db/client.ts'
import type { AppointmentRow } from '#db/queries/appointments.ts'
import { saveMapping } from '#db/queries/mappings/mappings.ts'
import { recordActivity } from '#lib/activity/record.ts'
import { defaultAnswerEntry, removedEntry } from './activity-entries.ts'
import type { SyncContext } from './context.ts'
import type { Decision } from './decide.ts'
import { agreedUpTo, goneUpTo } from './mapping.ts'
import { type NextId, nextId, resetToPending } from './next-event-id.ts'
import { saveAppointment } from './save-appointment.ts'

/**
 * The event of a booked appointment was removed in Google: ask people, or apply the default answer.
 */
export const answerRemoval = async (
  tx: Tx,
  context: SyncContext,
  decision: Decision,
): Promise<AppointmentRow | null> => {
  const { row, mapping } = decision
  // Asked already: until people answer there is nothing to write to Google.
  if (mapping.state === 'removed') return acceptRevision(tx, decision)
  const next = await nextId(tx, mapping)
  if (mapping.pendingRemoval && next) {
    // Sophiie deleted it, not a person; its appointment was reinstated since, or its calendar was
    // chosen again.
    await resetToPending(tx, mapping, next)
    return null
  }
  await recordActivity(tx, [removedEntry(row, mapping, ownerOf(context))])
  if (context.whenRemoved === 'put-back' && next) return putBack(tx, context, { ...decision, next })
  return context.whenRemoved === 'cancel' ? cancel(tx, context, decision) : ask(tx, context, decision)
}

/** Null for the calendar of the business. */
const ownerOf = ({ calendar, members }: SyncContext): string | null =>
  calendar.memberId && (members.get(calendar.memberId)?.name ?? null)

const acceptRevision = async (tx: Tx, { row, mapping }: Decision): Promise<null> => {
  await saveMapping(tx, mapping, agreedUpTo(row.revision))
  return null
}

type Answer<More = unknown> = (tx: Tx, context: SyncContext, decision: Decision & More) => Promise<AppointmentRow>

const ask: Answer = async (tx, context, { mapping, row, fetched }) => {
  await saveMapping(tx, mapping, { ...fetched?.changes, state: 'removed' })
  return saveAppointment(tx, context, { ...row, removedInGoogleAt: context.now() })
}

const cancel: Answer = async (tx, context, { mapping, row, fetched }) => {
  const revision = row.revision + 1
  await saveMapping(tx, mapping, { ...fetched?.changes, ...goneUpTo(revision) })
  const why = 'Removed in Google Calendar; the default answer is to cancel.'
  await recordActivity(tx, [defaultAnswerEntry(row, 'appointment.cancelled', why)])
  return saveAppointment(tx, context, { ...row, status: 'cancelled', revision })
}

const putBack: Answer<{ next: NextId }> = async (tx, context, { mapping, row, next }) => {
  await resetToPending(tx, mapping, next)
  const why = 'Removed in Google Calendar; the default answer is to put it back.'
  await recordActivity(tx, [defaultAnswerEntry(row, 'appointment.put-back', why)])
  return saveAppointment(tx, context, { ...row, removedInGoogleAt: null, revision: row.revision + 1 })
}
