import type { SQL } from 'drizzle-orm'
import type { GlobalDb, GlobalTx } from '#db/client.ts'

/**
 * Rows of a raw SQL statement; the caller states the type of its select list, which nothing can
 * check.
 */
export const rowsOf = async <Row>(db: GlobalDb | GlobalTx, statement: SQL): Promise<Row[]> =>
  (await db.execute(statement)) as unknown as Row[]
