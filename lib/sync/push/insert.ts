import type { GoogleFailure } from '#lib/google/failure.ts'
import type { EventBody, RawEvent } from '#lib/google/wire.ts'
import { spend } from '../budget.ts'
import { type Additions, withAdditions } from '../core/additions.ts'
import { readLagAttempts } from '../core/backoff.ts'
import type { Content } from '../core/content.ts'
import { bodyForInsert } from '../core/project.ts'
import { isSeries } from '../core/read-event.ts'
import type { Decision } from '../decide.ts'
import { withFence } from '../fence.ts'
import { recordUnacknowledged } from '../mapping.ts'
import { nextId, resetToPending } from '../next-event-id.ts'
import { isOurs } from '../resolve-event.ts'
import { carryOver } from './carry-over.ts'
import { applyFetched, fetchEventOf, isBelieved } from './change.ts'
import { type ItemOutcome, type PushContext, saveAcknowledged } from './item.ts'

/**
 * Inserts the event of an appointment, under an id derived from it: a repeated insert makes no
 * second event.
 */

export const insert = async (context: PushContext, item: Decision, content: Content): Promise<ItemOutcome> => {
  const carried = await carryOver(context, item)
  if ('outcome' in carried) return carried.outcome
  const body = withCarried(insertBodyOf(context, item, content), content, carried.additions)
  if (!(await recordUnacknowledged(context, item.mapping, content))) return 'done'
  const answer = await spend(context, 1, () => context.api.insertEvent(context.calendarKey.calendarId, body))
  if (answer.ok) return saveAcknowledged(context, item, { raw: answer.data, base: content })
  if (answer.failure.kind === 'conflict') return resolveTakenId(context, item, { content, body })
  return answer.failure.kind === 'rejected' && mayBeOdd(item, carried.additions)
    ? { ...answer.failure, kind: 'transient' }
    : answer.failure
}

export const insertBodyOf = (context: PushContext, { row, mapping }: Decision, content: Content): EventBody =>
  bodyForInsert(content, row.id, { ...context.rules, eventId: mapping.eventId })

const withCarried = (body: EventBody, content: Content, additions: Additions | null): EventBody =>
  additions ? withAdditions(body, content, additions) : body

/** The refused value may be from an odd answer about the old event, which is read again. */
const mayBeOdd = ({ mapping }: Decision, additions: Additions | null): boolean =>
  mapping.attempts < readLagAttempts &&
  additions !== null &&
  (Boolean(additions.settings.colorId) || additions.remoteSnapshot.attendees.some(isAdded(additions)))

const isAdded =
  ({ base }: Additions) =>
  ({ email }: { email: string }): boolean =>
    !base.guests.some((guest) => guest.email === email)

type RefusedInsert = { content: Content; body: EventBody }

/**
 * 409: apply the event if it is ours and exists, restore it if it is ours and deleted, else use the
 * next id.
 */
const resolveTakenId = async (context: PushContext, item: Decision, refused: RefusedInsert): Promise<ItemOutcome> => {
  const { mapping } = item
  const resolved = await fetchEventOf(context, mapping)
  // The id is taken: "not found" only means that reads lag behind the write, for however long. The
  // event may be our own, by an insert whose answer was lost, and another id would make two.
  if (resolved.state === 'failed')
    return resolved.failure.kind === 'gone' ? { ...resolved.failure, kind: 'transient' } : resolved.failure
  if (resolved.state === 'no-first')
    return isBelieved(context, mapping) ? takeNextId(context, item) : { ...resolved.failure, kind: 'transient' }
  const { eventId, raw } = resolved
  if (!isOurs(raw, mapping)) return isLikeOurs(raw, item, refused.body) ? withoutMarker : takeNextId(context, item)
  if (raw.status !== 'cancelled') return applyFetched(context, item, { eventId, raw })
  return mayRestore(raw) ? restore(context, item, { ...refused, event: raw }) : takeNextId(context, item)
}

/**
 * After an earlier attempt, or with what was inserted, it may be our own in an answer that lost the
 * marker: another id would make two. After some attempts it is another event, such as a guest's
 * copy.
 */
const isLikeOurs = (raw: RawEvent, { mapping }: Decision, body: EventBody) =>
  raw.status !== 'cancelled' &&
  mapping.attempts < readLagAttempts &&
  (mapping.attempts > 0 || raw.summary === body.summary)

const withoutMarker: GoogleFailure = {
  kind: 'transient',
  detail: 'no-marker',
  status: 200,
  retryAfterSeconds: null,
}

/** A series that people made is theirs: neither it nor an instance of it is restored. */
const mayRestore = (raw: RawEvent) => !isSeries(raw) && !raw.recurringEventId

const restore = async (
  context: PushContext,
  item: Decision,
  { content, body, event }: RefusedInsert & { event: RawEvent },
): Promise<ItemOutcome> => {
  const { id: _, ...fields } = body
  const change = { etag: event.etag ?? '*', body: fields }
  const answer = await spend(context, 3, () =>
    context.api.patchEvent(context.calendarKey.calendarId, item.mapping.eventId, change),
  )
  if (answer.ok && answer.data.status !== 'cancelled')
    return saveAcknowledged(context, item, { raw: answer.data, base: content })
  if (answer.ok) return takeNextId(context, item)
  if (answer.failure.kind === 'conflict') return 'retry'
  // 403 may mean a deleted event here; if the calendar is lost, the next insert shows it. Without
  // an answer the event may be restored: the next attempt finds it, and another id would make two.
  const isRefused = ['gone', 'rejected', 'calendar-lost'].includes(answer.failure.kind)
  return isRefused ? takeNextId(context, item) : answer.failure
}

/**
 * The id belongs to another event or cannot be restored: the item is inserted under its next one.
 */
export const takeNextId = async (context: PushContext, { mapping }: Decision): Promise<ItemOutcome> => {
  let isUsedUp = false
  await withFence(context, async (tx) => {
    const next = await nextId(tx, mapping)
    isUsedUp = next === null
    if (next) await resetToPending(tx, mapping, next)
  })
  return isUsedUp ? { kind: 'rejected', detail: 'ids-used-up', status: null, retryAfterSeconds: null } : 'retry'
}
