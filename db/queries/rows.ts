import type { SQL } from 'drizzle-orm'
import type { GlobalDb, GlobalTx } from '#db/client.ts'

/** Rows of a statement written by hand; `Row` is what its select list says, which nothing else can check. */
export const rowsOf = async <Row>(db: GlobalDb | GlobalTx, statement: SQL): Promise<Row[]> =>
  (await db.execute(statement)) as unknown as Row[]
