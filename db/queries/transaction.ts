import { sql } from 'drizzle-orm'
import type { Tx } from '#db/client.ts'

/**
 * For writes that a crash may lose because the next run repeats them; saves waiting for the disk.
 */
export const commitWithoutFlush = (tx: Tx) => tx.execute(sql`set local synchronous_commit = off`)
