import type { Db, Tx } from '#db/client.ts'
import { insertChanges } from '#db/queries/changes.ts'
import { readNextAttempt, readWaitingMappings } from '#db/queries/mappings/dirty.ts'
import { touchWaitingFor } from '#db/queries/mappings/placement.ts'
import {
  noFailure,
  readSyncedCalendar,
  type SyncedCalendar,
  updateFenced,
  updateSyncedCalendar,
} from '#db/queries/sync/calendars.ts'
import { markClean, markProcessed, type SyncRequests } from '#db/queries/sync/sync-requests.ts'
import { commitWithoutFlush } from '#db/queries/transaction.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { isOfGrant, massDeletionKind, stopsSync, waitsForPerson } from '#lib/google/failure-kind.ts'
import { publishChange } from '#lib/live/publish.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import type { ClockAndRandom, SyncContext } from './context.ts'
import { backoffMs } from './core/backoff.ts'
import { addMs, msBetween } from './core/instant.ts'
import { isBroken } from './core/status.ts'
import { enqueueSync, enqueueSyncOfAccount } from './enqueue.ts'
import { withFence } from './fence.ts'
import { isNotificationAwaited } from './notifications/leave-read.ts'

/** How a run ended, saved on its calendar: the status is computed from these columns. */

export const isRequested = ({ requested, processed }: Pick<SyncRequests, 'requested' | 'processed'>) =>
  processed < requested
const isClean = ({ dirtyVersion, cleanVersion }: SyncRequests) => dirtyVersion === cleanVersion

export const saveSuccess = async (context: SyncContext, requests: SyncRequests): Promise<void> => {
  const { state, calendar } = context
  const change = { ...state.unsaved, lastSuccessAt: context.now(), ...noFailure }
  const isRecovery = calendar.failingSince !== null || calendar.reportedBrokenAt !== null
  if (isRecovery || state.mayBeDirty) return saveRecovery(context, change, requests)
  // Without a flush: if a crash loses it, the next run reads the same again.
  await context.db.transaction((tx) =>
    Promise.all([
      commitWithoutFlush(tx),
      updateFenced(tx, calendar, change),
      (isRequested(requests) || !isClean(requests)) && markClean(tx, requests),
      isFirstSuccess(calendar) && publishChange(tx, calendar.businessId),
    ]),
  )
}

/** Until then pages show that Google is being checked. */
const isFirstSuccess = ({ lastSuccessAt }: SyncedCalendar): boolean => lastSuccessAt === null

/**
 * Pushed, and the push notification of it causes the read. `lastSuccessAt` stays the time of the
 * last read. If a crash loses this without a flush, the next run has nothing to write, and reads.
 * False without saving it when an item waits: that needs the whole run.
 */
export const savePushed = (context: SyncContext, requests: SyncRequests): Promise<boolean> =>
  context.db.transaction(async (tx) => {
    const { id, channelCreatedAt } = context.calendar
    if ((await readWaitingMappings(tx, id)).any) return false
    const isAwaited = isNotificationAwaited(requests, channelCreatedAt)
    await Promise.all([commitWithoutFlush(tx), markClean(tx, requests, isAwaited ? null : requests.readAt)])
    return true
  })

/**
 * Also queues a run for the next attempt of a waiting item, and updates open pages when the failure
 * is over.
 */
