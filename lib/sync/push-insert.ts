import { spend } from './budget.ts'
import { patientAttempts } from './core/backoff.ts'
import type { Content } from './core/content.ts'
import { markerKeys } from './core/identity.ts'
import { bodyForInsert } from './core/project.ts'
import { type RawEvent, readSeen } from './core/read-event.ts'
import { nextId, startOver } from './next-id.ts'
import { see } from './push-change.ts'
import { type Item, type Outcome, type PushContext, recordWritten } from './push-item.ts'
import { recordUnderEpoch } from './record.ts'

/** Puts an appointment into Google, under an id that is its own whoever else tries. */

export const insert = async (context: PushContext, item: Item, content: Content): Promise<Outcome> => {
  const { copy, row } = item
  const body = bodyForInsert(content, row.id, { ...context.rules, eventId: copy.eventId })
  const answer = await spend(context, 1, () => context.api.insertEvent(context.place.calendarId, body))
  if (answer.ok) return recordWritten(context, item, { raw: answer.data, base: content })
  return answer.failure.kind === 'conflict' ? resolveTakenId(context, item, content) : answer.failure
}

/** 409: ours and alive → look again with it; ours and deleted → restore it; anything else → the next id. */
const resolveTakenId = async (context: PushContext, item: Item, content: Content): Promise<Outcome> => {
  const { copy } = item
  const answer = await spend(context, 1, () => context.api.getEvent(context.place.calendarId, copy.eventId))
  if (!answer.ok && answer.failure.kind !== 'gone') return answer.failure
  // Taken, and not to be read yet: perhaps by an insert of our own whose answer was lost.
  if (!answer.ok && copy.attempts < patientAttempts) return { ...answer.failure, kind: 'transient' }
  const event = answer.ok ? answer.data : null
  const marker = event?.extendedProperties?.private?.[markerKeys.appointment]
  if (!event || marker !== copy.appointmentId) return takeNextId(context, item)
  if (event.status === 'cancelled') return restore(context, item, { event, content })
  return readSeen(event, context.rules.timeZone) ? see(context, item, event) : takeNextId(context, item)
}

const restore = async (
  context: PushContext,
  item: Item,
  found: { event: RawEvent; content: Content },
): Promise<Outcome> => {
  const { id: _, ...body } = bodyForInsert(found.content, item.row.id, {
    ...context.rules,
    eventId: item.copy.eventId,
  })
  const change = { etag: found.event.etag ?? '*', body }
  const answer = await spend(context, 3, () =>
    context.api.patchEvent(context.place.calendarId, item.copy.eventId, change),
  )
  if (answer.ok && answer.data.status !== 'cancelled')
    return recordWritten(context, item, { raw: answer.data, base: found.content })
  if (answer.ok) return takeNextId(context, item)
  if (answer.failure.kind === 'conflict') return 'look-again'
  // A deleted event may refuse with 403, which elsewhere means that the calendar is lost: the next insert tells.
  // Without an answer it may have come back all the same: the next try finds it, another id would make it two.
  const refused = ['gone', 'rejected', 'calendar-lost'].includes(answer.failure.kind)
  return refused ? takeNextId(context, item) : answer.failure
}

/** The id belongs to somebody else, or cannot be had again; the next one that no other calendar uses for it. */
export const takeNextId = async (context: PushContext, item: Item): Promise<Outcome> => {
  let usedUp = false
  await recordUnderEpoch(context, async (tx) => {
    const next = await nextId(tx, item.copy)
    usedUp = next === null
    if (next) await startOver(tx, item.copy, next)
  })
  return usedUp
    ? { kind: 'rejected', detail: 'ids-used-up', status: null, retryAfterSeconds: null }
    : 'look-again'
}
