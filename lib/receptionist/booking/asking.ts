import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { callerBoundMs, checkFreshness } from '#lib/jobs/freshness.ts'
import type { Caller } from '../caller.ts'
import type { Asking } from './place.ts'

/** Looks how fresh the mirrors are, with one live check of Google at most. */
export const ask = async (caller: Caller, now: string): Promise<Asking> => ({
  ...{ caller, now },
  google: await checkFreshness(caller.businessId, callerBoundMs, { memberIds: caller.memberIds ?? 'all' }),
})

export const dbOf = ({ businessId }: Caller) => tenantDbOf({ businessId })
