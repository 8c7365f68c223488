import { Temporal } from 'temporal-polyfill'
import { readBusiness } from '#db/queries/businesses.ts'
import { dbOf } from '../booking/asking.ts'
import type { Caller } from '../caller.ts'
import type { Where } from './wall-time.ts'

/** Zone and date of the business. */
export const readWhere = async (caller: Caller, now = Temporal.Now.instant()): Promise<Where> => {
  const business = await readBusiness(dbOf(caller), caller.businessId)
  if (!business) throw new Error('The business of a key is gone.')
  const zone = business.timeZone
  return { zone, today: now.toZonedDateTimeISO(zone).toPlainDate().toString() }
}
