import type { BusinessId } from '#db/business-id.ts'
import type { Database, Db } from '#db/client.ts'
import { readWaitingMappings } from '#db/queries/mappings/dirty.ts'
import { markProcessed, readRequested, readSyncRequests, type SyncRequests } from '#db/queries/sync/sync-requests.ts'
import { tenantDb } from '#db/tenant.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { massDeletionKind } from '#lib/google/failure-kind.ts'
import { ensureChannel, isChannelDue } from './channel.ts'
import { type ClockAndRandom, contextOf, isPastDeadline, type SyncContext, systemClock } from './context.ts'
import { msBetween } from './core/instant.ts'
import { enqueueSync } from './enqueue.ts'
import { withCalendarLock } from './lock.ts'
import { isNotificationAwaited, mayLeaveRead } from './notifications/leave-read.ts'
import { isRequested, saveFailure, saveGuard, savePushed, saveSuccess, saveThrow } from './outcome.ts'
import { rollHorizon } from './pull/horizon.ts'
import { pullPage } from './pull/pull.ts'
import { pushDirty, readFirstDirty } from './push/dirty.ts'
import { removeSuperseded } from './push/remove-superseded.ts'

/** `purpose`: that of the calendar; null if nothing ran. */
export type SyncReport = {
  ran: boolean
  purpose: SyncContext['calendar']['purpose'] | null
  pushed: number
  pages: number
  failure: string | null
}

const idle: SyncReport = { ran: false, purpose: null, pushed: 0, pages: 0, failure: null }

/** `deadline` (epoch milliseconds): no further work begins after it; the rest is queued. */
type Options = { clock?: ClockAndRandom; deadline?: number }

/**
 * Brings one calendar up to date. A save, a push notification, a cron tick, "Sync now" and a
 * restart all end here. Runs again while requests arrived during the run. A second call for the
 * same calendar returns at once and leaves its request to the first.
 */
export const syncCalendar = async (
  database: Database,
  syncedCalendarId: string,
  options: Options = {},
): Promise<SyncReport> => {
  const total = { ...idle }
  for (;;) {
    const report = await withCalendarLock(database, syncedCalendarId, (businessId) =>
      runOnce(database, { syncedCalendarId, businessId, db: tenantDb(database, businessId) }, options),
    )
    if (report === 'busy' || report === 'gone' || !report.ran) return total
    Object.assign(total, { ran: true, purpose: report.purpose, failure: report.failure })
    total.pushed += report.pushed
    total.pages += report.pages
    // A request may have come during the run, or before the lock was free.
    const requests = await readRequested(database.db, syncedCalendarId)
    if (!requests || report.failure || !isRequested(requests)) return total
  }
}

type Which = { syncedCalendarId: string; businessId: BusinessId; db: Db }

/**
 * One run; it answers every request made before it began. What it throws is a failure with a status
 * like any other, unless the database is away: then nothing can be stored, and the queue retries.
 */
const runOnce = async (database: Database, which: Which, options: Options): Promise<SyncReport> => {
  const run: { current: Run | null } = { current: null }
  try {
    return await attemptRun(database, which, { options, run })
  } catch (error) {
    if (!(await saveThrow(which, { error, clock: options.clock ?? systemClock }))) throw error
    const { context, pushed = 0, pages = 0 } = run.current ?? {}
    return { ran: true, purpose: context?.calendar.purpose ?? null, pushed, pages, failure: 'internal' }
  }
}

const attemptRun = async (
  database: Database,
  which: Which,
  { options, run: shared }: { options: Options; run: { current: Run | null } },
): Promise<SyncReport> => {
  const { requests, context } = await begin(database, which, options)
  if (!requests || !context) return idle
  const run: Run = { context, requests, pushed: 0, pages: 0, mayHaveMerged: false }
  shared.current = run
  const end = await performSync(run)
  if (end === null) await saveSuccess(context, requests)
  else if (end !== 'left') {
    if (end !== 'stopped') await saveFailure(context, end)
    if (isRequested(requests)) await markProcessed(which.db, requests)
  }
  const failure = end === null || typeof end === 'string' ? null : end.kind
  return { ran: true, purpose: context.calendar.purpose, pushed: run.pushed, pages: run.pages, failure }
}

/** The steps of a run, in order, up to the first that ends it. */
const performSync = async (run: Run): Promise<EarlyEnd | null> => {
  for (const step of stepsFor[run.context.calendar.purpose]) {
    const end = await step(run)
    if (end) return end
  }
  return null
}

/** `mayHaveMerged`: a page may have left both sides with something to write. */
type Run = {
  readonly context: SyncContext
  readonly requests: SyncRequests
  pushed: number
  pages: number
  mayHaveMerged: boolean
}

