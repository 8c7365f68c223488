import type { Db, Tx } from '#db/client.ts'
import { readAppointments } from '#db/queries/appointments.ts'
import { type DirtyAppointment, readDirty } from '#db/queries/mappings/dirty.ts'
import { insertPendingMappings, readMappingsAround } from '#db/queries/mappings/mappings.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { publishChange } from '#lib/live/publish.ts'
import { ceilings } from '../budget.ts'
import { mapConcurrent, mapInBatches } from '../concurrency.ts'
import { isPastDeadline, type SyncContext, withCurrentRules } from '../context.ts'
import { eventIdFor, freeSuffix, lastSuffix, tailOf } from '../core/event-id.ts'
import { decideFromMapping, localContent } from '../decide.ts'
import { withFence } from '../fence.ts'
import { newMapping } from '../mapping.ts'
import { pushOne } from './appointment.ts'
import { pushTogether } from './bulk.ts'
import type { PushContext, PushItem } from './item.ts'

/** Sophiie → Google: pushes every dirty appointment, what people just did first. */

export type PushOutcome = { pushed: number; failure: GoogleFailure | null }

const limit = 100

/** From this many on, they are sent in batches. */
const bulkFrom = 8

/**
 * Stops early when the calendar itself fails, or at the deadline. A change that people make
 * during a long push is read, and sent, with the next hundred.
 */
export const pushDirty = async (context: SyncContext): Promise<PushOutcome> => {
  const tried: string[] = []
  let pushed = 0
  context.state.unanswered = 0
  for (;;) {
    const dirty = context.state.firstDirty ?? (await readDirtyExcept(context.db, context, tried))
    context.state.firstDirty = null
    if (dirty.length === 0) return { pushed, failure: null }
    context.state.mayBeDirty = true
    const isFirst = tried.length === 0
    tried.push(...dirty.map(({ id }) => id))
    const outcome = await pushAll(context, { ...splitBulk(dirty, bulkFrom), isFirst })
    pushed += outcome.pushed
    if (outcome.failure) return { pushed, failure: outcome.failure }
    // A short batch was the last: what became dirty since has requested a run of its own.
    if (dirty.length < limit || isPastDeadline(context)) return { pushed, failure: null }
  }
}

/** In the transaction of the facts that the run begins with. */
export const readFirstDirty = (tx: Tx, context: SyncContext) => readDirtyExcept(tx, context, [])

const readDirtyExcept = (db: Db | Tx, context: SyncContext, except: string[]): Promise<DirtyAppointment[]> => {
  const { calendarKey, calendar, state, now } = context
  const withMissing = state.missing === 'asked'
  const key = { ...calendarKey, syncedCalendarId: calendar.id }
  return readDirty(db, key, { selectedAt: calendar.selectedAt, now: now(), limit, except, withMissing })
}

/**
 * `single`: what people just did one at a time, or a few appointments; they may use the part of the
 * budget that is kept for people. `bulk`: the rest, which never delays them.
 */
export const splitBulk = (dirty: DirtyAppointment[], least: number): { single: string[]; bulk: string[] } => {
  const together = new Map<string | null, number>()
  for (const { changedAt } of dirty) together.set(changedAt, (together.get(changedAt) ?? 0) + 1)
  const isSingle = ({ changedAt }: DirtyAppointment) => changedAt !== null && (together.get(changedAt) ?? 0) < least
  const first = dirty.filter(isSingle).slice(0, least)
  const rest = dirty.filter((one) => !first.includes(one))
  const idsOf = (list: DirtyAppointment[]) => list.map(({ id }) => id)
  return rest.length < least
    ? { single: idsOf([...first, ...rest]), bulk: [] }
    : { single: idsOf(first), bulk: idsOf(rest) }
}

type Items = Map<string, PushItem>
type Parts = { single: string[]; bulk: string[]; isFirst: boolean }

