import 'server-only'
import { readApiKeys } from '#db/queries/receptionist/api-keys.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { requireOwner } from '#lib/auth/viewer.ts'
import { isScope } from '../caller.ts'
import type { ApiKey } from './schema.ts'

/** All keys of the owner's business, those in use first. */
export const keysOfBusiness = async (): Promise<ApiKey[]> => {
  const { businessId } = await requireOwner()
  const rows = await readApiKeys(tenantDbOf({ businessId }), businessId)
  return rows.map(({ createdBy: _, scopes, ...key }) => ({ ...key, scopes: scopes.filter(isScope) }))
}
