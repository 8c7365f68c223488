import type { BusinessId } from '#db/business-id.ts'
import type { Database } from '#db/client.ts'
import { readBusinessOfCalendar } from '#db/queries/sync/calendars.ts'

/**
 * One run per calendar at a time, over all processes. The advisory lock lives in an open
 * transaction: it ends with the process that holds it, and works behind a transaction pooler.
 * Returns 'busy' at once when another run holds it, and 'gone' when there is no such calendar.
 */
export const withCalendarLock = async <T>(
  database: Database,
  syncedCalendarId: string,
  work: (businessId: BusinessId) => Promise<T>,
): Promise<T | 'busy' | 'gone'> =>
  (await database.sql.begin(async (transaction) => {
    // Read on another connection: the transaction that stays open touches no table and blocks
    // nothing.
    const [[row], businessId] = await Promise.all([
      transaction`select pg_try_advisory_xact_lock(hashtextextended(${`sync:${syncedCalendarId}`}, 0)) as locked`,
      readBusinessOfCalendar(database.db, syncedCalendarId),
    ])
    if (!row?.locked) return 'busy'
    return businessId ? await work(businessId) : 'gone'
  })) as T | 'busy' | 'gone'
