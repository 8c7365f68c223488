import { database } from '#db/client.ts'
import { noteUseOfApiKey, readApiKeyOfSecret } from '#db/queries/receptionist/api-keys.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { env } from '#lib/env.ts'
import { inBackground } from '#lib/observe/in-background.ts'
import { addLogIds } from '#lib/observe/scope.ts'
import { type Caller, isScope } from '../caller.ts'
import { hashOfSecret, looksLikeSecret } from './secret.ts'

/** The caller of a secret, or null. Nothing is cached: a revoked key ends with its last request. */
export const verifyKey = async (secret: string): Promise<Caller | null> => {
  if (!looksLikeSecret(secret)) return null
  const key = await readApiKeyOfSecret(database(env().DATABASE_URL).db, hashOfSecret(secret))
  if (!key) return null
  const { id: keyId, businessId, serviceIds, memberIds, test } = key
  addLogIds({ businessId, keyId })
  if (!key.usedLately)
    inBackground('key.use-not-noted', () => noteUseOfApiKey(tenantDbOf({ businessId }), { businessId, id: keyId }))
  return { ...{ businessId, keyId, serviceIds, memberIds, test }, scopes: key.scopes.filter(isScope), callId: null }
}
