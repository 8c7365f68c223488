import { createHash, randomBytes } from 'node:crypto'
import type { Db } from '#db/client.ts'
import { apiKeys } from '#db/schema/receptionist.ts'
import { type Caller, scopes } from '#lib/receptionist/caller.ts'
import type { SampleBusiness } from '../appointment-sample.ts'

/** A key of the business, and the caller that it makes. */
export const insertCaller = async (
  db: Db,
  { businessId }: Pick<SampleBusiness, 'businessId'>,
  given: Partial<Omit<Caller, 'businessId' | 'keyId'>> = {},
): Promise<Caller> => {
  const caller = { scopes, serviceIds: null, memberIds: null, test: false, callId: null, ...given }
  const [row] = await db
    .insert(apiKeys)
    .values({
      ...{ businessId, name: 'Test', hint: 'sk_live_…test', scopes: [...caller.scopes], test: caller.test },
      secretHash: createHash('sha256').update(randomBytes(16)).digest(),
    })
    .returning({ id: apiKeys.id })
  return { ...caller, businessId, keyId: row?.id ?? '' }
}
