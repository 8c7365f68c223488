import type { EventBody, RawEvent } from '#lib/google/wire.ts'
import { spend } from '../budget.ts'
import { type Additions, withAdditions } from '../core/additions.ts'
import { patientAttempts } from '../core/backoff.ts'
import type { Content } from '../core/content.ts'
import { markerKeys } from '../core/event-id.ts'
import { bodyForInsert } from '../core/project.ts'
import { isSeries, readSnapshot } from '../core/read-event.ts'
import { remember, withFence } from '../fence.ts'
import { carryOver } from './carry-over.ts'
import { readStandingOf, see } from './change.ts'
import { type Item, type Outcome, type PushContext, recordWritten } from './item.ts'
import { nextId, startOver } from './next-event-id.ts'

/** Puts an appointment into Google, under an id that is its own whoever else tries. */

export const insert = async (context: PushContext, item: Item, content: Content): Promise<Outcome> => {
  const carried = await carryOver(context, item)
  if ('outcome' in carried) return carried.outcome
  const body = bodyOf(context, item, { content, additions: carried.additions })
  if (!(await remember(context, item.mapping, content))) return 'done'
  const answer = await spend(context, 1, () => context.api.insertEvent(context.place.calendarId, body))
  if (answer.ok) return recordWritten(context, item, { raw: answer.data, base: content })
  return answer.failure.kind === 'conflict'
    ? resolveTakenId(context, item, { content, body })
    : answer.failure
}

const bodyOf = (
  context: PushContext,
  { row, mapping }: Item,
  unacknowledgedWrites: { content: Content; additions: Additions | null },
): EventBody => {
  const body = bodyForInsert(unacknowledgedWrites.content, row.id, {
    ...context.rules,
    eventId: mapping.eventId,
  })
  return unacknowledgedWrites.additions
    ? withAdditions(body, unacknowledgedWrites.content, unacknowledgedWrites.additions)
    : body
}

type Wanted = { content: Content; body: EventBody }

/** 409: ours and alive → look again with it; ours and deleted → restore it; anything else → the next id. */
const resolveTakenId = async (context: PushContext, item: Item, wanted: Wanted): Promise<Outcome> => {
  const { mapping } = item
  const resolved = await readStandingOf(context, mapping)
  if (resolved.state === 'failed' && resolved.failure.kind !== 'gone') return resolved.failure
  // Taken, and not to be read yet: perhaps by an insert of our own whose answer was lost.
  if (resolved.state !== 'found' && mapping.attempts < patientAttempts)
    return { ...resolved.failure, kind: 'transient' }
  if (resolved.state !== 'found') return takeNextId(context, item)
  const { eventId, raw } = resolved
  const marker = raw.extendedProperties?.private?.[markerKeys.appointment]
  if (marker !== mapping.appointmentId) return takeNextId(context, item)
  if (raw.status === 'cancelled' && mayRestore(raw)) return restore(context, item, { ...wanted, event: raw })
  const isReadable = raw.status !== 'cancelled' && readSnapshot(raw, context.rules.timeZone)
  return isReadable ? see(context, item, { eventId, raw }) : takeNextId(context, item)
}

/** Of a series that people made, nothing comes back: neither the whole nor an instance. */
const mayRestore = (raw: RawEvent) => !isSeries(raw) && !raw.recurringEventId

const restore = async (
  context: PushContext,
  item: Item,
  found: Wanted & { event: RawEvent },
): Promise<Outcome> => {
  const { id: _, ...body } = found.body
  const change = { etag: found.event.etag ?? '*', body }
  const answer = await spend(context, 3, () =>
    context.api.patchEvent(context.place.calendarId, item.mapping.eventId, change),
  )
  if (answer.ok && answer.data.status !== 'cancelled')
    return recordWritten(context, item, { raw: answer.data, base: found.content })
  if (answer.ok) return takeNextId(context, item)
  if (answer.failure.kind === 'conflict') return 'retry'
  // A deleted event may refuse with 403, which elsewhere means that the calendar is lost: the next insert tells.
  // Without an answer it may have come back all the same: the next try finds it, another id would make it two.
  const refused = ['gone', 'rejected', 'calendar-lost'].includes(answer.failure.kind)
  return refused ? takeNextId(context, item) : answer.failure
}

/** The id belongs to somebody else, or cannot be had again; the next one that no other calendar uses for it. */
export const takeNextId = async (context: PushContext, item: Item): Promise<Outcome> => {
  let usedUp = false
  await withFence(context, async (tx) => {
    const next = await nextId(tx, item.mapping)
    usedUp = next === null
    if (next) await startOver(tx, item.mapping, next)
  })
  return usedUp ? { kind: 'rejected', detail: 'ids-used-up', status: null, retryAfterSeconds: null } : 'retry'
}
