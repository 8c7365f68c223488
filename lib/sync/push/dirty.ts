import { readAppointments } from '#db/queries/appointments.ts'
import { insertPendingMappings, readDirty, readMappingsAround } from '#db/queries/mappings.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { publishChange } from '#lib/live/publish.ts'
import { ceilings } from '../budget.ts'
import { isOver, mapConcurrent } from '../concurrency.ts'
import type { SyncContext } from '../context.ts'
import { eventIdFor, freeSuffix, lastSuffix } from '../core/event-id.ts'
import { withFence } from '../fence.ts'
import { localContent } from '../pull/apply-remote.ts'
import { pushOne } from './appointment.ts'
import type { PushContext } from './item.ts'

/** Sophiie → Google: which appointments are sent, in which order, how many at a time. */

export type PushOutcome = { pushed: number; failure: GoogleFailure | null }

const batch = 200
const peoplesShare = 50

/** Pushes every dirty appointment, eight at a time. Stops early when the connection itself is in trouble, or at the deadline. */
export const pushDirty = async (context: SyncContext): Promise<PushOutcome> => {
  const tried: string[] = []
  const silence = { unanswered: 0 }
  let pushed = 0
  for (;;) {
    const limit = tried.length === 0 ? peoplesShare : batch
    const ids = await readDirty(context.db, context.place, {
      selectedAt: context.connection.selectedAt,
      now: context.now(),
      limit,
      except: tried,
    })
    if (ids.length === 0) return { pushed, failure: null }
    context.unsettled = true
    const ceiling = tried.length === 0 ? ceilings.people : ceilings.backfill
    tried.push(...ids)
    const outcome = await pushAll({ ...context, ceiling, silence }, ids)
    pushed += outcome.pushed
    if (outcome.failure) return { pushed, failure: outcome.failure }
    // Fewer than were asked for are all; what became dirty meanwhile has asked for another look.
    if (ids.length < limit || isOver(context)) return { pushed, failure: null }
  }
}

const pushAll = async (context: PushContext, ids: string[]): Promise<PushOutcome> => {
  if (!(await intend(context, ids))) return { pushed: 0, failure: null }
  let pushed = 0
  const failure = await mapConcurrent(context, ids, async (id) => {
    const trouble = await pushOne(context, id)
    if (!trouble) pushed++
    return trouble
  })
  if (pushed > 0) await publishChange(context.db, context.businessId, 'rows')
  return { pushed, failure }
}

/**
 * Written before the first request: an event whose making nobody could record any more (a crash, another calendar chosen
 * meanwhile) is known by its id and found again, and by what it is to say which of its words are ours. Ids differ from
 * calendar to calendar: guests see the events of each, and one id on two calendars of a person would be one event to Google.
 */
const intend = (context: PushContext, ids: string[]): Promise<boolean> =>
  withFence(context, async (tx) => {
    const [{ known, elsewhere }, rows] = await Promise.all([
      readMappingsAround(tx, context.place, ids),
      readAppointments(tx, { businessId: context.businessId, ids }),
    ])
    const unknown = rows.filter((row) => !known.has(row.id))
    const intended = unknown.map((row) => {
      const idSuffix = freeSuffix(elsewhere.get(row.id) ?? [], 0) ?? lastSuffix
      const unacknowledgedWrites = [localContent(row, context)]
      return { appointmentId: row.id, idSuffix, eventId: eventIdFor(row.id, idSuffix), unacknowledgedWrites }
    })
    await insertPendingMappings(tx, context.place, intended)
  })
