import type { GoogleFailure } from '#lib/google/failure.ts'
import { announce } from '#lib/live/announce.ts'
import type { Content, Seen } from './core/content.ts'
import { bodyForPatch } from './core/project.ts'
import { type RawEvent, readSeen } from './core/read-event.ts'
import type { Step } from './core/reconcile.ts'
import { agreed, applySightings } from './follow.ts'
import { type Item, type Outcome, type PushContext, record, recordWritten, spend } from './push-item.ts'
import { recordUnderEpoch } from './record.ts'

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
    base: copy.base as Content | null,
    seen,
  })
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
  if (!answer.ok && answer.failure.kind === 'conflict') return lookAt(context, item, answer.failure)
  if (!answer.ok && answer.failure.kind !== 'gone') return answer.failure
  return record(context, item, { state: 'gone', ...agreed(row.revision) })
}

/** 403 is among the answers to a change of a deleted event; only reading it tells which of both it is. */
const isNews = (failure: GoogleFailure) => ['conflict', 'gone', 'calendar-lost'].includes(failure.kind)

/** Somebody was faster: read that event, take in what it says, and look again. */
const lookAt = async (context: PushContext, item: Item, cause: GoogleFailure): Promise<Outcome> => {
  const { copy } = item
  const answer = await spend(context, 1, () => context.api.getEvent(context.place.calendarId, copy.eventId))
  if (!answer.ok && answer.failure.kind === 'gone' && answer.failure.status === 410)
    return see(context, item, null)
  // 404 may also mean that the calendar is gone or that reads lag: the next pull tells, nothing is concluded here.
  if (!answer.ok)
    return answer.failure.kind === 'gone' ? { ...answer.failure, kind: 'transient' } : answer.failure
  if (answer.data.status === 'cancelled') return see(context, item, null)
  if (cause.kind === 'gone') return { ...cause, kind: 'transient' }
  if (cause.kind === 'calendar-lost') return cause
  return see(context, item, answer.data)
}

export const see = async (context: PushContext, item: Item, raw: RawEvent | null): Promise<Outcome> => {
  const { copy } = item
  const seen = raw && readSeen(raw, context.rules.timeZone)
  if (raw && !seen) return { kind: 'rejected', detail: 'unreadable', status: null, retryAfterSeconds: null }
  const remote = seen
    ? { state: 'present' as const, seen, etag: raw.etag ?? '', htmlLink: raw.htmlLink ?? '' }
    : { state: 'gone' as const }
  const held = await recordUnderEpoch(context, async (tx) => {
    await applySightings(tx, context, [{ copy, remote }], { generation: copy.generation })
    await announce(tx, context.businessId)
  })
  return held && remote.state === 'present' ? 'look-again' : 'done'
}
