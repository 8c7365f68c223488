import type { BusinessId } from '#db/business-id.ts'
import { type Db, database } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import { env } from '#lib/env.ts'

/** The database as people get it: rows of their own business alone, whatever a query forgets. */
export const tenantDbOf = ({ businessId }: { businessId: BusinessId }): Db =>
  tenantDb(database(env().DATABASE_URL), businessId)
