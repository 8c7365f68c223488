import type { BusinessId } from '#db/business-id.ts'
import { database } from '#db/client.ts'
import { isStale, readFreshness } from '#db/queries/sync/freshness.ts'
import { tenantDb } from '#db/tenant.ts'
import { env } from '#lib/env.ts'
import { stopsSync } from '#lib/google/failure-kind.ts'
import { enqueueSync, enqueueSyncOfBusiness } from '#lib/sync/enqueue.ts'
import { isPushOnly, isSilent, readIntervalMs } from '#lib/sync/notifications/leave-read.ts'
import { drainNow } from './drain-after-response.ts'

const boundMs = 1500
const checkMs = 20
/**
 * A run lasts at most so long: it has read everything that was notified earlier than this before
 * its end.
 */
const runMs = 30_000

export type Freshness = 'fresh' | 'unchecked' | 'not-linked'

/**
 * Whether a booking, or a search for free times, can rely on the mirror. A mirror that may be stale
 * is synced first, within 1.5 s; if Google does not respond in time, the answer is `unchecked`.
 */
export const ensureFresh = async (businessId: BusinessId): Promise<Freshness> => {
  const db = tenantDb(database(env().DATABASE_URL), businessId)
  const deadline = Date.now() + boundMs
  const before = await readFreshness(db, businessId)
  if (!before?.calendarId) return 'not-linked'
  if (stopsSync(before)) return 'unchecked'
  if (isFresh(before)) return 'fresh'
  await enqueueSync(db, before.connectionId)
  drainNow()
  let awaited: number | null = null
  while (Date.now() < deadline) {
    const after = await readFreshness(db, businessId)
    if (!after?.calendarId) return 'not-linked'
    if (stopsSync(after)) return 'unchecked'
    const { requested = 0, processed = 0 } = after.requests ?? {}
    awaited ??= requested
    // Only a run that began after the request has read what Google knew then.
    if (processed >= awaited) return hasSucceeded(before, after) ? 'fresh' : 'unchecked'
    await new Promise((resolve) => setTimeout(resolve, checkMs))
  }
  return 'unchecked'
}

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
