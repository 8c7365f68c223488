import { type MappingRow, saveMapping } from '#db/queries/mappings.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { publishChange } from '#lib/live/publish.ts'
import { seriesIdOf } from '#lib/recurrence/instance-id.ts'
import { spend } from '../budget.ts'
import { patientAttempts } from '../core/backoff.ts'
import type { RemoteSnapshot } from '../core/content.ts'
import { bodyForPatch } from '../core/project.ts'
import { readSnapshot } from '../core/read-event.ts'
import type { Step } from '../core/reconcile.ts'
import { baseOf, remember, withFence } from '../fence.ts'
import { agreed, applyRemoteChanges } from '../pull/apply-remote.ts'
import { mappingForEvent, type ResolvedEvent, resolveEvent } from '../resolve-event.ts'
import { type Item, type Outcome, type PushContext, record, recordWritten } from './item.ts'

/**
 * Changes or removes a copy in Google. `If-Match` decides who was first; a refusal leads to a fresh look at that one
 * event.
 */

export const patch = async (
  context: PushContext,
  item: Item,
  step: Step & { do: 'converge' },
): Promise<Outcome> => {
  const { mapping } = item
  const remoteSnapshot = mapping.remoteSnapshot as RemoteSnapshot
  const body = bodyForPatch({
    write: step.write,
    content: step.base,
    base: baseOf(mapping, { remoteSnapshot, local: step.base }),
    remoteSnapshot,
  })
  if (!(await remember(context, mapping, step.base))) return 'done'
  const change = { etag: mapping.etag ?? '*', body }
  const answer = await spend(context, 3, () =>
    context.api.patchEvent(context.place.calendarId, mapping.eventId, change),
  )
  if (answer.ok) return recordWritten(context, item, { raw: answer.data, base: step.base })
  return isNews(answer.failure) ? refetchEvent(context, item, answer.failure) : answer.failure
}

export const remove = async (context: PushContext, item: Item): Promise<Outcome> => {
  const { mapping, row } = item
  const answer = await spend(context, 1, () =>
    context.api.deleteEvent(context.place.calendarId, mapping.eventId, mapping.etag ?? '*'),
  )
  if (answer.ok) return record(context, item, { state: 'gone', ...agreed(row.revision) })
  return isNews(answer.failure) ? refetchEvent(context, item, answer.failure) : answer.failure
}

/**
 * A refusal that only reading the event explains. 403 is among the answers to a change of a deleted event; "not found"
 * among those to one that was made a moment ago.
 */
const isNews = (failure: GoogleFailure) => ['conflict', 'gone', 'calendar-lost'].includes(failure.kind)

/**
 * Reads what stands for the appointment, takes in what it says, and looks again. `cause`: the refusal that it is to explain,
 * if there was one.
 */
export const refetchEvent = async (
  context: PushContext,
  item: Item,
  cause: GoogleFailure | null,
): Promise<Outcome> => {
  const { mapping } = item
  const resolved = await readStandingOf(context, mapping)
  if (resolved.state === 'failed')
    return resolved.failure.kind === 'gone' ? notThere(context, item, resolved.failure) : resolved.failure
  if (resolved.state === 'no-first')
    return mapping.attempts < patientAttempts
      ? { ...resolved.failure, kind: 'transient' }
      : see(context, item, { eventId: resolved.eventId, raw: null })
  const { eventId, raw } = resolved
  if (raw.status === 'cancelled') return see(context, item, { eventId, raw: null })
  const isSame = eventId === mapping.eventId && !mapping.needsRefetch
  if (isSame && cause?.kind === 'gone') return { ...cause, kind: 'transient' }
  if (isSame && cause?.kind === 'calendar-lost') return cause
  return see(context, item, { eventId, raw })
}

export const readStandingOf = (context: PushContext, { eventId }: MappingRow): Promise<ResolvedEvent> =>
  resolveEvent((id) => spend(context, 1, () => context.api.getEvent(context.place.calendarId, id)), {
    eventId,
    calendarZone: context.calendarZone,
  })

/**
 * That it is not found may also mean that the calendar is gone or that reads lag: the next pull tells, nothing is
 * concluded here. Only what was to be removed anyway is believed to be gone in the end.
 */
const notThere = async (context: PushContext, item: Item, failure: GoogleFailure): Promise<Outcome> => {
  const { mapping, row } = item
  const isAwaited = mapping.state === 'live' && row.status === 'booked'
  if (isAwaited || mapping.attempts < patientAttempts) return { ...failure, kind: 'transient' }
  if (mapping.state === 'live')
    return record(context, item, { state: 'gone', needsRefetch: false, ...agreed(row.revision) })
  await record(context, item, { needsRefetch: false })
  return 'retry'
}

/** `raw` null: it is deleted. */
export const see = async (
  context: PushContext,
  item: Item,
  found: { eventId: string; raw: RawEvent | null },
): Promise<Outcome> => {
  const { raw } = found
  const remoteSnapshot = raw && readSnapshot(raw, context.rules.timeZone)
  if (raw && !remoteSnapshot) return unreadable(context, item)
  const remote = remoteSnapshot
    ? { state: 'present' as const, remoteSnapshot, etag: raw.etag ?? '', htmlLink: raw.htmlLink ?? '' }
    : { state: 'gone' as const }
  const mapping = mappingForEvent(item.mapping, {
    eventId: found.eventId,
    remoteSnapshot,
    members: context.members,
  })
  const ignored = isPassedOver(item.mapping, found.eventId)
  const held = await withFence(context, async (tx) => {
    if (item.mapping.needsRefetch)
      await saveMapping(tx, ignored ? item.mapping : mapping, {
        needsRefetch: false,
        ...(remoteSnapshot && { pendingRemoval: false }),
      })
    if (ignored) return
    await applyRemoteChanges(tx, context, [{ mapping, remote }], { generation: mapping.generation })
    await publishChange(tx, context.businessId, 'rows')
  })
  return held ? 'retry' : 'done'
}

/** Once its instance was deleted, the series goes on without the appointment, whatever it begins with later. */
const isPassedOver = (mapping: MappingRow, eventId: string) =>
  ['removed', 'gone'].includes(mapping.state) &&
  eventId !== mapping.eventId &&
  isInstance(mapping.eventId) &&
  isInstance(eventId)

const isInstance = (eventId: string) => seriesIdOf(eventId) !== eventId

const unreadable = async (context: PushContext, item: Item): Promise<Outcome> => {
  await withFence(context, (tx) => saveMapping(tx, item.mapping, { needsRefetch: false }))
  return { kind: 'rejected', detail: 'unreadable', status: null, retryAfterSeconds: null }
}
