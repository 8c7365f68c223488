import { readAppointmentForUpdate, readAppointments, writeAppointment } from '#db/queries/appointments.ts'
import { readMappings, saveMapping } from '#db/queries/mappings/mappings.ts'
import { touchWaiting } from '#db/queries/mappings/placement.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { publishChange } from '#lib/live/publish.ts'
import { log } from '#lib/observe/log.ts'
import { type SyncContext, withCurrentRules } from '../context.ts'
import { backoffMs } from '../core/backoff.ts'
import type { Content } from '../core/content.ts'
import { eventIdFor } from '../core/event-id.ts'
import { addMs } from '../core/instant.ts'
import { readSnapshot } from '../core/read-event.ts'
import { type Decision, decideFromMapping } from '../decide.ts'
import { withFence } from '../fence.ts'
import { agreedUpTo, hasEvent, type MappingChanges, mappingOf, newMapping } from '../mapping.ts'
import { openQuestion } from '../placement/open-question.ts'

/** One appointment on its way to Google: reads it with its step, and saves how it went. */

/** `ceiling`: requests per minute and account that this part of the push may use. */
export type PushContext = SyncContext & { readonly ceiling: number }

/** `isOnlyHere`: the appointment has no mapping in another calendar. */
export type PushItem = Decision & { readonly isOnlyHere?: boolean }

/** `retry`: the row changed, so it is read and decided again. */
export type ItemOutcome = 'done' | 'retry' | GoogleFailure

export const readItems = (context: PushContext, appointmentIds: string[]): Promise<Decision[]> =>
  context.db.transaction(async (tx) => {
    // Sent together, answered in this order: rules and members are read after the appointments.
    const [rows, recorded, current] = await Promise.all([
      readAppointments(tx, { businessId: context.businessId, ids: appointmentIds }),
      readMappings(tx, context.calendarKey, appointmentIds),
      withCurrentRules(tx, context),
    ])
    const mappings = new Map(recorded.map((row) => [row.appointmentId, mappingOf(row)]))
    return rows.map((row) => decideFromMapping(current, row, mappings.get(row.id) ?? firstMapping(context, row.id)))
  })

const firstMapping = (context: PushContext, appointmentId: string) =>
  newMapping(context, { appointmentId, idSuffix: 0, eventId: eventIdFor(appointmentId, 0, context.idTail) })

export const readItem = async (context: PushContext, appointmentId: string): Promise<Decision | null> =>
  (await readItems(context, [appointmentId]))[0] ?? null

/** After Google's acknowledgement: the new base, and the event as Google returned it. */
export const saveAcknowledged = async (
  context: PushContext,
  item: Decision,
  written: { raw: RawEvent; base: Content },
): Promise<ItemOutcome> => {
  const { raw, base } = written
  const { businessId } = context
  const { id } = item.row
  context.state.hasWritten = true
  await withFence(context, async (tx, { isShared }) => {
    await saveMapping(tx, item.mapping, {
      state: 'live',
      base,
      unacknowledgedWrites: null,
      remoteSnapshot: readSnapshot(raw, context.rules.timeZone),
      etag: raw.etag ?? null,
      htmlLink: raw.htmlLink ?? '',
      pushedAt: context.now(),
      pendingRemoval: false,
      // The acknowledgement is proof that it exists.
      ...(item.mapping.missingSince && { missingSince: null, needsRefetch: false }),
      ...agreedUpTo(item.row.revision),
    })
    if (isShared && !hasEvent(item.mapping)) await touchWaiting(tx, { businessId, appointmentIds: [id] })
    if (!item.row.removedInGoogleAt) return
    const row = await readAppointmentForUpdate(tx, { businessId, id })
    if (row) await writeAppointment(tx, { ...row, removedInGoogleAt: await openQuestion(tx, row, item.mapping) })
  })
  return 'done'
}

export const saveItem = async (
  context: PushContext,
  { mapping }: Decision,
  changes: MappingChanges,
): Promise<ItemOutcome> => {
  await withFence(context, (tx) => saveMapping(tx, mapping, changes))
  return 'done'
}

/** A refused or failed item is shown to people and has its own next attempt; it blocks no other. */
export const saveItemFailure = async (context: PushContext, item: Decision, failure: GoogleFailure): Promise<void> => {
  const { mapping, row } = item
  const kind = failure.kind === 'transient' ? 'transient' : 'rejected'
  const attempts = mapping.attempts + 1
  const { retryAfterSeconds, detail } = failure
  const waitMs = backoffMs({ kind, attempt: attempts, random: context.random(), retryAfterSeconds })
  log('warn', 'sync.item-failed', {
    syncedCalendarId: context.calendar.id,
    appointmentId: row.id,
    kind: failure.kind,
    detail,
    attempts,
  })
  await saveItem(context, item, {
    attempts,
    lastErrorKind: kind,
    lastErrorDetail: detail,
    waitingSince: mapping.waitingSince ?? context.now(),
    nextAttemptAt: waitMs === null ? null : addMs(context.now(), waitMs),
    rejectedRevision: kind === 'rejected' ? row.revision : null,
  })
  await publishChange(context.db, context.businessId)
}
