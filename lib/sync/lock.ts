import type { Database } from '#db/client.ts'

/**
 * One look at a connection at a time, over all processes. The lock lives in an open transaction: it ends with the process
 * that holds it, however that ends, and works behind a transaction pooler. Answers 'busy' at once when it is held.
 */
export const withConnectionLock = async <T>(
  database: Database,
  connectionId: string,
  work: () => Promise<T>,
): Promise<T | 'busy'> =>
  (await database.sql.begin(async (held) => {
    const [row] = await held<{ locked: boolean }[]>`
      select pg_try_advisory_xact_lock(hashtextextended(${`sync:${connectionId}`}, 0)) as locked`
    return row?.locked ? await work() : 'busy'
  })) as T | 'busy'