const pushAll = async (context: SyncContext, { single, bulk, isFirst }: Parts): Promise<PushOutcome> => {
  const reserved = await reserveEventIds(context, [...single, ...bulk])
  if (!reserved) return { pushed: 0, failure: null }
  const asPeople = { ...context, ceiling: isFirst || bulk.length > 0 ? ceilings.people : ceilings.backfill }
  const asBackfill = { ...context, ceiling: ceilings.backfill }
  const outcomes = await Promise.all([pushSingly(asPeople, single, { reserved }), pushBulk(asBackfill, bulk)])
  const pushed = outcomes.reduce((sum, outcome) => sum + outcome.pushed, 0)
  if (pushed > 0) await publishChange(context.database.db, context.businessId, 'rows')
  return { pushed, failure: outcomes.find(({ failure }) => failure)?.failure ?? null }
}

/** `reserved`: items as read a moment ago, for those that are sent at once. */
const pushSingly = async (
  context: PushContext,
  ids: string[],
  { reserved, map = mapConcurrent }: { reserved?: Items | undefined; map?: typeof mapConcurrent } = {},
): Promise<PushOutcome> => {
  let pushed = 0
  const known = ids.length < bulkFrom ? reserved : undefined
  const failure = await map(context, ids, async (within, id) => {
    const stop = await pushOne(within, id, known?.get(id))
    if (!stop) pushed++
    return stop
  })
  return { pushed, failure }
}

/** An appointment that needs several requests makes each of them together with others. */
const pushBulk = async (context: PushContext, ids: string[]): Promise<PushOutcome> => {
  if (ids.length === 0) return { pushed: 0, failure: null }
  const { left, ...sent } = await pushTogether(context, ids)
  if (sent.failure || left.length === 0) return sent
  const rest = await pushSingly(context, left, { map: left.length < bulkFrom ? mapConcurrent : mapInBatches })
  return { pushed: sent.pushed + rest.pushed, failure: rest.failure }
}

/**
 * Saves pending mappings before the first request. An event whose insert cannot be recorded later
 * (a crash, another calendar chosen) is then found again by its id, and its content is known as
 * ours. Ids differ between calendars: a guest with both calendars would otherwise have one event
 * for two. Returns the new ones, to be sent without reading them again; null if the fence was lost.
 */
const reserveEventIds = async (context: SyncContext, ids: string[]): Promise<Items | null> => {
  const items: Items = new Map()
  const isHeld = await withFence(context, async (tx) => {
    const [{ known, elsewhere }, rows] = await Promise.all([
      readMappingsAround(tx, context.calendarKey, ids),
      readAppointments(tx, { businessId: context.businessId, ids }),
    ])
    const pending = rows.flatMap((row) => {
      if (known.has(row.id)) return []
      const others = (elsewhere.get(row.id) ?? []).filter(({ eventId }) => tailOf(eventId) === context.idTail)
      const idSuffix = freeSuffix(others, 0) ?? lastSuffix
      const event = { appointmentId: row.id, idSuffix, eventId: eventIdFor(row.id, idSuffix, context.idTail) }
      return [{ row, mapping: { ...newMapping(context, event), unacknowledgedWrites: [localContent(row, context)] } }]
    })
    if (pending.length === 0) return
    // Rules and members are read after the appointments.
    const [current] = await Promise.all([
      withCurrentRules(tx, context),
      insertPendingMappings(
        tx,
        { ...context.calendarKey, memberId: context.calendar.memberId },
        pending.map(({ mapping: { appointmentId, idSuffix, eventId, unacknowledgedWrites } }) => ({
          ...{ appointmentId, idSuffix, eventId, unacknowledgedWrites },
        })),
      ),
    ])
    for (const { row, mapping } of pending)
      items.set(row.id, { ...decideFromMapping(current, row, mapping), isOnlyHere: !elsewhere.has(row.id) })
  })
  return isHeld ? items : null
}
