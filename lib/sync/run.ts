import type { BusinessId } from '#db/business-id.ts'
import type { Database, Db } from '#db/client.ts'
import { type ConnectionRow, updateConnection, updateFenced } from '#db/queries/connections.ts'
import { hasWaitingMappings, readNextAttempt } from '#db/queries/mappings.ts'
import { markClean, markProcessed, readSyncRequests, type SyncRequests } from '#db/queries/sync-requests.ts'
import { commitWithoutFlush } from '#db/queries/transaction.ts'
import { tenantDb } from '#db/tenant.ts'
import type { GoogleFailure } from '#lib/google/failure.ts'
import { massDeletionKind, waitsForPerson } from '#lib/google/failure-kind.ts'
import { publishChange } from '#lib/live/publish.ts'
import { log } from '#lib/observe/log.ts'
import { ensureChannel } from './channel.ts'
import { isOver } from './concurrency.ts'
import { type ClockAndRandom, contextOf, type SyncContext, systemClock } from './context.ts'
import { backoffMs } from './core/backoff.ts'
import { enqueueSync } from './enqueue.ts'
import { withFence } from './fence.ts'
import { withConnectionLock } from './lock.ts'
import { rollHorizon } from './pull/horizon.ts'
import { pullPage } from './pull/pull.ts'
import { pushDirty } from './push/dirty.ts'
import { removeSuperseded } from './push/remove-superseded.ts'

/** Everything ends here: a save, a ring, a tick, "Sync now" and a restart all ask for the same look at a connection. */

export type SyncReport = { ran: boolean; pushed: number; pages: number; failure: string | null }

/** `deadline` (epoch ms): after it no further page or push is begun; the rest is queued. */
type Options = { clock?: ClockAndRandom; deadline?: number }

/**
 * Brings one connection up to date: push what is dirty, keep the channel alive, pull what changed, push what that made
 * dirty. Runs again while somebody asked meanwhile. One look per connection at a time; a second one returns at once
 * and leaves its mark to the first.
 */
export const syncConnection = async (
  database: Database,
  connectionId: string,
  options: Options = {},
): Promise<SyncReport> => {
  const total: SyncReport = { ran: false, pushed: 0, pages: 0, failure: null }
  for (;;) {
    const done = await withConnectionLock(database, connectionId, async (businessId) => {
      const db = tenantDb(database, businessId)
      return { db, report: await lookOnce(database, { connectionId, businessId, db }, options) }
    })
    if (done === 'busy' || done === 'gone' || !done.report.ran) return total
    const { db, report } = done
    Object.assign(total, { ran: true, failure: report.failure })
    total.pushed += report.pushed
    total.pages += report.pages
    // Somebody may have asked while it looked, or before the lock was free.
    const marks = await readSyncRequests(db, connectionId)
    if (!marks || report.failure || marks.requested <= marks.processed) return total
  }
}

type Which = { connectionId: string; businessId: BusinessId; db: Db }

/** One look, answering everything that was asked for before it began. */
const lookOnce = async (database: Database, which: Which, options: Options): Promise<SyncReport> => {
  const { marks, context } = await begin(database, which, options)
  if (!marks || !context) return { ran: false, pushed: 0, pages: 0, failure: null }
  const { pushed, pages, failure, answered } = await look(context, marks)
  if (!answered && isAsked(marks)) await markProcessed(which.db, marks)
  return { ran: true, pushed, pages, failure: failure?.kind ?? null }
}

const begin = (database: Database, { connectionId, businessId, db }: Which, options: Options) =>
  db.transaction(async (tx) => {
    // In this order, though sent together: what was asked for before the connection was read is answered by what is read.
    const [marks, context] = await Promise.all([
      readSyncRequests(tx, connectionId),
      contextOf(
        database,
        { connectionId, businessId, db, tx },
        {
          clock: options.clock ?? systemClock,
          deadline: options.deadline ?? Number.POSITIVE_INFINITY,
        },
      ),
    ])
    return { marks, context }
  })

