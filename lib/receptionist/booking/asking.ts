import type { Tx } from '#db/client.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { callerBoundMs, checkFreshness } from '#lib/jobs/freshness.ts'
import type { Caller } from '../caller.ts'
import type { Asking } from './place.ts'

/**
 * Looks how fresh the mirrors are, with one live check of Google at most. `isRefused`: whatever
 * Google knows; the transaction that follows refuses it with its words.
 */
export const ask = async (
  caller: Caller,
  now: string,
  isRefused: (tx: Tx) => Promise<boolean> = async () => false,
): Promise<Asking> => {
  const isNeeded = async () => !(await dbOf(caller).transaction(isRefused))
  const asked = { memberIds: caller.memberIds ?? ('all' as const), isNeeded }
  return { caller, now, google: await checkFreshness(caller.businessId, callerBoundMs, asked) }
}

export const dbOf = ({ businessId }: Caller) => tenantDbOf({ businessId })
