import {
  type AcknowledgedWrite,
  readPendingElsewhere,
  saveAcknowledgedWrites,
  saveDeletedEvents,
  saveSentWrites,
} from '#db/queries/mappings/bulk.ts'
import { touchWaiting } from '#db/queries/mappings/placement.ts'
import { commitWithoutFlush } from '#db/queries/transaction.ts'
import { deleteRequest, type EventRequest, insertRequest, patchRequest } from '#lib/google/batch/event-request.ts'
import { isRefusedTogether } from '#lib/google/batch/in-batches.ts'
import { batchLimit } from '#lib/google/batch/send-batch.ts'
import type { GoogleAnswer, GoogleFailure } from '#lib/google/failure.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import { spend } from '../budget.ts'
import type { Content } from '../core/content.ts'
import { isItemError } from '../core/item-error.ts'
import { readSnapshot } from '../core/read-event.ts'
import { withUnacknowledged } from '../core/unacknowledged.ts'
import type { Decision } from '../decide.ts'
import { withFence } from '../fence.ts'
import { hasEvent } from '../mapping.ts'
import { answered, fail, mustRefetch } from './appointment.ts'
import { isExplainedByEvent, patchOf } from './change.ts'
import { insertBodyOf } from './insert.ts'
import { type PushContext, readItems } from './item.ts'

/**
 * Pushes many appointments with few statements and requests: read, decided and recorded together,
 * sent through Google's batch endpoint. Each write succeeds or fails alone.
 */

/** `left`: appointments that one write does not settle; they are pushed one by one. */
export type BulkOutcome = { pushed: number; left: string[]; failure: GoogleFailure | null }

/** The one request that settles an item. `base`: the content agreed then; null = deleted. */
type Write = { item: Decision; base: Content | null; units: number; request: EventRequest<RawEvent | null> }

export const pushTogether = async (context: PushContext, appointmentIds: string[]): Promise<BulkOutcome> => {
  const [items, pendingElsewhere] = await Promise.all([
    readItems(context, appointmentIds),
    readPendingElsewhere(context.db, context.calendarKey, appointmentIds),
  ])
  const writes = items.flatMap((item) => (pendingElsewhere.has(item.row.id) ? [] : (writeOf(context, item) ?? [])))
  const batches = Array.from({ length: Math.ceil(writes.length / batchLimit) }, (_, n) =>
    writes.slice(n * batchLimit, (n + 1) * batchLimit),
  )
  const outcomes = await Promise.all(batches.map((batch) => pushBatch(context, batch)))
  const written = new Set(writes.map(({ item }) => item.row.id))
  return {
    pushed: outcomes.reduce((sum, { pushed }) => sum + pushed, 0),
    left: [...items.flatMap(({ row }) => (written.has(row.id) ? [] : row.id)), ...outcomes.flatMap(({ left }) => left)],
    failure: outcomes.find(({ failure }) => failure)?.failure ?? null,
  }
}

/** Null where a request must come before, or an answer would not settle the item alone. */
const writeOf = (context: PushContext, item: Decision): Write | null => {
  const { row, mapping, step } = item
  const { calendarId } = context.calendarKey
  if (item.isLeaving || mustRefetch(item) || row.removedInGoogleAt !== null || mapping.missingSince !== null)
    return null
  if (step.do === 'insert') {
    const request = insertRequest(calendarId, insertBodyOf(context, item, step.content))
    return { item, base: step.content, units: 1, request }
  }
  if (step.do === 'delete' && mapping.etag !== null) {
    const request = deleteRequest(calendarId, mapping.eventId, mapping.etag)
    return { item, base: null, units: 1, request }
  }
  if (step.do !== 'converge' || step.apply.length > 0 || step.write.length === 0) return null
  const change = patchOf(mapping, step)
  return change && { item, base: step.base, units: 3, request: patchRequest(calendarId, mapping.eventId, change) }
}

