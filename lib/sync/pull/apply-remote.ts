import type { Tx } from '#db/client.ts'
import {
  type AppointmentRow,
  lockMembers,
  readAppointmentsForUpdate,
  readOverlapping,
  writeAppointment,
} from '#db/queries/appointments.ts'
import { type MappingRow, readAgreedElsewhere, saveMapping } from '#db/queries/mappings.ts'
import { type ActivityEntry, recordActivity } from '#lib/activity/record.ts'
import { type SyncContext, withPresentSayings } from '../context.ts'
import {
  type Content,
  contentOf,
  type Lost,
  type RemoteSnapshot,
  type SharedField,
  sameField,
  sharedFields,
} from '../core/content.ts'
import { contentOfAppointment } from '../core/project.ts'
import { reconcile, type Step } from '../core/reconcile.ts'
import { baseIn } from '../core/unacknowledged.ts'
import { unacknowledgedOf } from '../fence.ts'
import { type NextId, nextId, startOver } from '../push/next-event-id.ts'

/** What Google says about copies, into the appointments: the local half of every step. */

/** `copy` may be a new row for an event that is ours but was never recorded. */
export type RemoteChange = {
  mapping: MappingRow
  remote:
    | { state: 'present'; remoteSnapshot: RemoteSnapshot; etag: string; htmlLink: string }
    | { state: 'gone' }
}

/**
 * Applies sightings in one transaction: appointments follow Google, what is seen is remembered, removals are flagged.
 * What needs a write in Google stays dirty for `push`. Returns how many appointments changed.
 */
export const applyRemoteChanges = async (
  tx: Tx,
  context: SyncContext,
  remoteChanges: RemoteChange[],
  options: { generation: number },
): Promise<number> => {
  const ids = [...new Set(remoteChanges.map((remoteChange) => remoteChange.mapping.appointmentId))].sort()
  const rows = await readAppointmentsForUpdate(tx, { businessId: context.businessId, ids })
  const assignees = [...new Set(rows.flatMap((row) => row.assigneeIds))].sort()
  await lockMembers(tx, { businessId: context.businessId, memberIds: assignees })
  const present = await withPresentSayings(tx, context)
  const byId = new Map(rows.map((row) => [row.id, row]))
  let changed = 0
  for (const remoteChange of remoteChanges) {
    const row = byId.get(remoteChange.mapping.appointmentId)
    if (!row) continue
    const after = await applyOne(tx, present, { ...remoteChange, row, generation: options.generation })
    if (after) {
      byId.set(after.id, after)
      changed++
    }
  }
  return changed
}

type One = RemoteChange & { row: AppointmentRow; generation: number }

/** The row as written, or null when the appointment did not change. */
const applyOne = (tx: Tx, context: SyncContext, one: One): Promise<AppointmentRow | null> =>
  one.remote.state === 'gone'
    ? applyGone(tx, context, one)
    : applyPresent(tx, context, { ...one, remote: one.remote })

