import type { Content } from './core/content.ts'
import { copyEventId, lastEpoch, markerKeys } from './core/identity.ts'
import { bodyForInsert } from './core/project.ts'
import { type RawEvent, readSeen } from './core/read-event.ts'
import { startingOver } from './follow.ts'
import { see } from './push-change.ts'
import { type Item, type Outcome, type PushContext, record, recordWritten, spend } from './push-item.ts'

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

export const takeNextId = async (context: PushContext, item: Item): Promise<Outcome> => {
  const idEpoch = item.copy.idEpoch + 1
  if (idEpoch > lastEpoch)
    return { kind: 'rejected', detail: 'ids-used-up', status: null, retryAfterSeconds: null }
  const copy = { ...item.copy, idEpoch, eventId: copyEventId(item.row.id, idEpoch) }
  await record(context, { ...item, copy }, { ...startingOver(item.copy), idEpoch })
  return 'look-again'
}