const saveRecovery = (context: SyncContext, change: Partial<SyncedCalendar>, requests: SyncRequests) =>
  context.db.transaction(async (tx) => {
    const { calendar } = context
    const isRestored = calendar.reportedBrokenAt !== null
    const [, retryAt, isSaved] = await Promise.all([
      !isRestored && commitWithoutFlush(tx),
      calendar.purpose === 'appointments' ? readNextAttempt(tx, context.calendarKey, calendar.selectedAt) : null,
      updateFenced(tx, calendar, { ...change, ...(isRestored && { reportedBrokenAt: null }) }),
    ])
    if (isSaved && isRestored) await reportCalendar(tx, context.businessId, 'calendar.restored')
    await (isSaved && !retryAt ? markClean(tx, requests) : markProcessed(tx, requests))
    if (!isSaved) return
    if (retryAt) {
      await updateSyncedCalendar(tx, calendar.id, { retryAt })
      await enqueueSync(tx, calendar.id, { later: Math.max(0, msBetween(context.now(), retryAt)) })
    }
    if (calendar.failingSince !== null || isFirstSuccess(calendar)) await publishChange(tx, context.businessId)
  })

/** The calendar failed: retried with backoff, unless it waits for a person. */
export const saveFailure = async (context: SyncContext, failure: GoogleFailure): Promise<GoogleFailure> => {
  const { failures, waitMs } = nextAttempt(context, failure)
  logFailure(context, failure, failures)
  const { calendar, businessId } = context
  await withFence(context, async (tx, { isShared }) => {
    const changes = {
      lastFailureAt: context.now(),
      failingSince: calendar.failingSince ?? context.now(),
      ...kindColumns(context, failure),
      failures,
      retryAt: waitMs === null ? null : addMs(context.now(), waitMs),
    }
    await saveFailing(tx, calendar, changes)
    const isStopped = stopsSync({ ...calendar, ...changes }) && !stopsSync(calendar)
    if (isShared && isStopped && calendar.purpose === 'appointments')
      await touchWaitingFor(tx, { businessId, syncedCalendarId: calendar.id })
    await publishRetry(tx, context, waitMs)
    // Its other calendars are as unknown from now on, and would only be read minutes later.
    if (isStopped && isOfGrant(failure.kind)) await enqueueSyncOfAccount(tx, calendar.accountId)
  })
  return failure
}

type Failing = Partial<SyncedCalendar> & { lastFailureAt: string; failingSince: string }

/** Reports once that the calendar is broken, until it works again. */
const saveFailing = async (tx: Tx, calendar: SyncedCalendar, changes: Failing): Promise<void> => {
  const { waitsForPerson } = { ...calendar, ...changes }
  // A member's calendar is no concern of the programs of the business.
  const isOfBusiness = calendar.purpose === 'appointments' && calendar.memberId === null
  const isReported = isOfBusiness && calendar.reportedBrokenAt === null
  const isNew = isReported && isBroken({ ...changes, waitsForPerson }, changes.lastFailureAt)
  await updateSyncedCalendar(tx, calendar.id, { ...changes, ...(isNew && { reportedBrokenAt: changes.lastFailureAt }) })
  if (isNew) await reportCalendar(tx, calendar.businessId, 'calendar.broken')
}

const reportCalendar = (tx: Tx, businessId: string, type: 'calendar.broken' | 'calendar.restored') =>
  insertChanges(tx, [{ businessId, type, subjectId: null }])

/** The question to the owner stays open when a push fails before it is answered. */
const kindColumns = ({ calendar }: SyncContext, { kind, detail }: GoogleFailure) => {
  const isPersonal = waitsForPerson(kind)
  if (!isPersonal && calendar.lastFailureKind === massDeletionKind) return {}
  return { lastFailureKind: kind, lastFailureDetail: detail, waitsForPerson: isPersonal }
}

const defaultWaitMs = 60_000

/**
 * `waitMs` null: retrying does not help. A run that a booking or a notification caused before the
 * wait was over does not lengthen it, unless Google asks for more.
 */
const nextAttempt = (context: SyncContext, failure: GoogleFailure) => {
  const { kind, retryAfterSeconds } = failure
  const leftMs = remainingWaitMs(context, failure)
  const failures = context.calendar.failures + (leftMs === null ? 1 : 0)
  if (waitsForPerson(kind)) return { failures, waitMs: null }
  if (leftMs !== null) return { failures, waitMs: leftMs }
  const waitMs = backoffMs({ kind, attempt: failures, random: context.random(), retryAfterSeconds })
  return { failures, waitMs: waitMs ?? defaultWaitMs }
}