const applyPresent = async (
  tx: Tx,
  context: SyncContext,
  one: One & { remote: RemoteChange['remote'] & { state: 'present' } },
): Promise<AppointmentRow | null> => {
  const { remote, row, generation } = one
  const mapping = one.mapping.base ? one.mapping : await withBaseFromElsewhere(tx, one.mapping)
  const local = { state: row.status, content: localContent(row, context) }
  const unacknowledgedWrites = unacknowledgedOf(mapping)
  const agreedOn = mapping.base as Content | null
  const step = reconcile({ local, remote, base: agreedOn, unacknowledgedWrites })
  // Another version is what became of every write that is outstanding: one still under way fails by its If-Match. What of ours
  // it has is agreed from here on.
  const isNews = remote.etag !== mapping.etag
  const base = agreedOn && isNews ? baseIn(remote.remoteSnapshot, agreedOn, unacknowledgedWrites) : agreedOn
  const remoteSnapshot = {
    remoteSnapshot: remote.remoteSnapshot,
    etag: remote.etag,
    htmlLink: remote.htmlLink,
    generation,
    state: 'live' as const,
    needsRefetch: false,
    base,
    ...(base && isNews && { unacknowledgedWrites: null }),
  }
  // Alive again, or found alive in the calendar that was chosen meanwhile.
  const returned = row.removedInGoogleAt !== null
  const lost = overruled({
    step,
    base: base ?? local.content,
    before: mapping.remoteSnapshot as RemoteSnapshot | null,
  })
  if (lost.length > 0) await recordActivity(tx, [lostEntry(row, lost)])

  if (step.do === 'nothing') {
    await saveMapping(tx, mapping, { ...remoteSnapshot, ...agreed(row.revision) })
    return returned ? await write(tx, context, { ...row, removedInGoogleAt: null }) : null
  }
  if (step.do === 'delete') {
    // Stays dirty: a cancelled appointment whose copy is alive (again) is taken out of Google by push.
    await saveMapping(tx, mapping, {
      ...remoteSnapshot,
      revisionPushed: Math.min(mapping.revisionPushed, row.revision - 1),
    })
    return null
  }
  if (step.do !== 'converge') return null

  const followed = follow(row, step.follow, step.base)
  const after = {
    ...followed,
    removedInGoogleAt: null,
    revision: step.follow.length > 0 ? row.revision + 1 : row.revision,
  }
  const settled = step.write.length === 0
  await saveMapping(tx, mapping, {
    ...remoteSnapshot,
    ...(settled && { base: step.base, ...(isNews && { unacknowledgedWrites: null }) }),
    ...(!settled && base && { base: baseWith(base, step.follow, step.base) }),
    ...(settled
      ? agreed(after.revision)
      : { revisionPushed: Math.min(mapping.revisionPushed, after.revision - 1) }),
  })
  if (step.follow.length === 0) return returned ? await write(tx, context, after) : null
  const written = await write(tx, context, after)
  await recordActivity(tx, [followedEntry(row, written, step.follow)])
  return written
}

/** People moved the event here from a calendar that was chosen before: its base is what was agreed on there. */
const withBaseFromElsewhere = async (tx: Tx, mapping: MappingRow): Promise<MappingRow> => {
  const other = await readAgreedElsewhere(tx, mapping)
  if (!other) return mapping
  return {
    ...mapping,
    base: other.base,
    remoteSnapshot: other.remoteSnapshot,
    unacknowledgedWrites: [...unacknowledgedOf(other), ...unacknowledgedOf(mapping)],
  }
}

/** What Google says anew and Sophiie overrules: kept when it is heard, for a process may die before it has answered. */
const overruled = (facts: { step: Step; base: Content; before: RemoteSnapshot | null }): Lost[] => {
  const { step, base, before } = facts
  const known = before && contentOf(before, base)
  const isNew = ({ field, google }: Lost) => !known || !sameField(field, known, { ...known, [field]: google })
  return lostIn(step, base).filter(isNew)
}

const lostIn = (step: Step, base: Content): Lost[] => {
  if (step.do === 'converge') return step.lost
  const last = step.do === 'delete' ? step.last : null
  if (!last) return []
  const differ = sharedFields.filter((field) => !sameField(field, last, base))
  return differ.map((field) => ({ field, google: last[field] }))
}

/** Both sides ended it, or Google did: flagged, and answered at once where the owner has a standing answer. */
const applyGone = async (tx: Tx, context: SyncContext, one: One): Promise<AppointmentRow | null> => {
  const { mapping, row, generation } = one
  if (mapping.state === 'gone' || mapping.state === 'pending') return null
  if (row.status === 'cancelled') {
    await saveMapping(tx, mapping, {
      state: 'gone',
      generation,
      needsRefetch: false,
      ...agreed(row.revision),
    })
    return null
  }
  if (mapping.state === 'removed') return null
  const next = await nextId(tx, mapping)
  if (mapping.pendingRemoval && next) {
    // Chosen again while its copies were leaving: that this one is gone is our own doing, and nobody's to answer.
    await startOver(tx, mapping, next)
    return null
  }
  const entry = { businessId: row.businessId, actor: { kind: 'google' as const }, appointmentId: row.id }
  await recordActivity(tx, [
    { ...entry, what: 'appointment.removed-in-google', before: mapping.remoteSnapshot ?? mapping.base },
  ])
  if (context.whenRemoved === 'put-back' && next) return putBack(tx, context, { ...one, next })
  return context.whenRemoved === 'cancel' ? cancel(tx, context, one) : ask(tx, context, one)
}

type Answer<More = unknown> = (tx: Tx, context: SyncContext, one: One & More) => Promise<AppointmentRow>

