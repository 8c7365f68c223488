import { spendBudget } from '#db/queries/sync/budget.ts'
import type { GoogleAnswer } from '#lib/google/failure.ts'
import { epochMs } from '#lib/recurrence/times.ts'
import type { SyncContext } from './context.ts'

/**
 * Requests per minute and Google account, of the 600 that Google allows. The first batch of a push
 * holds what people just did and may use the part that backfill leaves.
 */
export const ceilings = { people: 580, backfill: 500 }

/**
 * Calls Google within the quota that all processes share; without any left, waits for the next
 * minute.
 */
export const spend = async <T>(
  context: SyncContext & { ceiling: number },
  units: number,
  call: () => Promise<GoogleAnswer<T>>,
): Promise<GoogleAnswer<T>> => {
  const { googleSub } = context.calendarKey
  if (await spendBudget(context.database.db, { googleSub, units, ceiling: context.ceiling })) return call()
  const retryAfterSeconds = 60 - (Math.floor(epochMs(context.now()) / 1000) % 60)
  return {
    ok: false,
    failure: { kind: 'rate-limited', detail: 'own-budget', status: null, retryAfterSeconds },
  }
}
