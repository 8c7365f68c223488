import type { BusinessId } from '#db/business-id.ts'
import { database } from '#db/client.ts'
import { isStale, readFreshness } from '#db/queries/sync/freshness.ts'
import { tenantDb } from '#db/tenant.ts'
import { env } from '#lib/env.ts'
import { stopsSync } from '#lib/google/failure-kind.ts'
import { enqueueSync, enqueueSyncOfBusiness } from '#lib/sync/enqueue.ts'
import { drainNow } from './drain-after-response.ts'

const boundMs = 1500
const checkMs = 20
/**
 * A run lasts at most so long: it has read everything that was notified earlier than this before
 * its end.
 */
const runMs = 30_000
const staleMs = { notified: 15 * 60_000, polled: 60_000 }

export type Freshness = 'fresh' | 'unchecked' | 'not-linked'

/**
 * Whether a booking can rely on the mirror. A mirror that may be stale is synced first, within 1.5
 * s; if Google does not respond in time, the booking goes on and is marked as unchecked.
 */
export const ensureFresh = async (businessId: BusinessId): Promise<Freshness> => {
  const db = tenantDb(database(env().DATABASE_URL), businessId)
  const startedAt = Date.now()
  const deadline = startedAt + boundMs
  let requested = false
  for (;;) {
    const connection = await readFreshness(db, businessId)
    if (!connection?.calendarId) return 'not-linked'
    if (stopsSync(connection)) return 'unchecked'
    const { requests } = connection
    const succeededAt = Date.parse(connection.lastSuccessAt ?? '') || 0
    // A channel announces only changes after it was opened, so it must be older than the last read.
    const hasChannel =
      Date.parse(connection.channelExpiresAt ?? '') > Date.now() &&
      Date.parse(connection.channelCreatedAt ?? '') <= succeededAt
    const age = Date.now() - succeededAt
    const notifiedAt = Date.parse(requests?.lastNotificationAt ?? '') || 0
    const pending = requests !== null && requests.requested > requests.processed && notifiedAt > succeededAt - runMs
    if (!pending && age < (hasChannel ? staleMs.notified : staleMs.polled)) return 'fresh'
    if (requested && succeededAt > startedAt) return 'fresh'
    if (Date.now() >= deadline) return 'unchecked'
    if (!requested) {
      await enqueueSync(db, connection.connectionId)
      drainNow()
    }
    requested = true
    await new Promise((resolve) => setTimeout(resolve, checkMs))
  }
}

/** When a person opens the calendar: queues a sync run if the last one is over a minute old. */
export const syncIfStale = async (businessId: BusinessId): Promise<void> => {
  const db = tenantDb(database(env().DATABASE_URL), businessId)
  if (await isStale(db, businessId, staleMs.polled / 1000)) await enqueueSyncOfBusiness(db, businessId)
}