const ask: Answer = async (tx, context, { mapping, row, generation }) => {
  await saveMapping(tx, mapping, { state: 'removed', generation, needsRefetch: false })
  return write(tx, context, { ...row, removedInGoogleAt: context.now() })
}

const cancel: Answer = async (tx, context, { mapping, row, generation }) => {
  const revision = row.revision + 1
  await saveMapping(tx, mapping, { state: 'gone', generation, needsRefetch: false, ...agreed(revision) })
  const why = 'Removed in Google Calendar; the standing answer is to cancel.'
  await recordActivity(tx, [sophiieEntry(row, 'appointment.cancelled', why)])
  return write(tx, context, { ...row, status: 'cancelled', revision })
}

const putBack: Answer<{ next: NextId }> = async (tx, context, { mapping, row, next }) => {
  await startOver(tx, mapping, next)
  const why = 'Removed in Google Calendar; the standing answer is to put it back.'
  await recordActivity(tx, [sophiieEntry(row, 'appointment.put-back', why)])
  return write(tx, context, { ...row, removedInGoogleAt: null, revision: row.revision + 1 })
}

/** The columns of a copy that both sides agree on up to `revision`. */
export const agreed = (revision: number) =>
  ({
    revisionPushed: revision,
    attempts: 0,
    nextAttemptAt: null,
    waitingSince: null,
    lastErrorKind: null,
    lastErrorDetail: null,
    rejectedRevision: null,
  }) as const

export const localContent = (row: AppointmentRow, context: SyncContext): Content =>
  contentOfAppointment(
    {
      ...row,
      start: row.startsAt,
      end: row.endsAt,
      assignees: row.assigneeIds.flatMap((id) => context.members.get(id) ?? []),
    },
    context.rules,
  )

const follow = (row: AppointmentRow, fields: SharedField[], from: Content): AppointmentRow => {
  const next = { ...row }
  if (fields.includes('title')) next.title = from.title
  if (fields.includes('location')) next.location = from.location
  if (fields.includes('times')) Object.assign(next, { startsAt: from.times.start, endsAt: from.times.end })
  return next
}

const baseWith = (base: Content, fields: SharedField[], from: Content): Content =>
  Object.assign({ ...base }, ...fields.map((field) => ({ [field]: from[field] })))

/** A clash caused from Google is allowed and flagged: what happened there cannot be refused here. */
const write = async (tx: Tx, context: SyncContext, row: AppointmentRow): Promise<AppointmentRow> => {
  const overlapping =
    row.status === 'booked'
      ? await readOverlapping(tx, {
          businessId: context.businessId,
          start: row.startsAt,
          end: row.endsAt,
          memberIds: row.assigneeIds,
          exceptId: row.id,
        })
      : []
  const overlapAllowed =
    overlapping.length > 0 ? (row.overlapAllowed ?? 'moved-in-google') : row.overlapAllowed
  const written = { ...row, overlapAllowed }
  await writeAppointment(tx, written)
  return written
}

const followedEntry = (
  before: AppointmentRow,
  after: AppointmentRow,
  fields: SharedField[],
): ActivityEntry => ({
  businessId: after.businessId,
  actor: { kind: 'google' },
  what: 'appointment.changed-in-google',
  appointmentId: after.id,
  before: shown(before, fields),
  after: shown(after, fields),
})

const shown = (row: AppointmentRow, fields: SharedField[]) => ({
  ...(fields.includes('title') && { title: row.title }),
  ...(fields.includes('location') && { location: row.location }),
  ...(fields.includes('times') && { start: row.startsAt, end: row.endsAt }),
})

const sophiieEntry = (row: AppointmentRow, what: string, detail: string): ActivityEntry => ({
  businessId: row.businessId,
  actor: { kind: 'sophiie' },
  what,
  detail,
  appointmentId: row.id,
})

const lostEntry = (row: AppointmentRow, lost: Lost[]): ActivityEntry => ({
  businessId: row.businessId,
  actor: { kind: 'google' },
  what: 'appointment.google-change-overruled',
  detail:
    row.status === 'cancelled'
      ? 'Changed in Google, cancelled in Sophiie.'
      : 'Both sides changed this; the change made in Sophiie stands.',
  appointmentId: row.id,
  before: Object.fromEntries(lost.map(({ field, google }) => [field, google])),
})
