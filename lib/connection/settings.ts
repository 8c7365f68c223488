import type { BusinessId } from '#db/business-id.ts'
import { type Db, database } from '#db/client.ts'
import { countMappings, type MappingCounts, type MappingTrouble, readTroubles } from '#db/queries/mappings/counts.ts'
import { readMostSpent } from '#db/queries/sync/budget.ts'
import { type ConnectionRow, readConnectionOfBusiness } from '#db/queries/sync/connections.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { env } from '#lib/env.ts'
import { removedInGoogle, whyRejected, whySkipped, whyWaiting } from '#lib/google/failure-words.ts'
import { missingPermissions } from '#lib/google/scopes.ts'
import { type SkippedEvent, skippedFromJson } from '#lib/sync/core/skipped.ts'
import { type SyncFacts, type SyncStatus, statusOf } from '#lib/sync/core/status.ts'
import type { CalendarSettings } from './schema.ts'

/**
 * Settings → Calendar and the status on every page, from stored facts alone: no request to Google.
 */

const mostTroubles = 20

export const settingsOf = async (businessId: BusinessId): Promise<CalendarSettings> => {
  const db = tenantDbOf({ businessId })
  const connection = await readConnectionOfBusiness(db, businessId)
  if (!connection) return { linked: false }
  const now = new Date().toISOString()
  const counts = await countsOf(db, connection, now)
  const troubles = await troublesOf(db, connection)
  const { calendarId } = connection
  return {
    linked: true,
    account: connection.googleEmail,
    status: statusOf(factsOf(connection, counts), now),
    calendar: calendarId
      ? {
          id: calendarId,
          name: connection.calendarName ?? calendarId,
          timeZone: connection.calendarZone ?? '',
        }
      : null,
    arrival: Date.parse(connection.channelExpiresAt ?? '') > Date.parse(now) ? 'instantly' : 'polling',
    lastSuccessAt: connection.lastSuccessAt,
    quotaPercent: await quotaPercentOf(connection),
    counts: { ...counts, skipped: connection.skippedCount },
    skipped: skippedFromJson(connection.skippedEvents).map(skippedOf),
    waiting: troubles.filter((trouble) => !isAttention(trouble)).map(waitingOf),
    needAttention: troubles.filter(isAttention).map(attentionOf),
    missingPermissions: missingPermissions(connection.scopes),
  }
}

export const statusOfBusiness = async (businessId: BusinessId): Promise<SyncStatus> => {
  const db = tenantDbOf({ businessId })
  const connection = await readConnectionOfBusiness(db, businessId)
  const now = new Date().toISOString()
  return statusOf(connection && factsOf(connection, await countsOf(db, connection, now)), now)
}

const allowedPerMinute = 600

/** Google counts per account, so the units of every business that links it count. */
const quotaPercentOf = async ({ googleSub }: ConnectionRow): Promise<number> => {
  const { db } = database(env().DATABASE_URL)
  return Math.ceil((100 * (await readMostSpent(db, googleSub))) / allowedPerMinute)
}

const factsOf = (connection: ConnectionRow, counts: MappingCounts): SyncFacts => ({
  ...connection,
  ...counts,
})

const none: MappingCounts = { inGoogle: 0, waiting: 0, waitingSince: null, needAttention: 0, upcoming: 0 }

const countsOf = async (db: Db, connection: ConnectionRow, now: string): Promise<MappingCounts> => {
  const { businessId, googleSub, calendarId, selectedAt } = connection
  // Before a calendar is chosen nothing waits; `upcoming` is how many appointments a choice would
  // send.
  if (!calendarId || !selectedAt) {
    const all = await countMappings(db, { businessId, googleSub, calendarId: '' }, { selectedAt: now, now })
    return { ...none, upcoming: all.upcoming }
  }
  return countMappings(db, { businessId, googleSub, calendarId }, { selectedAt, now })
}

const troublesOf = async (db: Db, connection: ConnectionRow): Promise<MappingTrouble[]> => {
  const { businessId, googleSub, calendarId, selectedAt } = connection
  if (!calendarId || !selectedAt) return []
  return readTroubles(db, { businessId, googleSub, calendarId }, { selectedAt, limit: mostTroubles })
}

const isAttention = (trouble: MappingTrouble) => trouble.state === 'removed' || trouble.errorKind === 'rejected'

const skippedOf = ({ id, reason }: SkippedEvent) => ({ id, why: whySkipped(reason) })

const summary = ({ appointmentId, title, start }: MappingTrouble) => ({ appointmentId, title, start })

const waitingOf = (trouble: MappingTrouble) => ({
  ...summary(trouble),
  since: trouble.since,
  why: whyWaiting(trouble.errorKind),
})

const attentionOf = (trouble: MappingTrouble) => ({
  ...summary(trouble),
  why: trouble.state === 'removed' ? removedInGoogle : whyRejected(trouble.errorDetail),
  reason: trouble.state === 'removed' ? ('removed' as const) : ('rejected' as const),
})

/** The account to suggest when linking again. */
export const accountOfBusiness = async (businessId: BusinessId): Promise<string | null> =>
  (await readConnectionOfBusiness(tenantDbOf({ businessId }), businessId))?.googleEmail ?? null
