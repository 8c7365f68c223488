import type { BusinessId } from '#db/business-id.ts'
import type { Database } from '#db/client.ts'
import { statement } from '#db/pipeline.ts'
import { readBusinessOfConnection } from '#db/queries/connections.ts'

/**
 * One look at a connection at a time, over all processes. The lock lives in an open transaction: it ends with the process
 * that holds it, however that ends, and works behind a transaction pooler. Answers 'busy' at once when it is held, 'gone'
 * when there is no such connection. Whose it is comes along: `work` goes on behind that business's wall.
 */
export const withConnectionLock = async <T>(
  database: Database,
  connectionId: string,
  work: (businessId: BusinessId) => Promise<T>,
): Promise<T | 'busy' | 'gone'> =>
  (await database.sql.begin(async (held) => {
    // Asked elsewhere at the same time: the transaction that stays open touches no table, so nothing waits for it.
    const [[row], businessId] = await Promise.all([
      statement(held, {
        query: 'select pg_try_advisory_xact_lock(hashtextextended($1::text, 0)) as locked',
        params: [`sync:${connectionId}`],
        alone: false,
      }),
      readBusinessOfConnection(database.db, connectionId),
    ])
    if (!row?.locked) return 'busy'
    return businessId ? await work(businessId) : 'gone'
  })) as T | 'busy' | 'gone'