/** Milliseconds until the attempt that the same failure is waiting for; null = none. */
const remainingWaitMs = ({ calendar, now }: SyncContext, failure: GoogleFailure): number | null => {
  const { lastFailureKind, retryAt } = calendar
  if (lastFailureKind !== failure.kind || failure.retryAfterSeconds !== null || !retryAt) return null
  const leftMs = msBetween(now(), retryAt)
  return leftMs > 0 ? leftMs : null
}

/**
 * A run threw: an error of ours. It is stored by the calendar's id alone, since the throw may
 * have come before the calendar was read in full. False when the database cannot store it.
 */
export const saveThrow = async (
  which: { syncedCalendarId: string; db: Db },
  { error, clock }: { error: unknown; clock: ClockAndRandom },
): Promise<boolean> => {
  const { syncedCalendarId, db } = which
  if (isDatabaseAway(error)) return false
  const detail = nameOfError(error)
  try {
    await db.transaction(async (tx) => {
      const calendar = await readSyncedCalendar(tx, syncedCalendarId)
      if (!calendar) return
      const failures = calendar.failures + 1
      const now = clock.now()
      const backoff = { kind: 'internal' as const, attempt: failures, random: clock.random(), retryAfterSeconds: null }
      const waitMs = backoffMs(backoff) ?? defaultWaitMs
      const isAsking = calendar.lastFailureKind === massDeletionKind
      await saveFailing(tx, calendar, {
        lastFailureAt: now,
        failingSince: calendar.failingSince ?? now,
        ...(!isAsking && { lastFailureKind: 'internal', lastFailureDetail: detail, waitsForPerson: false }),
        failures,
        retryAt: addMs(now, waitMs),
      })
      await enqueueSync(tx, syncedCalendarId, { later: waitMs })
      await publishChange(tx, calendar.businessId)
    })
  } catch {
    return false
  }
  log('error', 'sync.threw', { syncedCalendarId, error: detail })
  return true
}

/** Refused or broken calendars, and a server that is starting or stopping (classes 08 and 57). */
const isDatabaseAway = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  const isAway = typeof code === 'string' && /^(?:08...|57P..|53...|CONNECT.*|CONNECTION_.*|E[A-Z]{4,})$/.test(code)
  return isAway || isDatabaseAway(error.cause)
}

const logFailure = ({ calendar }: SyncContext, failure: GoogleFailure, failures: number) => {
  const { kind, detail, status } = failure
  log('warn', 'sync.failed', { syncedCalendarId: calendar.id, kind, detail, status, failures })
}

const rereadAfterMs = 10 * 60_000

/**
 * The mass-deletion guard stopped a full read: nothing is removed before the owner confirms. The
 * calendar is read again every ten minutes, since the mistake may have been Google's.
 */
export const saveGuard = async (context: SyncContext, wouldRemove: number): Promise<void> => {
  const { calendar } = context
  log('warn', 'sync.mass-deletion-guard', { syncedCalendarId: calendar.id, wouldRemove })
  await withFence(context, async (tx) => {
    await saveFailing(tx, calendar, {
      lastFailureAt: context.now(),
      lastFailureKind: massDeletionKind,
      lastFailureDetail: String(wouldRemove),
      waitsForPerson: waitsForPerson(massDeletionKind),
      failingSince: calendar.failingSince ?? context.now(),
      retryAt: addMs(context.now(), rereadAfterMs),
    })
    await publishRetry(tx, context, rereadAfterMs)
  })
}

const publishRetry = async (tx: Tx, { calendar, businessId }: SyncContext, waitMs: number | null) => {
  if (waitMs !== null) await enqueueSync(tx, calendar.id, { later: waitMs })
  await publishChange(tx, businessId)
}
