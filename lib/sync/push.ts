import { insertPendingCopies, readCopiesAround, readDirty } from '#db/queries/copies.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { announce } from '#lib/live/announce.ts'
import type { SyncContext } from './context.ts'
import { copyEventId, lastEpoch } from './core/identity.ts'
import type { PushContext } from './push-item.ts'
import { pushOne } from './push-one.ts'
import { recordUnderEpoch } from './record.ts'

/** Sophiie → Google: which appointments are sent, in which order, how many at a time. */

export type PushOutcome = { pushed: number; failure: GoogleFailure | null }

const isOver = (context: SyncContext) => Date.now() > context.deadline

const inFlight = 8
const batch = 200
/** Requests per minute and Google account, of the 600 that Google allows; the first ones of a run may use the last ones. */
const ceilings = { people: 580, backfill: 500 }
const peoplesShare = 50

/** Pushes every dirty appointment, eight at a time. Stops early when the connection itself is in trouble, or at the deadline. */
export const pushDirty = async (context: SyncContext): Promise<PushOutcome> => {
  const tried: string[] = []
  let pushed = 0
  for (;;) {
    const ids = await readDirty(context.db, context.place, {
      selectedAt: context.connection.selectedAt,
      now: context.now(),
      limit: tried.length === 0 ? peoplesShare : batch,
      except: tried,
    })
    if (ids.length === 0) return { pushed, failure: null }
    const ceiling = tried.length === 0 ? ceilings.people : ceilings.backfill
    tried.push(...ids)
    const outcome = await pushAll({ ...context, ceiling }, ids)
    pushed += outcome.pushed
    if (outcome.failure) return { pushed, failure: outcome.failure }
    if (isOver(context)) return { pushed, failure: null }
  }
}

const pushAll = async (context: PushContext, ids: string[]): Promise<PushOutcome> => {
  if (!(await intend(context, ids))) return { pushed: 0, failure: null }
  const waiting = [...ids]
  let failure: GoogleFailure | null = null
  let pushed = 0
  const lane = async () => {
    for (let id = waiting.shift(); id && !failure && !isOver(context); id = waiting.shift()) {
      const trouble = await pushOne(context, id)
      if (trouble) failure = trouble
      else pushed++
    }
  }
  await Promise.all(Array.from({ length: Math.min(inFlight, ids.length) }, lane))
  if (pushed > 0) await announce(context.db, context.businessId)
  return { pushed, failure }
}

/**
 * Written before the first request: an event whose making nobody could record any more (a crash, another calendar chosen
 * meanwhile) is known by its id and found again. Ids differ from calendar to calendar: guests see the events of
 * each, and one id on two calendars of a person would be one event to Google.
 */
const intend = (context: PushContext, ids: string[]): Promise<boolean> =>
  recordUnderEpoch(context, async (tx) => {
    const { known, elsewhere } = await readCopiesAround(tx, context.place, ids)
    const intended = ids
      .filter((id) => !known.has(id))
      .map((id) => {
        const idEpoch = firstFree(elsewhere.get(id) ?? [])
        return { appointmentId: id, idEpoch, eventId: copyEventId(id, idEpoch) }
      })
    await insertPendingCopies(tx, context.place, intended)
  })

const firstFree = (taken: number[]): number => {
  const free = Array.from({ length: lastEpoch }, (_, epoch) => epoch).find((epoch) => !taken.includes(epoch))
  return free ?? lastEpoch
}
