import { readAppointments } from '#db/queries/appointments.ts'
import { readDirty } from '#db/queries/mappings/dirty.ts'
import { insertPendingMappings, readMappingsAround } from '#db/queries/mappings/mappings.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { publishChange } from '#lib/live/publish.ts'
import { ceilings } from '../budget.ts'
import { mapConcurrent } from '../concurrency.ts'
import { isPastDeadline, type SyncContext } from '../context.ts'
import { eventIdFor, freeSuffix, lastSuffix } from '../core/event-id.ts'
import { localContent } from '../decide.ts'
import { withFence } from '../fence.ts'
import { pushOne } from './appointment.ts'
import type { PushContext } from './item.ts'

/** Sophiie → Google: pushes every dirty appointment, what people just did first. */

export type PushOutcome = { pushed: number; failure: GoogleFailure | null }

const batchSize = 200
const firstBatchSize = 50

/** Eight at a time. Stops early when the connection itself fails, or at the deadline. */
export const pushDirty = async (context: SyncContext): Promise<PushOutcome> => {
  const tried: string[] = []
  let pushed = 0
  context.state.unanswered = 0
  for (;;) {
    const isFirst = tried.length === 0
    const limit = isFirst ? firstBatchSize : batchSize
    const { now, connection } = context
    const withMissing = context.state.missing === 'asked'
    const options = { selectedAt: connection.selectedAt, now: now(), limit, except: tried, withMissing }
    const ids = await readDirty(context.db, context.calendarKey, options)
    if (ids.length === 0) return { pushed, failure: null }
    context.state.mayBeDirty = true
    tried.push(...ids)
    const ceiling = isFirst ? ceilings.people : ceilings.backfill
    const outcome = await pushBatch({ ...context, ceiling }, ids)
    pushed += outcome.pushed
    if (outcome.failure) return { pushed, failure: outcome.failure }
    // A short batch was the last: what became dirty since has requested a run of its own.
    if (ids.length < limit || isPastDeadline(context)) return { pushed, failure: null }
  }
}

const pushBatch = async (context: PushContext, ids: string[]): Promise<PushOutcome> => {
  if (!(await reserveEventIds(context, ids))) return { pushed: 0, failure: null }
  let pushed = 0
  const failure = await mapConcurrent(context, ids, async (id) => {
    const stop = await pushOne(context, id)
    if (!stop) pushed++
    return stop
  })
  if (pushed > 0) await publishChange(context.db, context.businessId, 'rows')
  return { pushed, failure }
}

/**
 * Saves pending mappings before the first request. An event whose insert cannot be recorded later
 * (a crash, another calendar chosen) is then found again by its id, and its content is known as
 * ours. Ids differ between calendars: a guest with both calendars would otherwise have one event
 * for two.
 */
const reserveEventIds = (context: PushContext, ids: string[]): Promise<boolean> =>
  withFence(context, async (tx) => {
    const [{ known, elsewhere }, rows] = await Promise.all([
      readMappingsAround(tx, context.calendarKey, ids),
      readAppointments(tx, { businessId: context.businessId, ids }),
    ])
    const unmapped = rows.filter((row) => !known.has(row.id))
    const pending = unmapped.map((row) => {
      const idSuffix = freeSuffix(elsewhere.get(row.id) ?? [], 0) ?? lastSuffix
      const unacknowledgedWrites = [localContent(row, context)]
      return { appointmentId: row.id, idSuffix, eventId: eventIdFor(row.id, idSuffix), unacknowledgedWrites }
    })
    await insertPendingMappings(tx, context.calendarKey, pending)
  })
