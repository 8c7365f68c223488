import { type SQL, sql } from 'drizzle-orm'
import type { GlobalDb, GlobalTx } from '#db/client.ts'

/** Rows of a hand-written statement; the compiler cannot check `Row` against its select list. */
export const rowsOf = async <Row extends Record<string, unknown>>(
  db: GlobalDb | GlobalTx,
  statement: SQL,
): Promise<Row[]> => (await db.execute<Row>(statement)) as Row[]

/**
 * A value in the text of a statement. One without parameters takes a single round trip, prepared or
 * not.
 */
export const literal = (value: string | number): SQL => {
  const text = String(value)
  if (!/^[\w:.-]+$/.test(text)) throw new TypeError('Only an id, an instant or a number can be a literal.')
  return sql.raw(`'${text}'`)
}
