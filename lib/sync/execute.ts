import type { Tx } from '#db/client.ts'
import { type AppointmentRow, readAppointmentForUpdate } from '#db/queries/appointments.ts'
import { saveMapping } from '#db/queries/mappings/mappings.ts'
import { markMovedInGoogle } from '#db/queries/series/visits.ts'
import { recordActivity } from '#lib/activity/record.ts'
import { changedEntry, overruledEntry } from './activity-entries.ts'
import { answerRemoval } from './answer-removal.ts'
import type { SyncContext } from './context.ts'
import {
  type Content,
  contentOf,
  type Lost,
  type SharedField,
  sameField,
  sharedFields,
  withField,
} from './core/content.ts'
import type { Step } from './core/reconcile.ts'
import type { Decision } from './decide.ts'
import { agreedUpTo, goneUpTo } from './mapping.ts'
import { belongsTo } from './placement/belongs-to.ts'
import { openQuestion } from './placement/open-question.ts'
import { saveAppointment } from './save-appointment.ts'

/**
 * Carries out the local half of every step, for push and pull alike: fields that changed in Google
 * are applied to the appointment, and mapping, flag and activity are saved. Requests to Google are
 * in push/. Returns the appointment as saved, or null when it did not change.
 */
export const execute = async (tx: Tx, context: SyncContext, decision: Decision): Promise<AppointmentRow | null> => {
  const lost = newlyLost(decision)
  if (lost.length > 0)
    await recordActivity(tx, [overruledEntry(decision.row, lost, isElsewhere(context, decision.row))])
  const { step } = decision
  switch (step.do) {
    case 'converge':
      return converge(tx, context, { ...decision, step })
    case 'flag':
      return answerRemoval(tx, context, decision)
    case 'delete':
      return leaveToPush(tx, decision)
    case 'forget':
      return forget(tx, context, decision)
    case 'insert':
    case 'nothing':
      return agree(tx, context, decision)
  }
}

const isElsewhere = ({ calendar, placement }: SyncContext, { assigneeIds }: AppointmentRow): boolean =>
  belongsTo(assigneeIds, placement).some(({ id }) => id !== calendar.id)

const agree = async (tx: Tx, context: SyncContext, decision: Decision): Promise<AppointmentRow | null> => {
  const { row, mapping, fetched } = decision
  await saveMapping(tx, mapping, { ...fetched?.changes, ...agreedIn(decision, row.revision) })
  return unflag(tx, context, decision)
}

/** An event that leaves stays dirty, whatever is agreed in it, until it is deleted. */
const agreedIn = ({ isLeaving, mapping }: Decision, revision: number) => ({
  ...agreedUpTo(revision),
  ...(isLeaving && { revisionPushed: Math.min(mapping.revisionPushed, revision - 1) }),
})

/** One that left took the question of its removal with it. */
const forget = async (tx: Tx, context: SyncContext, decision: Decision): Promise<AppointmentRow | null> => {
  const { mapping, fetched, isLeaving } = decision
  await saveMapping(tx, mapping, { ...fetched?.changes, ...goneUpTo(decision.row.revision) })
  if (!isLeaving || mapping.state !== 'removed') return null
  // Push has not locked it.
  const row = await readAppointmentForUpdate(tx, { businessId: context.businessId, id: decision.row.id })
  if (!row || row.removedInGoogleAt === null || (await openQuestion(tx, row, mapping))) return null
  return saveAppointment(tx, context, { ...row, removedInGoogleAt: null })
}

/**
 * The event exists although its appointment is cancelled: it becomes dirty, and push deletes it.
 */
const leaveToPush = async (tx: Tx, { row, mapping, fetched }: Decision): Promise<null> => {
  const revisionPushed = Math.min(mapping.revisionPushed, row.revision - 1)
  await saveMapping(tx, mapping, { ...fetched?.changes, revisionPushed })
  return null
}

type Converging = Decision & { step: Step & { do: 'converge' } }

const converge = async (tx: Tx, context: SyncContext, decision: Converging): Promise<AppointmentRow | null> => {
  const { row, step } = decision
  const isChanged = step.apply.length > 0
  const revision = isChanged ? row.revision + 1 : row.revision
  await saveMapping(tx, decision.mapping, convergedColumns(decision, revision))
  if (!isChanged) return unflag(tx, context, decision)
  const removedInGoogleAt = await openQuestion(tx, row, decision.mapping)
  const changed = { ...applyFields(row, step.apply, step.base), removedInGoogleAt, revision }
  const saved = await saveAppointment(tx, context, changed)
  await recordActivity(tx, [changedEntry(row, saved, step.apply)])
  if (step.apply.includes('times')) await markMovedInGoogle(tx, row)
  return saved
}

/**
 * With something left to write, the mapping stays dirty and only the applied fields join the base.
 */
const convergedColumns = (decision: Converging, revision: number) => {
  const { mapping, fetched, step } = decision
  if (step.write.length === 0)
    return {
      ...fetched?.changes,
      base: step.base,
      ...(fetched?.isNewVersion && { unacknowledgedWrites: null }),
      ...agreedIn(decision, revision),
    }
  return {
    ...fetched?.changes,
    ...(fetched?.base && { base: withFields(fetched.base, step.apply, step.base) }),
    revisionPushed: Math.min(mapping.revisionPushed, revision - 1),
  }
}

/**
 * The event exists again, or was found in the calendar chosen since: the appointment is not
 * removed.
 */
const unflag = async (tx: Tx, context: SyncContext, decision: Decision): Promise<AppointmentRow | null> => {
  const { row, mapping, fetched } = decision
  if (fetched?.event.state !== 'present' || row.removedInGoogleAt === null) return null
  if (await openQuestion(tx, row, mapping)) return null
  return saveAppointment(tx, context, { ...row, removedInGoogleAt: null })
}

/**
 * Changes made in Google that Sophiie will overwrite and that the last snapshot did not have. They
 * go into the activity as soon as they are read: the process may die before it overwrites them.
 */
const newlyLost = ({ mapping, content, step, fetched }: Decision): Lost[] => {
  if (!fetched) return []
  const base = fetched.base ?? content
  const known = mapping.remoteSnapshot && contentOf(mapping.remoteSnapshot, base)
  return lostIn(step, base).filter(
    ({ field, google }) => !known || !sameField(field, known, { ...known, [field]: google }),
  )
}

const lostIn = (step: Step, base: Content): Lost[] => {
  if (step.do === 'converge') return step.lost
  const last = step.do === 'delete' ? step.last : null
  if (!last) return []
  const differ = sharedFields.filter((field) => !sameField(field, last, base))
  return differ.map((field) => ({ field, google: last[field] }))
}

const applyFields = (row: AppointmentRow, fields: SharedField[], from: Content): AppointmentRow => ({
  ...row,
  ...(fields.includes('title') && { title: from.title }),
  ...(fields.includes('location') && { location: from.location }),
  ...(fields.includes('times') && { startsAt: from.times.start, endsAt: from.times.end }),
})

const withFields = (base: Content, fields: SharedField[], from: Content): Content =>
  fields.reduce((content, field) => withField(content, field, from), base)
