import type { SQL } from 'drizzle-orm'
import type { GlobalDb, GlobalTx } from '#db/client.ts'

/** Rows of a hand-written statement; the compiler cannot check `Row` against its select list. */
export const rowsOf = async <Row extends Record<string, unknown>>(
  db: GlobalDb | GlobalTx,
  statement: SQL,
): Promise<Row[]> => (await db.execute<Row>(statement)) as Row[]
