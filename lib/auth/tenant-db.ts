import type { BusinessId } from '#db/business-id.ts'
import { type Db, database } from '#db/client.ts'
import { type InTurn, tenantDb } from '#db/tenant.ts'
import { env } from '#lib/env.ts'
import { processSingleton } from '#lib/process-singleton.ts'
import { inTurn, type Turns } from '#lib/turns.ts'

/**
 * The database limited to one business by row-level security. `ahead`: what many requests of the
 * business wait for goes before what is theirs alone.
 */
export const tenantDbOf = ({ businessId }: { businessId: BusinessId }, options: { ahead?: boolean } = {}): Db =>
  tenantDb(database(env().DATABASE_URL), businessId, connectionsOf(businessId, options))

/**
 * Half of the pool: bookings of one business may wait for each other's locks, and must not hold
 * every connection.
 */
const connectionsEach = 5

const connectionsOf =
  (businessId: BusinessId, { ahead }: { ahead?: boolean }): InTurn =>
  (work) =>
    inTurn(
      processSingleton('tenant-connections', (): Turns => new Map()),
      businessId,
      { most: connectionsEach, ahead },
      work,
    )
