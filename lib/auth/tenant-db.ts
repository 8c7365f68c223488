import type { BusinessId } from '#db/business-id.ts'
import { type Db, database } from '#db/client.ts'
import { behindWall } from '#db/tenant.ts'
import { env } from '#lib/env.ts'

/** The database as people get it: rows of their own business alone, whatever a query forgets. */
export const ownRows = ({ businessId }: { businessId: BusinessId }): Db =>
  behindWall(database(env().DATABASE_URL), businessId)
