import { database } from '#db/client.ts'
import { noteUseOfApiKey, readApiKeyOfSecret, takeTokenOfSecret } from '#db/queries/receptionist/api-keys.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { env } from '#lib/env.ts'
import { inBackground } from '#lib/observe/in-background.ts'
import { addLogIds } from '#lib/observe/scope.ts'
import { type Caller, isScope } from '../caller.ts'
import { bucketOf, type Kind } from '../limits.ts'
import { hashOfSecret, looksLikeSecret } from './secret.ts'

/** The caller of a secret, or null. Nothing is cached: a revoked key ends with its last request. */
export const verifyKey = async (secret: string): Promise<Caller | null> =>
  callerOf(looksLikeSecret(secret) ? await readApiKeyOfSecret(globalDb(), hashOfSecret(secret)) : null)

/** The same, with a token for one request of the kind. */
export const verifyAndCount = async (secret: string, kind: Kind): Promise<Counted | null> => {
  if (!looksLikeSecret(secret)) return null
  const key = await takeTokenOfSecret(globalDb(), { secretHash: hashOfSecret(secret), kind, ...bucketOf(kind) })
  const caller = callerOf(key)
  return key && caller && { caller, hasToken: key.hasToken }
}

export type Counted = { caller: Caller; hasToken: boolean }

const globalDb = () => database(env().DATABASE_URL).db

const callerOf = (key: Awaited<ReturnType<typeof readApiKeyOfSecret>>): Caller | null => {
  if (!key) return null
  const { id: keyId, businessId, serviceIds, memberIds, test } = key
  addLogIds({ businessId, keyId })
  if (!key.usedLately)
    inBackground('key.use-not-noted', () => noteUseOfApiKey(tenantDbOf({ businessId }), { businessId, id: keyId }))
  return { ...{ businessId, keyId, serviceIds, memberIds, test }, scopes: key.scopes.filter(isScope), callId: null }
}
