import { type CopyRow, saveCopy } from '#db/queries/mappings.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { announce } from '#lib/live/publish.ts'
import { seriesIdOf } from '#lib/recurrence/instance-id.ts'
import { spend } from '../budget.ts'
import { patientAttempts } from '../core/backoff.ts'
import type { Seen } from '../core/content.ts'
import { bodyForPatch } from '../core/project.ts'
import { readSeen } from '../core/read-event.ts'
import type { Step } from '../core/reconcile.ts'
import { baseOf, recordUnderEpoch, remember } from '../fence.ts'
import { agreed, applySightings } from '../pull/apply-remote.ts'
import { readStanding, type Standing, standingFor } from '../resolve-event.ts'
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
  const { copy } = item
  const seen = copy.seen as Seen
  const body = bodyForPatch({
    write: step.write,
    content: step.base,
    base: baseOf(copy, { seen, local: step.base }),
    seen,
  })
  if (!(await remember(context, copy, step.base))) return 'done'
  const change = { etag: copy.etag ?? '*', body }
  const answer = await spend(context, 3, () =>
    context.api.patchEvent(context.place.calendarId, copy.eventId, change),
  )
  if (answer.ok) return recordWritten(context, item, { raw: answer.data, base: step.base })
  return isNews(answer.failure) ? lookAt(context, item, answer.failure) : answer.failure
}

export const remove = async (context: PushContext, item: Item): Promise<Outcome> => {
  const { copy, row } = item
  const answer = await spend(context, 1, () =>
    context.api.deleteEvent(context.place.calendarId, copy.eventId, copy.etag ?? '*'),
  )
  if (answer.ok) return record(context, item, { state: 'gone', ...agreed(row.revision) })
  return isNews(answer.failure) ? lookAt(context, item, answer.failure) : answer.failure
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
export const lookAt = async (
  context: PushContext,
  item: Item,
  cause: GoogleFailure | null,
): Promise<Outcome> => {
  const { copy } = item
  const standing = await readStandingOf(context, copy)
  if (standing.state === 'failed')
    return standing.failure.kind === 'gone' ? notThere(context, item, standing.failure) : standing.failure
  if (standing.state === 'no-first')
    return copy.attempts < patientAttempts
      ? { ...standing.failure, kind: 'transient' }
      : see(context, item, { eventId: standing.eventId, raw: null })
  const { eventId, raw } = standing
  if (raw.status === 'cancelled') return see(context, item, { eventId, raw: null })
  const isSame = eventId === copy.eventId && !copy.unread
  if (isSame && cause?.kind === 'gone') return { ...cause, kind: 'transient' }
  if (isSame && cause?.kind === 'calendar-lost') return cause
  return see(context, item, { eventId, raw })
}

export const readStandingOf = (context: PushContext, { eventId }: CopyRow): Promise<Standing> =>
  readStanding((id) => spend(context, 1, () => context.api.getEvent(context.place.calendarId, id)), {
    eventId,
    calendarZone: context.calendarZone,
  })

/**
 * That it is not found may also mean that the calendar is gone or that reads lag: the next pull tells, nothing is
 * concluded here. Only what was to be removed anyway is believed to be gone in the end.
 */
const notThere = async (context: PushContext, item: Item, failure: GoogleFailure): Promise<Outcome> => {
  const { copy, row } = item
  const isAwaited = copy.state === 'live' && row.status === 'booked'
  if (isAwaited || copy.attempts < patientAttempts) return { ...failure, kind: 'transient' }
  if (copy.state === 'live')
    return record(context, item, { state: 'gone', unread: false, ...agreed(row.revision) })
  await record(context, item, { unread: false })
  return 'look-again'
}

/** `raw` null: it is deleted. */
export const see = async (
  context: PushContext,
  item: Item,
  found: { eventId: string; raw: RawEvent | null },
): Promise<Outcome> => {
  const { raw } = found
  const seen = raw && readSeen(raw, context.rules.timeZone)
  if (raw && !seen) return unreadable(context, item)
  const remote = seen
    ? { state: 'present' as const, seen, etag: raw.etag ?? '', htmlLink: raw.htmlLink ?? '' }
    : { state: 'gone' as const }
  const copy = standingFor(item.copy, { eventId: found.eventId, seen, members: context.members })
  const ignored = isPassedOver(item.copy, found.eventId)
  const held = await recordUnderEpoch(context, async (tx) => {
    if (item.copy.unread)
      await saveCopy(tx, ignored ? item.copy : copy, { unread: false, ...(seen && { leaving: false }) })
    if (ignored) return
    await applySightings(tx, context, [{ copy, remote }], { generation: copy.generation })
    await announce(tx, context.businessId, 'rows')
  })
  return held ? 'look-again' : 'done'
}

/** Once its instance was deleted, the series goes on without the appointment, whatever it begins with later. */
const isPassedOver = (copy: CopyRow, eventId: string) =>
  ['removed', 'gone'].includes(copy.state) &&
  eventId !== copy.eventId &&
  isInstance(copy.eventId) &&
  isInstance(eventId)

const isInstance = (eventId: string) => seriesIdOf(eventId) !== eventId

const unreadable = async (context: PushContext, item: Item): Promise<Outcome> => {
  await recordUnderEpoch(context, (tx) => saveCopy(tx, item.copy, { unread: false }))
  return { kind: 'rejected', detail: 'unreadable', status: null, retryAfterSeconds: null }
}