/**
 * `stopped`: nothing failed, and the rest comes in a later run. `left`: the same, after the push
 * notification of what was pushed.
 */
type EarlyEnd = 'stopped' | 'left' | GoogleFailure

/** Returns null, or why the run ends with it. */
type RunStep = (run: Run) => Promise<EarlyEnd | null>

const begin = (database: Database, { syncedCalendarId, businessId, db }: Which, options: Options) =>
  db.transaction(async (tx) => {
    const { clock = systemClock, deadline = Number.POSITIVE_INFINITY } = options
    // Sent together, answered in this order: what was requested before the calendar was read is
    // answered by what is read.
    const [requests, context] = await Promise.all([
      readSyncRequests(tx, syncedCalendarId),
      contextOf(database, { syncedCalendarId, businessId, db, tx }, { clock, deadline }),
    ])
    if (context?.calendar.purpose === 'appointments') context.state.firstDirty = await readFirstDirty(tx, context)
    return { requests, context }
  })

const pushChanges: RunStep = async (run) => {
  const { pushed, failure } = await pushDirty(run.context)
  run.pushed += pushed
  return failure
}

/**
 * Until the owner has confirmed a mass deletion, changes made here are pushed at once, but the full
 * read is repeated only now and then.
 */
const awaitConfirmation: RunStep = async ({ context }) => {
  const { lastFailureKind, bulkDeletionApproved, retryAt } = context.calendar
  const isAwaited = lastFailureKind === massDeletionKind && !bulkDeletionApproved && retryAt !== null
  return isAwaited && msBetween(context.now(), retryAt) > 0 ? 'stopped' : null
}

/** Past the deadline the rest is queued, and the next run goes on where this one ended. */
const stopAtDeadline: RunStep = async ({ context }) => {
  if (!isPastDeadline(context)) return null
  await enqueueSync(context.db, context.calendar.id, { later: 0 })
  return 'stopped'
}

/**
 * Only after a write that Google has acknowledged, or while the notification of an earlier one is
 * awaited: another process may have died right after its write.
 */
const leaveRead: RunStep = async ({ context, requests }) => {
  const { state, calendar } = context
  const facts = { requests, calendar, isChannelDue: isChannelDue(context) }
  if (state.missing !== 'none' || !mayLeaveRead(facts, context.now())) return null
  if (!state.hasWritten && !isNotificationAwaited(requests, calendar.channelCreatedAt)) return null
  return (await savePushed(context, requests)) ? 'left' : null
}

const keepChannel: RunStep = async ({ context }) => {
  await ensureChannel(context)
  return null
}

/** `between`: done after each page but the last. */
const pullPages = async (run: Run, between: RunStep): Promise<EarlyEnd | null> => {
  const { context } = run
  for (;;) {
    const outcome = await pullPage(context)
    if (outcome.state === 'failed') return outcome.failure
    run.pages++
    const asksForMissing = context.state.missing === 'waiting'
    context.state.missing = 'asked'
    if (outcome.state === 'unlinked') return 'stopped'
    if (outcome.state === 'mass-deletion') {
      await saveGuard(context, outcome.wouldRemove)
      return 'stopped'
    }
    if (outcome.state === 'done') {
      run.mayHaveMerged = run.pages > 1 || outcome.changed || asksForMissing
      return null
    }
    const end = (await stopAtDeadline(run)) ?? (await between(run))
    if (end) return end
  }
}

const pushMerges: RunStep = async (run) => (run.mayHaveMerged && run.context.state.mayBeDirty ? pushChanges(run) : null)

/** A push seldom leaves a mapping waiting; checking costs one lookup in a small index. */
const removeFromOldCalendar: RunStep = async ({ context }) => {
  const { state, db, calendar } = context
  state.mayBeDirty &&= (await readWaitingMappings(db, calendar.id)).any
  return state.mayBeDirty ? (await removeSuperseded(context)).failure : null
}

const moveHorizon: RunStep = async ({ context }) => {
  await rollHorizon(context)
  return null
}

/** During a long first read people go on booking: their changes are pushed between the pages. */
const pullBetweenPushes: RunStep = (run) => pullPages(run, pushChanges)

const pullOnly: RunStep = (run) => pullPages(run, async () => null)

/** A busy calendar is only read. */
const stepsFor: Record<SyncContext['calendar']['purpose'], RunStep[]> = {
  appointments: [
    ...[pushChanges, awaitConfirmation, stopAtDeadline, leaveRead],
    ...[keepChannel, pullBetweenPushes, pushMerges, stopAtDeadline],
    ...[removeFromOldCalendar, stopAtDeadline, moveHorizon],
  ],
  busy: [awaitConfirmation, stopAtDeadline, keepChannel, pullOnly, stopAtDeadline, moveHorizon],
}