const isAsked = ({ requested, processed }: SyncRequests) => processed < requested
const isSettled = ({ dirtyVersion, cleanVersion }: SyncRequests) => dirtyVersion === cleanVersion

/** `answered`: what was asked for is marked so already. */
type Look = { pushed: number; pages: number; failure: GoogleFailure | null; answered?: true }

const nothingPushed = { pushed: 0, failure: null }

const look = async (context: SyncContext, marks: SyncRequests): Promise<Look> => {
  const first = await pushDirty(context)
  if (first.failure) return fail(context, { pushed: first.pushed, pages: 0, failure: first.failure })
  if (braked(context) || (await stopsHere(context))) return { pushed: first.pushed, pages: 0, failure: null }
  await ensureChannel(context)
  const pulled = await pullAll(context)
  const total: Look = { pushed: first.pushed + pulled.pushed, pages: pulled.pages, failure: null }
  if (pulled.failure) return fail(context, { ...total, failure: pulled.failure })
  if (pulled.stopped) return total
  const second = pulled.changed && context.unsettled ? await pushDirty(context) : nothingPushed
  total.pushed += second.pushed
  if (second.failure) return fail(context, { ...total, failure: second.failure })
  if (await stopsHere(context)) return total
  // Pushing touched copies; but hardly ever does one of them wait or leave.
  context.unsettled &&= await hasWaitingMappings(context.db, context.connection.id)
  const left = context.unsettled ? await removeSuperseded(context) : { failure: null }
  if (left.failure) return fail(context, { ...total, failure: left.failure })
  if (await stopsHere(context)) return total
  await rollHorizon(context)
  return { ...total, ...(await succeed(context, marks)) }
}

/** While the owner is asked, what people do here goes to Google at once; reading it all again can wait. */
const braked = ({ connection, now }: SyncContext): boolean =>
  connection.lastFailureKind === massDeletionKind &&
  !connection.bulkDeletionApproved &&
  connection.retryAt !== null &&
  Date.parse(now()) < Date.parse(connection.retryAt)

/** During a long first read people go on booking: what they do is pushed between the pages. */
const pullAll = async (context: SyncContext) => {
  const total = { pushed: 0, pages: 0, failure: null as GoogleFailure | null, stopped: false, changed: true }
  for (;;) {
    const outcome = await pullPage(context)
    if (outcome.state === 'failed') return { ...total, failure: outcome.failure }
    total.pages++
    if (outcome.state === 'mass-deletion') {
      await brake(context, outcome.wouldRemove)
      return { ...total, stopped: true }
    }
    if (outcome.state === 'unlinked') return { ...total, stopped: true }
    if (outcome.state === 'done') return { ...total, changed: total.pages > 1 || outcome.changed }
    if (await stopsHere(context)) return { ...total, stopped: true }
    const pushed = await pushDirty(context)
    total.pushed += pushed.pushed
    if (pushed.failure) return { ...total, failure: pushed.failure }
  }
}

/** Past the deadline: what is left is queued, and goes on where this look ended. */
const stopsHere = async (context: SyncContext): Promise<boolean> => {
  if (!isOver(context)) return false
  await enqueueSync(context.db, context.connection.id, { later: 0 })
  return true
}

const succeed = async (context: SyncContext, marks: SyncRequests): Promise<{ answered?: true }> => {
  const change = {
    ...context.unsaved,
    lastSuccessAt: context.now(),
    failingSince: null,
    lastFailureKind: null,
    lastFailureDetail: null,
    failures: 0,
    retryAt: null,
  }
  const recovered = context.connection.failingSince !== null
  if (recovered || context.unsettled) {
    await succeedAndTell(context, change, { marks, recovered })
    return { answered: true }
  }
  // Not flushed: a crash that takes it back makes the next look read the same again.
  await context.db.transaction((tx) =>
    Promise.all([
      commitWithoutFlush(tx),
      updateFenced(tx, context.connection, change),
      (isAsked(marks) || !isSettled(marks)) && markClean(tx, marks),
    ]),
  )
  return { answered: true }
}

