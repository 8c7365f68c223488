import { saveMapping } from '#db/queries/mappings/mappings.ts'
import { readMayLeave } from '#db/queries/mappings/placement.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { scopeOfFailure } from '#lib/google/failure-kind.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import { applyRemoteChanges } from '../apply-remote.ts'
import type { SyncContext } from '../context.ts'
import { isItemError } from '../core/item-error.ts'
import type { Decision } from '../decide.ts'
import { execute } from '../execute.ts'
import { withFence } from '../fence.ts'
import { patch, refetchEvent, remove } from './change.ts'
import { insert, takeNextId } from './insert.ts'
import { type ItemOutcome, type PushContext, type PushItem, readItem, saveItemFailure } from './item.ts'

/**
 * Pushes one appointment: reads it, carries out its step, and decides again where another side was
 * faster.
 */

const maxAttempts = 3

/**
 * Null = done, or the failure is the item's own and saved with it; else the failure of the
 * calendar. `first`: the item, if it was just read.
 */
export const pushOne = async (
  context: PushContext,
  appointmentId: string,
  first?: PushItem,
): Promise<GoogleFailure | null> => {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const item = (attempt === 0 && first) || (await readItem(context, appointmentId))
    if (!item) return null
    const outcome = await pushOrRefetch(context, item)
    if (outcome === 'retry') continue
    return outcome === 'done' ? answered(context) : fail(context, item, outcome)
  }
  const item = await readItem(context, appointmentId)
  if (item) await saveItemFailure(context, item, keepsChanging)
  return null
}

/** What Postgres or a computation refuses is the trouble of this one appointment. */
const pushOrRefetch = async (context: PushContext, item: Decision): Promise<ItemOutcome> => {
  try {
    return mustRefetch(item) ? await refetchEvent(context, item, null) : await pushItem(context, item)
  } catch (error) {
    if (!isItemError(error)) throw error
    log('error', 'sync.item-threw', { appointmentId: item.row.id, error: nameOfError(error) })
    return unstorable
  }
}

const unstorable: GoogleFailure = { kind: 'rejected', detail: 'unstorable', status: null, retryAfterSeconds: null }

/** Saves the failure with the item, or returns it as the failure of the calendar. */
export const fail = async (
  context: PushContext,
  item: Decision,
  failure: GoogleFailure,
): Promise<GoogleFailure | null> => {
  if (scopeOfFailure[failure.kind] === 'calendar') return failure
  await saveItemFailure(context, item, failure)
  return isUnreachable(context, failure) ? failure : null
}

/** Each attempt met another change in Google: tried again later. */
export const keepsChanging: GoogleFailure = {
  kind: 'transient',
  detail: 'changing',
  status: null,
  retryAfterSeconds: null,
}

const maxUnanswered = 5

/**
 * Several items in a row without any answer: the calendar is in trouble, and what is left waits
 * with it.
 */
const isUnreachable = ({ state }: SyncContext, { kind, status }: GoogleFailure): boolean => {
  const isAnswer = kind !== 'transient' || (status !== null && status < 500)
  state.unanswered = isAnswer ? 0 : state.unanswered + 1
  return state.unanswered >= maxUnanswered
}

export const answered = ({ state }: SyncContext): null => {
  state.unanswered = 0
  return null
}

/** A pending event is read when its insert conflicts with it. */
export const mustRefetch = ({ mapping }: Decision) => mapping.needsRefetch && mapping.state !== 'pending'

/** Steps that need a request go to Google; the others are carried out here. */
const pushItem = async (context: PushContext, item: Decision): Promise<ItemOutcome> => {
  const { step } = item
  if (item.isLeaving && step.do === 'delete' && !(await mayLeave(context, item))) return 'done'
  if (step.do === 'flag' && isWantedAgain(item)) return insertAgain(context, item)
  if (step.do === 'insert') return insert(context, item, step.content)
  if (step.do === 'delete') return remove(context, item)
  // Changes from Google come first: those of an appointment that was cancelled when they were read.
  if (step.do === 'converge' && step.apply.length === 0 && step.write.length > 0) return patch(context, item, step)
  return executeHere(context, item)
}

/** Not before its event exists where it belongs now. */
const mayLeave = ({ db, businessId }: PushContext, { row }: Decision): Promise<boolean> =>
  readMayLeave(db, { businessId, appointmentId: row.id })

/**
 * People answered: reinstated after both sides had ended it, or put back after its removal in
 * Google.
 */
const isWantedAgain = ({ row, mapping }: Decision) =>
  row.status === 'booked' &&
  (mapping.state === 'gone' || (mapping.state === 'removed' && row.removedInGoogleAt === null))

/**
 * Without an etag the insert was never acknowledged: the event may exist all the same, and an
 * insert under the same id finds it.
 */
const insertAgain = async (context: PushContext, item: Decision): Promise<ItemOutcome> => {
  const { mapping } = item
  if (mapping.etag !== null) return takeNextId(context, item)
  return (await withFence(context, (tx) => saveMapping(tx, mapping, { state: 'pending' }))) ? 'retry' : 'done'
}

/**
 * A step that changes the appointment is decided again under its lock, from the event as last read.
 */
const executeHere = async (context: PushContext, item: Decision): Promise<ItemOutcome> => {
  const { mapping, step } = item
  const { remoteSnapshot, etag, htmlLink, generation } = mapping
  if (step.do !== 'converge' || step.apply.length === 0 || !remoteSnapshot) {
    await withFence(context, async (tx) => void (await execute(tx, context, item)))
    return 'done'
  }
  const event = { state: 'present' as const, remoteSnapshot, etag: etag ?? '', htmlLink }
  const isApplied = await withFence(context, (tx) =>
    applyRemoteChanges(tx, context, [{ mapping, event }], { generation }),
  )
  return isApplied ? 'retry' : 'done'
}
