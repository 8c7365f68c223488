import { spendBudget } from '#db/queries/budget.ts'
import type { GoogleAnswer } from '#lib/google/failure.ts'
import type { SyncContext } from './context.ts'

/** Requests per minute and Google account, of the 600 that Google allows; the first ones of a run may use the last ones. */
export const ceilings = { people: 580, backfill: 500 }

/** Google's quota is shared by all processes; when it is used up, the connection waits for the next minute. */
export const spend = async <T>(
  context: SyncContext & { ceiling: number },
  units: number,
  call: () => Promise<GoogleAnswer<T>>,
): Promise<GoogleAnswer<T>> => {
  const { googleSub } = context.place
  if (await spendBudget(context.database.db, { googleSub, units, ceiling: context.ceiling })) return call()
  const retryAfterSeconds = 60 - (Math.floor(Date.parse(context.now()) / 1000) % 60)
  return {
    ok: false,
    failure: { kind: 'rate-limited', detail: 'own-budget', status: null, retryAfterSeconds },
  }
}
