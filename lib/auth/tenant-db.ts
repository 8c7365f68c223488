import type { BusinessId } from '#db/business-id.ts'
import { type Db, database } from '#db/client.ts'
import { type InTurn, tenantDb } from '#db/tenant.ts'
import { env } from '#lib/env.ts'
import { processSingleton } from '#lib/process-singleton.ts'

/** The database limited to one business by row-level security. */
export const tenantDbOf = ({ businessId }: { businessId: BusinessId }): Db =>
  tenantDb(database(env().DATABASE_URL), businessId, connectionsOf(businessId))

/**
 * Half of the pool: bookings of one business may wait for each other's locks, and must not hold
 * every connection.
 */
const connectionsEach = 5

type Holding = { running: number; waiting: (() => void)[] }

const holding = () => processSingleton('tenant-connections', (): { of: Map<string, Holding> } => ({ of: new Map() })).of

const connectionsOf =
  (businessId: BusinessId): InTurn =>
  async (work) => {
    const state = holding().get(businessId) ?? { running: 0, waiting: [] }
    holding().set(businessId, state)
    if (state.running >= connectionsEach) await new Promise<void>((resolve) => state.waiting.push(resolve))
    else state.running++
    try {
      return await work()
    } finally {
      const next = state.waiting.shift()
      if (next) next()
      else if (--state.running === 0) holding().delete(businessId)
    }
  }
