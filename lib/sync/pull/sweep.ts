import type { Tx } from '#db/client.ts'
import { countUnseen, deleteEvents, readUnseen, readUnseenSample } from '#db/queries/mirror.ts'
import { updateSyncedCalendar } from '#db/queries/sync/calendars.ts'
import type { GoogleAnswer, GoogleFailure } from '#lib/google/failure.ts'
import type { RawEvent } from '#lib/google/wire.ts'
import { epochMs } from '#lib/recurrence/times.ts'
import { ceilings, spend } from '../budget.ts'
import type { SyncContext } from '../context.ts'
import { readEvent } from '../core/read-event.ts'
import type { ParsedPage, Read } from './cursor.ts'
import { endOf, expandSeries } from './mirror.ts'
import { pullOf } from './purposes.ts'

const guardShare = 0.5
const guardCount = 50

/** The mass-deletion guard: nothing is removed before the owner confirms. */
export type DeletionGuard = { state: 'mass-deletion'; wouldRemove: number }

/**
 * After the last page of a full read: removes Google events that it should have contained and did
 * not. Events of appointments are only marked, and fetched by id before anything is concluded.
 * `isComplete` false: an item could not be identified, or an event that the read lacks was found by
 * its id, so nothing is removed.
 */
export const sweep = async (
  tx: Tx,
  context: SyncContext,
  { read, isComplete }: { read: Read; isComplete: boolean },
): Promise<DeletionGuard | null> => {
  const { calendar } = context
  const { generation } = read
  const from = read.horizon.start
  const pull = pullOf(context)
  const missing = await pull.readMissing(tx, context, read)
  if (!isComplete) {
    await pull.markMissing(tx, context, missing)
    return null
  }
  const { unseen, stored } = await countUnseen(tx, { syncedCalendarId: calendar.id, generation, from })
  const wouldRemove = unseen + missing.length
  const all = stored + (await pull.countLive(tx, context, from))
  if (wouldRemove > guardCount && wouldRemove > all * guardShare && !calendar.bulkDeletionApproved)
    return { state: 'mass-deletion', wouldRemove }
  await pull.markMissing(tx, context, missing)
  await removeEvents(tx, context, read)
  if (calendar.bulkDeletionApproved) await updateSyncedCalendar(tx, calendar.id, { bulkDeletionApproved: false })
  if (unseen > 0) await pull.reportRemoved(tx, context, unseen)
  return null
}

const sampleSize = 5

/**
 * Asks Google by id for a few of the events that a full read lacks. A `contradiction` is one that
 * exists and belongs into the read: the answer was incomplete, or lags behind a write.
 */
export const verifyAbsence = async (
  context: SyncContext,
  { read, page }: { read: Read; page: ParsedPage },
): Promise<'verified' | 'contradiction' | GoogleFailure> => {
  const { calendar, db, calendarKey, api } = context
  const { generation, horizon } = read
  const present = [...page.items.flatMap((raw) => raw.id ?? []), ...page.unreadableIds]
  const range = { syncedCalendarId: calendar.id, generation, from: horizon.start, page: present }
  const sample = await readUnseenSample(db, { ...range, limit: sampleSize })
  const asBackfill = { ...context, ceiling: ceilings.backfill }
  const answers = await Promise.all(
    sample.map(({ eventId }) => spend(asBackfill, 1, () => api.getEvent(calendarKey.calendarId, eventId))),
  )
  const failed = answers.find((answer) => !answer.ok && answer.failure.kind !== 'gone')
  if (failed && !failed.ok) return failed.failure
  const isContradicted = sample.some(({ isException, etag }, n) => {
    const answer = answers[n]
    if (!answer) return false
    return isException ? isUnchanged(answer, etag) : contradicts(answer, context, horizon.start)
  })
  return isContradicted ? 'contradiction' : 'verified'
}

/** Every instance of a series is found by its id; an exception still has its version. */
const isUnchanged = (answer: GoogleAnswer<RawEvent>, etag: string): boolean =>
  answer.ok && answer.data.status !== 'cancelled' && answer.data.etag === etag

const contradicts = (answer: GoogleAnswer<RawEvent>, { state }: SyncContext, from: string): boolean => {
  const item = answer.ok ? readEvent(answer.data, state.calendarZone) : null
  // It exists, whatever its times are.
  if (item?.kind === 'unreadable') return true
  if (item?.kind !== 'live' || item.event.cancelled || item.event.kind === 'exception') return false
  const end = endOf(item.event, state.calendarZone)
  return end === null || epochMs(end) > epochMs(from)
}

/**
 * The series of removed exceptions are expanded again: their instances are as the rule places them.
 */
const removeEvents = async (tx: Tx, context: SyncContext, { generation, horizon }: Read): Promise<void> => {
  const { id: syncedCalendarId, businessId } = context.calendar
  const events = await readUnseen(tx, { syncedCalendarId, generation, from: horizon.start })
  await deleteEvents(
    tx,
    { businessId, syncedCalendarId },
    events.map((event) => event.eventId),
  )
  const seriesIds = [...new Set(events.flatMap((event) => event.recurringEventId ?? []))]
  await expandSeries(tx, context, { seriesIds, horizon })
}