/** At most 50 writes. What Postgres refuses together is pushed one by one. */
const pushBatch = async (context: PushContext, writes: Write[]): Promise<BulkOutcome> => {
  try {
    if (!(await recordSent(context, writes))) return { pushed: 0, left: [], failure: null }
    const units = writes.reduce((sum, write) => sum + write.units, 0)
    const requests = writes.map(({ request }) => request)
    const sent = await spend(context, units, async () => ({ ok: true, data: await context.api.batch(requests) }))
    if (!sent.ok) return { pushed: 0, left: [], failure: sent.failure }
    const results = writes.map((write, n) => ({ write, answer: sent.data[n] }))
    if (results.every(({ answer }) => isRefusedTogether(answer))) return oneByOne(writes)
    await recordAcknowledged(context, results)
    return await recordFailures(context, results)
  } catch (error) {
    if (!isItemError(error)) throw error
    log('error', 'sync.bulk-threw', { syncedCalendarId: context.calendar.id, error: nameOfError(error) })
    return oneByOne(writes)
  }
}

const oneByOne = (writes: Write[]): BulkOutcome => ({
  pushed: 0,
  left: writes.map(({ item }) => item.row.id),
  failure: null,
})

type Result = { write: Write; answer: GoogleAnswer<RawEvent | null> | undefined }

/**
 * Before it is sent, so that it is known as ours even if no answer arrives. False when the fence
 * was lost.
 */
const recordSent = async (context: PushContext, writes: Write[]): Promise<boolean> => {
  const sent = writes.flatMap(({ item: { mapping }, base }) => {
    const { appointmentId, pendingRemoval } = mapping
    const unacknowledgedWrites = base
      ? withUnacknowledged(mapping.unacknowledgedWrites, base)
      : mapping.unacknowledgedWrites
    const isRecorded = base ? unacknowledgedWrites === mapping.unacknowledgedWrites : pendingRemoval
    return isRecorded ? [] : [{ appointmentId, unacknowledgedWrites, pendingRemoval: pendingRemoval || !base }]
  })
  if (sent.length === 0) return true
  return withFence(context, async (tx) => {
    // Without a flush: this guards against the death of this process, not of Postgres.
    await commitWithoutFlush(tx)
    await saveSentWrites(tx, context.calendarKey, sent)
  })
}

const recordAcknowledged = async (context: PushContext, results: Result[]): Promise<void> => {
  const writes: AcknowledgedWrite[] = []
  const deleted: { appointmentId: string; revision: number }[] = []
  for (const { write, answer } of results) {
    if (!answer?.ok) continue
    const { id: appointmentId, revision } = write.item.row
    const { base } = write
    if (base === null) deleted.push({ appointmentId, revision })
    else if (answer.data) writes.push({ appointmentId, revision, base, ...eventColumns(context, answer.data) })
  }
  if (writes.length + deleted.length === 0) return
  answered(context)
  context.state.hasWritten = true
  await withFence(context, async (tx, { isShared }) => {
    await saveAcknowledgedWrites(tx, context.calendarKey, { writes, now: context.now() })
    await saveDeletedEvents(tx, context.calendarKey, deleted)
    if (isShared) await touchWaiting(tx, { businessId: context.businessId, appointmentIds: newlyLive(results) })
  })
}

const newlyLive = (results: Result[]): string[] =>
  results.flatMap(({ write: { item, base }, answer }) =>
    answer?.ok && base && !hasEvent(item.mapping) ? item.row.id : [],
  )

const eventColumns = ({ rules }: PushContext, raw: RawEvent) => ({
  remoteSnapshot: readSnapshot(raw, rules.timeZone),
  etag: raw.etag ?? null,
  htmlLink: raw.htmlLink ?? '',
})

/** A refusal that the event may explain needs that event; any other failure belongs to the item. */
const recordFailures = async (context: PushContext, results: Result[]): Promise<BulkOutcome> => {
  const left: string[] = []
  let pushed = 0
  for (const { write, answer } of results) {
    if (answer?.ok) pushed++
    else if (!answer || needsEvent(answer.failure)) left.push(write.item.row.id)
    else {
      const failure = await fail(context, write.item, answer.failure)
      if (failure) return { pushed, left: [], failure }
    }
  }
  return { pushed, left, failure: null }
}

const needsEvent = (failure: GoogleFailure) => failure.kind === 'rejected' || isExplainedByEvent(failure)
