import type { BusinessId } from '#db/business-id.ts'
import { database } from '#db/client.ts'
import { takeToken } from '#db/queries/rate-limits.ts'
import { admit } from '#lib/auth/limits/allowance.ts'
import { env } from '#lib/env.ts'
import { type Refused, refuse } from './answer.ts'
import type { Caller } from './caller.ts'

/** Per key, over all processes. Reading cannot use up what booking needs. No limit per day. */
export const limits = { reads: { perMinute: 600, burst: 60 }, writes: { perMinute: 300, burst: 60 } } as const
export type Kind = keyof typeof limits

/**
 * Counts a request of a key; a refusal if there were too many. Waits while the business takes more
 * than its share of this process.
 */
export const countRequest = async ({ keyId, businessId }: Caller, kind: Kind): Promise<Refused | null> => {
  const bucket = { key: `key:${keyId}:${kind}`, ...bucketOf(kind) }
  return admitted(businessId, await takeToken(database(env().DATABASE_URL).db, bucket))
}

export const bucketOf = (kind: Kind) => {
  const { perMinute, burst } = limits[kind]
  return { everyMs: 60_000 / perMinute, burst }
}

/** The rest of `countRequest`, once a token was taken. */
export const admitted = async (businessId: BusinessId, hasToken: boolean): Promise<Refused | null> => {
  if (!hasToken) return tooMany
  await admit(businessId, msPerRequest)
  return null
}

/** Milliseconds of a processor for a key's request, measured; a page of the product takes more. */
const msPerRequest = 5

/** A token comes back within a second. */
const tooMany = refuse('rate-limited', 'One moment, please.', { retryAfterSeconds: 1 })
