import {
  type AppointmentRow,
  readAppointment,
  readAppointmentForUpdate,
  writeAppointment,
} from '#db/queries/appointments.ts'
import { type MappingRow, readMappings, saveMapping } from '#db/queries/mappings.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { publishChange } from '#lib/live/publish.ts'
import { log } from '#lib/observe/log.ts'
import { type SyncContext, withPresentSayings } from '../context.ts'
import { backoffMs } from '../core/backoff.ts'
import type { Content, RemoteSnapshot } from '../core/content.ts'
import { eventIdFor } from '../core/event-id.ts'
import { readSnapshot } from '../core/read-event.ts'
import { type Remote, reconcile, type Step } from '../core/reconcile.ts'
import { newMapping, unacknowledgedOf, withFence } from '../fence.ts'
import { agreed, localContent } from '../pull/apply-remote.ts'

/** One appointment on its way to Google: what is known of it, and what is written down of how it went. */

/** `unanswered`: how many items in a row Google did not answer, over all lanes. */
export type PushContext = SyncContext & { ceiling: number; silence: { unanswered: number } }

/** An appointment, its copy, and what is to be done; as of now. */
export type Item = { row: AppointmentRow; mapping: MappingRow; content: Content; step: Step }
export type Outcome = 'done' | 'retry' | GoogleFailure

export const readItem = (context: PushContext, appointmentId: string): Promise<Item | null> =>
  context.db.transaction(async (tx) => {
    // Sent together, answered in this order: rules and people are read after the appointment.
    const [row, [recorded], present] = await Promise.all([
      readAppointment(tx, { businessId: context.businessId, id: appointmentId }),
      readMappings(tx, context.place, [appointmentId]),
      withPresentSayings(tx, context),
    ])
    if (!row) return null
    const mapping = recorded ?? {
      ...newMapping(context, appointmentId),
      eventId: eventIdFor(appointmentId, 0),
    }
    const content = localContent(row, present)
    const step = reconcile({
      local: { state: row.status, content },
      remote: remoteOf(mapping),
      base: mapping.base as Content | null,
      unacknowledgedWrites: unacknowledgedOf(mapping),
    })
    return { row, mapping, content, step }
  })

const remoteOf = (mapping: MappingRow): Remote => {
  if (mapping.state === 'live' && mapping.remoteSnapshot)
    return { state: 'present', remoteSnapshot: mapping.remoteSnapshot as RemoteSnapshot }
  return { state: mapping.state === 'pending' || mapping.state === 'live' ? 'absent' : 'gone' }
}

/** After Google's acknowledgement: the base, and what is seen now. */
export const recordWritten = async (
  context: PushContext,
  item: Item,
  written: { raw: RawEvent; base: Content },
): Promise<Outcome> => {
  const { raw, base } = written
  const remoteSnapshot = readSnapshot(raw, context.rules.timeZone)
  const change = {
    state: 'live' as const,
    base,
    unacknowledgedWrites: null,
    remoteSnapshot,
    etag: raw.etag ?? null,
    htmlLink: raw.htmlLink ?? '',
    pushedAt: context.now(),
    pendingRemoval: false,
    ...agreed(item.row.revision),
  }
  return record(context, item, change, async (tx) => {
    if (!item.row.removedInGoogleAt) return
    const row = await readAppointmentForUpdate(tx, { businessId: context.businessId, id: item.row.id })
    if (row) await writeAppointment(tx, { ...row, removedInGoogleAt: null })
  })
}

type Also = (tx: Parameters<Parameters<typeof withFence>[1]>[0]) => Promise<void>

export const record = async (
  context: PushContext,
  item: Item,
  change: Parameters<typeof saveMapping>[2],
  also?: Also,
): Promise<Outcome> => {
  const key = { ...context.place, appointmentId: item.row.id, eventId: item.mapping.eventId }
  await withFence(context, async (tx) => {
    await saveMapping(tx, key, change)
    await also?.(tx)
  })
  return 'done'
}

/** A refused or failed item is visible, has its own next try, and holds up nobody. */
export const recordTrouble = async (
  context: PushContext,
  item: Item,
  failure: GoogleFailure,
): Promise<void> => {
  const { mapping, row } = item
  const kind = failure.kind === 'transient' ? 'transient' : 'rejected'
  const attempts = mapping.attempts + 1
  const waitMs = backoffMs({
    kind,
    attempt: attempts,
    random: context.random(),
    retryAfterSeconds: failure.retryAfterSeconds,
  })
  log('warn', 'sync.item-failed', {
    connectionId: context.connection.id,
    appointmentId: row.id,
    kind: failure.kind,
    detail: failure.detail,
    attempts,
  })
  await record(context, item, {
    attempts,
    lastErrorKind: kind,
    lastErrorDetail: failure.detail,
    waitingSince: mapping.waitingSince ?? context.now(),
    nextAttemptAt: waitMs === null ? null : new Date(Date.parse(context.now()) + waitMs).toISOString(),
    rejectedRevision: kind === 'rejected' ? row.revision : null,
  })
  await publishChange(context.db, context.businessId)
}