/** The same, with a look for when the next copy that waits is due, and a word to open pages that trouble is over. */
const succeedAndTell = (
  context: SyncContext,
  change: Partial<ConnectionRow>,
  { marks, recovered }: { marks: SyncRequests; recovered: boolean },
) =>
  context.db.transaction(async (tx) => {
    const { connection } = context
    const [, retryAt, held] = await Promise.all([
      commitWithoutFlush(tx),
      readNextAttempt(tx, context.place, connection.selectedAt),
      updateFenced(tx, connection, change),
    ])
    await (held && !retryAt ? markClean(tx, marks) : markProcessed(tx, marks))
    if (!held) return
    if (retryAt) {
      const later = Math.max(0, Date.parse(retryAt) - Date.parse(context.now()))
      await updateConnection(tx, connection.id, { retryAt })
      await enqueueSync(tx, connection.id, { later })
    }
    if (recovered) await publishChange(tx, context.businessId)
  })

/** The connection's own trouble: remembered for the status, tried again by itself unless a person must act. */
const fail = async (context: SyncContext, result: Look & { failure: GoogleFailure }): Promise<Look> => {
  const { connection } = context
  const { failure } = result
  // Bookings and rings ask before the wait is over: what they meet lengthens it only where Google says so.
  const left = waitLeft(context, failure)
  const failures = left === null ? connection.failures + 1 : connection.failures
  const waitMs =
    left ??
    backoffMs({
      kind: failure.kind,
      attempt: failures,
      random: context.random(),
      retryAfterSeconds: failure.retryAfterSeconds,
    })
  const personal = waitsForPerson(failure.kind)
  log('warn', 'sync.failed', {
    connectionId: connection.id,
    kind: failure.kind,
    detail: failure.detail,
    status: failure.status,
    failures,
  })
  await withFence(context, async (tx) => {
    await updateConnection(tx, connection.id, {
      lastFailureAt: context.now(),
      // The question to the owner stands, whatever happens to a push meanwhile.
      ...((personal || connection.lastFailureKind !== massDeletionKind) && {
        lastFailureKind: failure.kind,
        lastFailureDetail: failure.detail,
      }),
      failingSince: connection.failingSince ?? context.now(),
      failures,
      retryAt: personal ? null : new Date(Date.parse(context.now()) + (waitMs ?? 60_000)).toISOString(),
    })
    if (!personal) await enqueueSync(tx, connection.id, { later: waitMs ?? 60_000 })
    await publishChange(tx, context.businessId)
  })
  return result
}

/** Milliseconds until the next try that the same trouble has already; null = it has none. */
const waitLeft = ({ connection, now }: SyncContext, failure: GoogleFailure): number | null => {
  if (connection.lastFailureKind !== failure.kind || failure.retryAfterSeconds !== null) return null
  const left = Date.parse(connection.retryAt ?? '') - Date.parse(now())
  return left > 0 ? left : null
}

const readAgainMs = 10 * 60_000

/** Nothing is removed before the owner says so. The calendar is read again now and then: it may have been Google's mistake. */
const brake = async (context: SyncContext, wouldRemove: number): Promise<void> => {
  log('warn', 'sync.brake', { connectionId: context.connection.id, wouldRemove })
  await withFence(context, async (tx) => {
    await updateConnection(tx, context.connection.id, {
      lastFailureAt: context.now(),
      lastFailureKind: massDeletionKind,
      lastFailureDetail: String(wouldRemove),
      failingSince: context.connection.failingSince ?? context.now(),
      retryAt: new Date(Date.parse(context.now()) + readAgainMs).toISOString(),
    })
    await enqueueSync(tx, context.connection.id, { later: readAgainMs })
    await publishChange(tx, context.businessId)
  })
}
