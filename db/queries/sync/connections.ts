import { and, eq, sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, GlobalDb, GlobalTx, Tx } from '../../client.ts'
import { googleConnections } from '../../schema/google.ts'

export type ConnectionRow = Omit<typeof googleConnections.$inferSelect, 'businessId'> & {
  businessId: BusinessId
}
type ConnectionChanges = Partial<typeof googleConnections.$inferInsert>

/** The business a background job has to enter. */
export const readBusinessOfConnection = async (db: GlobalDb, id: string): Promise<BusinessId | null> => {
  const [row] = await db
    .select({ businessId: sql<BusinessId>`business_id` })
    .from(googleConnections)
    .where(eq(googleConnections.id, id))
  return row?.businessId ?? null
}

export const readConnection = async (db: Db | Tx, id: string): Promise<ConnectionRow | null> => {
  const [row] = await db.select().from(googleConnections).where(eq(googleConnections.id, id))
  return (row as ConnectionRow | undefined) ?? null
}

export const readConnectionOfBusiness = async (db: Db | Tx, businessId: BusinessId): Promise<ConnectionRow | null> => {
  const [row] = await db.select().from(googleConnections).where(eq(googleConnections.businessId, businessId))
  return (row as ConnectionRow | undefined) ?? null
}

/**
 * Locks the connection of a business, also the first one before it exists, so that link, choose and
 * unlink take turns.
 */
export const lockConnectionOfBusiness = async (tx: Tx, businessId: BusinessId): Promise<ConnectionRow | null> => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`connection:${businessId}`}, 0))`)
  const [row] = await tx
    .select()
    .from(googleConnections)
    .where(eq(googleConnections.businessId, businessId))
    .for('update')
  return (row as ConnectionRow | undefined) ?? null
}

export const insertConnection = async (tx: Tx, row: typeof googleConnections.$inferInsert) => {
  await tx.insert(googleConnections).values(row)
}

/** The columns of a connection without a failure; also what a person's "try again" resets. */
export const noFailure = {
  failingSince: null,
  lastFailureKind: null,
  lastFailureDetail: null,
  waitsForPerson: false,
  failures: 0,
  retryAt: null,
} as const

export const updateConnection = async (db: Db | Tx, id: string, changes: ConnectionChanges) => {
  await db.update(googleConnections).set(changes).where(eq(googleConnections.id, id))
}

/**
 * The fence of the sync engine: locks the row and returns whether work that started under `epoch`
 * may still record. False after an unlink, a reconnect or a change of calendar.
 */
export const holdsFence = async (tx: Tx, connection: { id: string; epoch: number }): Promise<boolean> => {
  const rows = await tx
    .select({ id: googleConnections.id })
    .from(googleConnections)
    .where(and(eq(googleConnections.id, connection.id), eq(googleConnections.epoch, connection.epoch)))
    .for('no key update')
  return rows.length > 0
}

/** The fence and an update of the row in one statement. */
export const updateFenced = async (
  tx: Tx,
  connection: { id: string; epoch: number },
  changes: ConnectionChanges,
): Promise<boolean> => {
  const { id, epoch } = connection
  const rows = await tx
    .update(googleConnections)
    .set(changes)
    .where(and(eq(googleConnections.id, id), eq(googleConnections.epoch, epoch)))
    .returning({ id: googleConnections.id })
  return rows.length > 0
}

export const deleteConnection = async (tx: Tx, id: string) => {
  await tx.delete(googleConnections).where(eq(googleConnections.id, id))
}

/**
 * Connections of any business that hold the same Google account: Google revokes for all of them at
 * once.
 */
export const countConnectionsOfAccount = async (db: GlobalDb | GlobalTx, googleSub: string): Promise<number> => {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(googleConnections)
    .where(eq(googleConnections.googleSub, googleSub))
  return row?.count ?? 0
}

/** Linking and revoking the same Google account take turns, over all businesses. */
export const lockAccount = async (tx: GlobalTx, googleSub: string) => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`account:${googleSub}`}, 0))`)
}

/**
 * An advisory lock until the end of the transaction. Not a row lock: a save must not wait for a
 * token refresh.
 */
export const lockTokens = async (tx: Tx, id: string) => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`token:${id}`}, 0))`)
  const [row] = await tx
    .select({
      refreshToken: googleConnections.refreshToken,
      accessToken: googleConnections.accessToken,
      accessTokenExpiresAt: googleConnections.accessTokenExpiresAt,
    })
    .from(googleConnections)
    .where(eq(googleConnections.id, id))
  return row ?? null
}

/** A stored refresh token is replaced only by another one, never by null. */
export const storeTokens = async (
  tx: Tx,
  id: string,
  tokens: { accessToken: string; accessTokenExpiresAt: string; refreshToken: string | null },
) => {
  const { refreshToken, ...access } = tokens
  await tx
    .update(googleConnections)
    .set(refreshToken ? { ...access, refreshToken } : access)
    .where(eq(googleConnections.id, id))
}

export const readChannel = async (db: GlobalDb, channelId: string) => {
  const [row] = await db
    .select({
      connectionId: googleConnections.id,
      resourceId: googleConnections.channelResourceId,
      secretHash: googleConnections.channelSecretHash,
    })
    .from(googleConnections)
    .where(eq(googleConnections.channelId, channelId))
  return row ?? null
}
