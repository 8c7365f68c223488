import type { Db, Tx } from '#db/client.ts'
import { insertChanges } from '#db/queries/changes.ts'
import { readNextAttempt, readWaitingMappings } from '#db/queries/mappings/dirty.ts'
import {
  type ConnectionRow,
  noFailure,
  readConnection,
  updateConnection,
  updateFenced,
} from '#db/queries/sync/connections.ts'
import { markClean, markProcessed, type SyncRequests } from '#db/queries/sync/sync-requests.ts'
import { commitWithoutFlush } from '#db/queries/transaction.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { massDeletionKind, waitsForPerson } from '#lib/google/failure-kind.ts'
import { publishChange } from '#lib/live/publish.ts'
import { log, nameOfError } from '#lib/observe/log.ts'
import type { ClockAndRandom, SyncContext } from './context.ts'
import { backoffMs } from './core/backoff.ts'
import { addMs, msBetween } from './core/instant.ts'
import { isBroken } from './core/status.ts'
import { enqueueSync } from './enqueue.ts'
import { withFence } from './fence.ts'
import { isNotificationAwaited } from './notifications/leave-read.ts'

/** How a run ended, saved on its connection: the status is computed from these columns. */

export const isRequested = ({ requested, processed }: Pick<SyncRequests, 'requested' | 'processed'>) =>
  processed < requested
const isClean = ({ dirtyVersion, cleanVersion }: SyncRequests) => dirtyVersion === cleanVersion

export const saveSuccess = async (context: SyncContext, requests: SyncRequests): Promise<void> => {
  const { state, connection } = context
  const change = { ...state.unsaved, lastSuccessAt: context.now(), ...noFailure }
  const isRecovery = connection.failingSince !== null || connection.reportedBrokenAt !== null
  if (isRecovery || state.mayBeDirty) return saveRecovery(context, change, requests)
  // Without a flush: if a crash loses it, the next run reads the same again.
  await context.db.transaction((tx) =>
    Promise.all([
      commitWithoutFlush(tx),
      updateFenced(tx, connection, change),
      (isRequested(requests) || !isClean(requests)) && markClean(tx, requests),
    ]),
  )
}

/**
 * Pushed, and the push notification of it causes the read. `lastSuccessAt` stays the time of the
 * last read. If a crash loses this without a flush, the next run has nothing to write, and reads.
 * False without saving it when an item waits: that needs the whole run.
 */
export const savePushed = (context: SyncContext, requests: SyncRequests): Promise<boolean> =>
  context.db.transaction(async (tx) => {
    const { id, channelCreatedAt } = context.connection
    if ((await readWaitingMappings(tx, id)).any) return false
    const isAwaited = isNotificationAwaited(requests, channelCreatedAt)
    await Promise.all([commitWithoutFlush(tx), markClean(tx, requests, isAwaited ? null : requests.readAt)])
    return true
  })

/**
 * Also queues a run for the next attempt of a waiting item, and updates open pages when the failure
 * is over.
 */
const saveRecovery = (context: SyncContext, change: Partial<ConnectionRow>, requests: SyncRequests) =>
  context.db.transaction(async (tx) => {
    const { connection } = context
    const isRestored = connection.reportedBrokenAt !== null
    const [, retryAt, isSaved] = await Promise.all([
      !isRestored && commitWithoutFlush(tx),
      readNextAttempt(tx, context.calendarKey, connection.selectedAt),
      updateFenced(tx, connection, { ...change, ...(isRestored && { reportedBrokenAt: null }) }),
    ])
    if (isSaved && isRestored) await reportCalendar(tx, context.businessId, 'calendar.restored')
    await (isSaved && !retryAt ? markClean(tx, requests) : markProcessed(tx, requests))
    if (!isSaved) return
    if (retryAt) {
      await updateConnection(tx, connection.id, { retryAt })
      await enqueueSync(tx, connection.id, { later: Math.max(0, msBetween(context.now(), retryAt)) })
    }
    if (connection.failingSince !== null) await publishChange(tx, context.businessId)
  })

/** The connection failed: retried with backoff, unless it waits for a person. */
export const saveFailure = async (context: SyncContext, failure: GoogleFailure): Promise<GoogleFailure> => {
  const { failures, waitMs } = nextAttempt(context, failure)
  logFailure(context, failure, failures)
  await withFence(context, async (tx) => {
    await saveFailing(tx, context.connection, {
      lastFailureAt: context.now(),
      failingSince: context.connection.failingSince ?? context.now(),
      ...kindColumns(context, failure),
      failures,
      retryAt: waitMs === null ? null : addMs(context.now(), waitMs),
    })
    await publishRetry(tx, context, waitMs)
  })
  return failure
}

type Failing = Partial<ConnectionRow> & { lastFailureAt: string; failingSince: string }

