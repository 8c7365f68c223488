import type { GoogleFailure } from '#lib/google/failure.ts'
import { announce } from '#lib/live/announce.ts'
import { spend } from './budget.ts'
import { patientAttempts } from './core/backoff.ts'
import type { Content, Seen } from './core/content.ts'
import { bodyForPatch } from './core/project.ts'
import { type RawEvent, readSeen } from './core/read-event.ts'
import type { Step } from './core/reconcile.ts'
import { agreed, applySightings } from './follow.ts'
import { type Item, type Outcome, type PushContext, record, recordWritten } from './push-item.ts'
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
  if (answer.ok) return record(context, item, { state: 'gone', ...agreed(row.revision) })
  return isNews(answer.failure) ? lookAt(context, item, answer.failure) : answer.failure
}

/**
 * A refusal that only reading the event explains. 403 is among the answers to a change of a deleted event; "not found"
 * among those to one that was made a moment ago.
 */
const isNews = (failure: GoogleFailure) => ['conflict', 'gone', 'calendar-lost'].includes(failure.kind)

/** Somebody was faster, or so it seems: read that event, take in what it says, and look again. */
const lookAt = async (context: PushContext, item: Item, cause: GoogleFailure): Promise<Outcome> => {
  const { copy } = item
  const answer = await spend(context, 1, () => context.api.getEvent(context.place.calendarId, copy.eventId))
  if (!answer.ok && answer.failure.kind !== 'gone') return answer.failure
  if (!answer.ok) return notThere(context, item, answer.failure)
  if (answer.data.status === 'cancelled') return see(context, item, null)
  if (cause.kind === 'gone') return { ...cause, kind: 'transient' }
  if (cause.kind === 'calendar-lost') return cause
  return see(context, item, answer.data)
}

/**
 * That it is not found may also mean that the calendar is gone or that reads lag: the next pull tells, nothing is
 * concluded here. Only what was to be removed anyway is believed to be gone in the end.
 */
const notThere = async (context: PushContext, item: Item, failure: GoogleFailure): Promise<Outcome> => {
  const { copy, row } = item
  if (row.status === 'booked' || copy.attempts < patientAttempts) return { ...failure, kind: 'transient' }
  return record(context, item, { state: 'gone', ...agreed(row.revision) })
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
    await announce(tx, context.businessId, 'rows')
  })
  return held && remote.state === 'present' ? 'look-again' : 'done'
}
