import type { Tx } from '#db/client.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { callerBoundMs, checkFreshness, checkInside } from '#lib/jobs/freshness.ts'
import type { Caller } from '../caller.ts'
import type { Asking } from './place.ts'

/**
 * Looks how fresh the mirrors are, with one live check of Google at most. `isRefused`: whatever
 * Google knows; the transaction that follows refuses it with its words.
 */
export const ask = async (caller: Caller, now: string, isRefused?: (tx: Tx) => Promise<boolean>): Promise<Asking> => {
  const isNeeded = isRefused && (async () => !(await dbOf(caller).transaction(isRefused)))
  const asked = { ...membersOf(caller), isNeeded }
  return { caller, now, google: await checkFreshness(caller.businessId, callerBoundMs, asked) }
}

/** The same in the transaction of the verb; null if Google has to be read first. */
export const askInside = async (tx: Tx, caller: Caller, now: string): Promise<Asking | null> => {
  const google = await checkInside(tx, caller.businessId, membersOf(caller))
  return google && { caller, now, google }
}

const membersOf = ({ memberIds }: Caller) => ({ memberIds: memberIds ?? ('all' as const) })

export const dbOf = ({ businessId }: Caller) => tenantDbOf({ businessId })
