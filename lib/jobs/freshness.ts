import type { BusinessId } from '#db/business-id.ts'
import { database } from '#db/client.ts'
import { isStale, readFreshness } from '#db/queries/sync.ts'
import { tenantDb } from '#db/tenant.ts'
import { env } from '#lib/env.ts'
import { stopsSync } from '#lib/google/failure-kind.ts'
import { enqueueSync, enqueueSyncOfBusiness } from '#lib/sync/enqueue.ts'
import { drainNow } from './drain-after-response.ts'

const boundMs = 1500
const checkMs = 20
/** A ring this long before the end of a look may have come too late for it; an older one was heard. */
const lookMs = 30_000
const staleMs = { rung: 15 * 60_000, polled: 60_000 }

export type Freshness = 'fresh' | 'unchecked' | 'not-linked'

/**
 * Whether the mirror can be trusted for a booking. One that may be stale is brought up to date first, within 1.5 s; if
 * Google does not answer in time the booking goes on unchecked and says so.
 */
export const ensureFresh = async (businessId: BusinessId): Promise<Freshness> => {
  const db = tenantDb(database(env().DATABASE_URL), businessId)
  const begun = Date.now()
  const deadline = begun + boundMs
  let asked = false
  for (;;) {
    const connection = await readFreshness(db, businessId)
    if (!connection?.calendarId) return 'not-linked'
    if (stopsSync(connection)) return 'unchecked'
    const { marks } = connection
    const succeededAt = Date.parse(connection.lastSuccessAt ?? '') || 0
    // A channel rings for what came after it was opened: it vouches for no read from before.
    const ringing =
      Date.parse(connection.channelExpiresAt ?? '') > Date.now() &&
      Date.parse(connection.channelCreatedAt ?? '') <= succeededAt
    const age = Date.now() - succeededAt
    const rungAt = Date.parse(marks?.lastNotificationAt ?? '') || 0
    const pending = marks !== null && marks.requested > marks.processed && rungAt > succeededAt - lookMs
    if (!pending && age < (ringing ? staleMs.rung : staleMs.polled)) return 'fresh'
    if (asked && succeededAt > begun) return 'fresh'
    if (Date.now() >= deadline) return 'unchecked'
    if (!asked) {
      await enqueueSync(db, connection.connectionId)
      drainNow()
    }
    asked = true
    await new Promise((resolve) => setTimeout(resolve, checkMs))
  }
}

/** Somebody opened the calendar: what is older than a minute is looked at, without anybody waiting for it. */
export const syncIfStale = async (businessId: BusinessId): Promise<void> => {
  const db = tenantDb(database(env().DATABASE_URL), businessId)
  if (await isStale(db, businessId, staleMs.polled / 1000)) await enqueueSyncOfBusiness(db, businessId)
}
