import type { SQL } from 'drizzle-orm'
import type { OpenDb, OpenTx } from '#db/client.ts'

/** Rows of a statement written by hand; `Row` is what its select list says, which nothing else can check. */
export const rowsOf = async <Row>(db: OpenDb | OpenTx, statement: SQL): Promise<Row[]> =>
  (await db.execute(statement)) as unknown as Row[]
