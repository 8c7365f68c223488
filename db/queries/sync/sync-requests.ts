import { eq, getTableColumns, sql } from 'drizzle-orm'
import type { Db, GlobalDb, Tx } from '../../client.ts'
import { syncRequests } from '../../schema/google.ts'

/**
 * `oldestXid`: every transaction with a lower id had ended when the row was read, at `readAt`.
 */
export type SyncRequests = typeof syncRequests.$inferSelect & { oldestXid: string; readAt: string }

export const readSyncRequests = async (db: Db | Tx, syncedCalendarId: string): Promise<SyncRequests | null> => {
  const [row] = await db
    .select({
      ...getTableColumns(syncRequests),
      oldestXid: sql<string>`pg_snapshot_xmin(pg_current_snapshot())::text`,
      readAt: sql<string>`now()::text`,
    })
    .from(syncRequests)
    .where(eq(syncRequests.syncedCalendarId, syncedCalendarId))
  return row ?? null
}

/** After a run, without its business: what was requested in the meantime. */
export const readRequested = async (
  db: GlobalDb,
  syncedCalendarId: string,
): Promise<Pick<SyncRequests, 'requested' | 'processed'> | null> => {
  const { requested, processed } = syncRequests
  const [row] = await db
    .select({ requested, processed })
    .from(syncRequests)
    .where(eq(syncRequests.syncedCalendarId, syncedCalendarId))
  return row ?? null
}

export const insertSyncRequests = async (tx: Tx, row: { syncedCalendarId: string; businessId: string }) => {
  await tx.insert(syncRequests).values(row).onConflictDoNothing()
}

/** `requests` were read before the run started: a notification since then stays unprocessed. */
export const markProcessed = async (db: Db | Tx, requests: SyncRequests) => {
  await db
    .update(syncRequests)
    .set({ processed: processedUpTo(requests) })
    .where(eq(syncRequests.syncedCalendarId, requests.syncedCalendarId))
}

/**
 * The same, and everything written before the run started is in Google or waits for a person.
 * `awaitedSince`: a push notification is to cause the read.
 */
export const markClean = async (db: Db | Tx, requests: SyncRequests, awaitedSince?: string | null) => {
  await db
    .update(syncRequests)
    .set({
      processed: processedUpTo(requests),
      cleanBefore: requests.oldestXid,
      cleanVersion: requests.dirtyVersion,
      ...(awaitedSince && { notificationAwaitedSince: awaitedSince }),
    })
    .where(eq(syncRequests.syncedCalendarId, requests.syncedCalendarId))
}

const processedUpTo = ({ requested }: SyncRequests) => sql`greatest(${syncRequests.processed}, ${requested})`
