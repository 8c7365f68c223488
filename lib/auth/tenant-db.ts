import type { BusinessId } from '#db/business-id.ts'
import { type Db, database } from '#db/client.ts'
import { tenantDb } from '#db/tenant.ts'
import { env } from '#lib/env.ts'

/** The database limited to one business by row-level security. */
export const tenantDbOf = ({ businessId }: { businessId: BusinessId }): Db =>
  tenantDb(database(env().DATABASE_URL), businessId)
