import type { BusinessId } from '#db/business-id.ts'
import { database } from '#db/client.ts'
import { isStale, readFreshness } from '#db/queries/sync/freshness.ts'
import { tenantDb } from '#db/tenant.ts'
import { env } from '#lib/env.ts'
import { stopsSync } from '#lib/google/failure-kind.ts'
import { enqueueSync, enqueueSyncOfBusiness } from '#lib/sync/enqueue.ts'
import { isPushOnly, isSilent, readIntervalMs } from '#lib/sync/notifications/leave-read.ts'
import { drainNow } from './drain-after-response.ts'

/** People wait so long for a booking; a caller on the phone waits `callerBoundMs`. */
const boundMs = 1500
export const callerBoundMs = 400
const checkMs = 20
/**
 * A run lasts at most so long: it has read everything that was notified earlier than this before
 * its end.
 */
const runMs = 30_000

export type Freshness = 'fresh' | 'unchecked' | 'not-linked'

/** `checked-now`: a sync run finished in time. `asOf`: when Google was last read. */
export type Checked = { state: 'fresh' | 'checked-now' | 'unknown' | 'unlinked'; asOf: string | null }

/**
 * Whether a booking, or a search for free times, can rely on the mirror. A mirror that may be stale
 * is synced first, within 1.5 s; if Google does not respond in time, the answer is `unchecked`.
 */
export const ensureFresh = async (businessId: BusinessId): Promise<Freshness> => {
  const { state } = await checkFreshness(businessId, boundMs)
  if (state === 'unlinked') return 'not-linked'
  return state === 'unknown' ? 'unchecked' : 'fresh'
}

/** The same within `bound` milliseconds. */
export const checkFreshness = async (businessId: BusinessId, bound: number): Promise<Checked> => {
  const db = tenantDb(database(env().DATABASE_URL), businessId)
  const deadline = Date.now() + bound
  const before = await readFreshness(db, businessId)
  if (!before) return unlinked
  if (stopsSync(before)) return unknown(before)
  if (isFresh(before)) return { state: 'fresh', asOf: before.lastSuccessAt }
  await enqueueSync(db, before.syncedCalendarId)
  drainNow()
  let awaited: number | null = null
  while (Date.now() < deadline) {
    const after = await readFreshness(db, businessId)
    if (!after) return unlinked
    if (stopsSync(after)) return unknown(after)
    const { requested = 0, processed = 0 } = after.requests ?? {}
    awaited ??= requested
    // Only a run that began after the request has read what Google knew then.
    if (processed >= awaited)
      return hasSucceeded(before, after) ? { state: 'checked-now', asOf: after.lastSuccessAt } : unknown(after)
    await new Promise((resolve) => setTimeout(resolve, checkMs))
  }
  return unknown(before)
}

const unlinked: Checked = { state: 'unlinked', asOf: null }
const unknown = ({ lastSuccessAt }: Facts): Checked => ({ state: 'unknown', asOf: lastSuccessAt })

type Facts = NonNullable<Awaited<ReturnType<typeof readFreshness>>>

const isFresh = ({ requests, lastSuccessAt, channelExpiresAt, channelCreatedAt }: Facts): boolean => {
  const succeededAt = Date.parse(lastSuccessAt ?? '') || 0
  const notifiedAt = Date.parse(requests?.lastNotificationAt ?? '') || 0
  const isReadRequested = requests && requests.requested > requests.processed && !isPushOnly(requests)
  if (isReadRequested && notifiedAt > succeededAt - runMs) return false
  // A channel announces only changes after it was opened, so it must be older than the last read.
  const hasChannel =
    Date.parse(channelExpiresAt ?? '') > Date.now() && Date.parse(channelCreatedAt ?? '') <= succeededAt
  const isActive = hasChannel && !(requests && isSilent(requests, channelCreatedAt, new Date().toISOString()))
  return Date.now() - succeededAt < (isActive ? readIntervalMs.notified : readIntervalMs.polled)
}

const hasSucceeded = (before: Facts, after: Facts) =>
  after.failingSince === null && after.lastSuccessAt !== before.lastSuccessAt

/** When a person opens the calendar: queues a sync run if the last one is over a minute old. */
export const syncIfStale = async (businessId: BusinessId): Promise<void> => {
  const db = tenantDb(database(env().DATABASE_URL), businessId)
  if (await isStale(db, businessId, readIntervalMs.polled / 1000)) await enqueueSyncOfBusiness(db, businessId)
}
