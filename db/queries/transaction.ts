import { sql } from 'drizzle-orm'
import type { Tx } from '#db/client.ts'

/**
 * For writes that a crash may lose because the next run repeats them; saves waiting for the disk.
 */
export const commitWithoutFlush = (tx: Tx) => tx.execute(sql`set local synchronous_commit = off`)

/**
 * The same within one statement: in its `from`. A crash may lose what it writes, so that writes of
 * one row need not wait for the disk in turn.
 */
export const notDurable = sql`(select set_config('synchronous_commit', 'off', true)) as not_durable`

/**
 * An advisory lock by name until the end of the transaction. Sent when it is called, before the
 * statements of later calls: a query of drizzle alone would be sent when it is awaited.
 */
export const takeLock = async (tx: Tx, name: string): Promise<void> => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`)
}