/** Reports once that the connection is broken, until it works again. */
const saveFailing = async (tx: Tx, connection: ConnectionRow, changes: Failing): Promise<void> => {
  const { waitsForPerson } = { ...connection, ...changes }
  const isNew = connection.reportedBrokenAt === null && isBroken({ ...changes, waitsForPerson }, changes.lastFailureAt)
  await updateConnection(tx, connection.id, { ...changes, ...(isNew && { reportedBrokenAt: changes.lastFailureAt }) })
  if (isNew) await reportCalendar(tx, connection.businessId, 'calendar.broken')
}

const reportCalendar = (tx: Tx, businessId: string, type: 'calendar.broken' | 'calendar.restored') =>
  insertChanges(tx, [{ businessId, type, subjectId: null }])

/** The question to the owner stays open when a push fails before it is answered. */
const kindColumns = ({ connection }: SyncContext, { kind, detail }: GoogleFailure) => {
  const isPersonal = waitsForPerson(kind)
  if (!isPersonal && connection.lastFailureKind === massDeletionKind) return {}
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
  const failures = context.connection.failures + (leftMs === null ? 1 : 0)
  if (waitsForPerson(kind)) return { failures, waitMs: null }
  if (leftMs !== null) return { failures, waitMs: leftMs }
  const waitMs = backoffMs({ kind, attempt: failures, random: context.random(), retryAfterSeconds })
  return { failures, waitMs: waitMs ?? defaultWaitMs }
}

/** Milliseconds until the attempt that the same failure is waiting for; null = none. */
const remainingWaitMs = ({ connection, now }: SyncContext, failure: GoogleFailure): number | null => {
  const { lastFailureKind, retryAt } = connection
  if (lastFailureKind !== failure.kind || failure.retryAfterSeconds !== null || !retryAt) return null
  const leftMs = msBetween(now(), retryAt)
  return leftMs > 0 ? leftMs : null
}

/**
 * A run threw: an error of ours. It is stored by the connection's id alone, since the throw may
 * have come before the connection was read in full. False when the database cannot store it.
 */
export const saveThrow = async (
  which: { connectionId: string; db: Db },
  { error, clock }: { error: unknown; clock: ClockAndRandom },
): Promise<boolean> => {
  const { connectionId, db } = which
  if (isDatabaseAway(error)) return false
  const detail = nameOfError(error)
  try {
    await db.transaction(async (tx) => {
      const connection = await readConnection(tx, connectionId)
      if (!connection) return
      const failures = connection.failures + 1
      const now = clock.now()
      const backoff = { kind: 'internal' as const, attempt: failures, random: clock.random(), retryAfterSeconds: null }
      const waitMs = backoffMs(backoff) ?? defaultWaitMs
      const isAsking = connection.lastFailureKind === massDeletionKind
      await saveFailing(tx, connection, {
        lastFailureAt: now,
        failingSince: connection.failingSince ?? now,
        ...(!isAsking && { lastFailureKind: 'internal', lastFailureDetail: detail, waitsForPerson: false }),
        failures,
        retryAt: addMs(now, waitMs),
      })
      await enqueueSync(tx, connectionId, { later: waitMs })
      await publishChange(tx, connection.businessId)
    })
  } catch {
    return false
  }
  log('error', 'sync.threw', { connectionId, error: detail })
  return true
}

/** Refused or broken connections, and a server that is starting or stopping (classes 08 and 57). */
const isDatabaseAway = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  const isAway = typeof code === 'string' && /^(?:08...|57P..|53...|CONNECT.*|CONNECTION_.*|E[A-Z]{4,})$/.test(code)
  return isAway || isDatabaseAway(error.cause)
}

const logFailure = ({ connection }: SyncContext, failure: GoogleFailure, failures: number) => {
  const { kind, detail, status } = failure
  log('warn', 'sync.failed', { connectionId: connection.id, kind, detail, status, failures })
}

const rereadAfterMs = 10 * 60_000

/**
 * The mass-deletion guard stopped a full read: nothing is removed before the owner confirms. The
 * calendar is read again every ten minutes, since the mistake may have been Google's.
 */
export const saveGuard = async (context: SyncContext, wouldRemove: number): Promise<void> => {
  const { connection } = context
  log('warn', 'sync.mass-deletion-guard', { connectionId: connection.id, wouldRemove })
  await withFence(context, async (tx) => {
    await saveFailing(tx, connection, {
      lastFailureAt: context.now(),
      lastFailureKind: massDeletionKind,
      lastFailureDetail: String(wouldRemove),
      waitsForPerson: waitsForPerson(massDeletionKind),
      failingSince: connection.failingSince ?? context.now(),
      retryAt: addMs(context.now(), rereadAfterMs),
    })
    await publishRetry(tx, context, rereadAfterMs)
  })
}

const publishRetry = async (tx: Tx, { connection, businessId }: SyncContext, waitMs: number | null) => {
  if (waitMs !== null) await enqueueSync(tx, connection.id, { later: waitMs })
  await publishChange(tx, businessId)
}
