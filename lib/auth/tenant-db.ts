import type { BusinessId } from '#db/business-id.ts'
import { type Db, database } from '#db/client.ts'
import { type InTurn, tenantDb } from '#db/tenant.ts'
import { env } from '#lib/env.ts'
import { processSingleton } from '#lib/process-singleton.ts'
import { inTurn, type Turns } from '#lib/turns.ts'

/** The database limited to one business by row-level security. */
export const tenantDbOf = ({ businessId }: { businessId: BusinessId }): Db =>
  tenantDb(database(env().DATABASE_URL), businessId, connectionsOf(businessId))

/**
 * Half of the pool: bookings of one business may wait for each other's locks, and must not hold
 * every connection.
 */
const connectionsEach = 5

const connectionsOf =
  (businessId: BusinessId): InTurn =>
  (work) =>
    inTurn(
      processSingleton('tenant-connections', (): Turns => new Map()),
      businessId,
      connectionsEach,
      work,
    )
