import { and, eq, isNull, sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, GlobalDb, GlobalTx, Tx } from '../../client.ts'
import { googleAccounts } from '../../schema/google.ts'
import { lockCalendarsOfAccount, readBusinessCalendar, type SyncedCalendar } from './calendars.ts'

export type GoogleAccount = Omit<typeof googleAccounts.$inferSelect, 'businessId'> & { businessId: BusinessId }

/** `calendar`: its appointments calendar; null until one is chosen. */
export type Link = { account: GoogleAccount; calendar: SyncedCalendar | null }

const ofBusinessItself = (businessId: BusinessId) =>
  and(eq(googleAccounts.businessId, businessId), isNull(googleAccounts.memberId))

const readAccountOfBusiness = async (db: Db | Tx, businessId: BusinessId): Promise<GoogleAccount | null> => {
  const [row] = await db.select().from(googleAccounts).where(ofBusinessItself(businessId))
  return row ? { ...row, businessId } : null
}

export const readLinkOfBusiness = async (db: Db | Tx, businessId: BusinessId): Promise<Link | null> => {
  const [account, calendar] = await Promise.all([
    readAccountOfBusiness(db, businessId),
    readBusinessCalendar(db, businessId),
  ])
  return account && { account, calendar }
}

/**
 * Locks the link of a business, also the first one before it exists, so that link, choose and
 * unlink take turns.
 */
export const lockLinkOfBusiness = async (tx: Tx, businessId: BusinessId): Promise<Link | null> => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`link:${businessId}`}, 0))`)
  const account = await readAccountOfBusiness(tx, businessId)
  if (!account) return null
  const calendars = await lockCalendarsOfAccount(tx, account.id)
  return { account, calendar: calendars.find(({ purpose }) => purpose === 'appointments') ?? null }
}

export const insertAccount = async (tx: Tx, row: typeof googleAccounts.$inferInsert) => {
  await tx.insert(googleAccounts).values(row)
}

export const updateAccount = async (tx: Tx, id: string, changes: Partial<typeof googleAccounts.$inferInsert>) => {
  await tx.update(googleAccounts).set(changes).where(eq(googleAccounts.id, id))
}

/** With its calendars and their mirrors. */
export const deleteAccount = async (tx: Tx, id: string) => {
  await tx.delete(googleAccounts).where(eq(googleAccounts.id, id))
}

/** Links of the same Google account in any business: Google revokes all of them at once. */
export const countLinksOfAccount = async (db: GlobalDb | GlobalTx, googleSub: string): Promise<number> => {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(googleAccounts)
    .where(eq(googleAccounts.googleSub, googleSub))
  return row?.count ?? 0
}

/** Linking and revoking the same Google account take turns, over all businesses. */
export const lockGoogleAccount = async (tx: GlobalTx, googleSub: string) => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`account:${googleSub}`}, 0))`)
}

/**
 * An advisory lock until the end of the transaction. Not a row lock: an unlink must not wait for a
 * token refresh.
 */
export const lockTokens = async (tx: Tx, id: string) => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`token:${id}`}, 0))`)
  const [row] = await tx
    .select({
      refreshToken: googleAccounts.refreshToken,
      accessToken: googleAccounts.accessToken,
      accessTokenExpiresAt: googleAccounts.accessTokenExpiresAt,
    })
    .from(googleAccounts)
    .where(eq(googleAccounts.id, id))
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
    .update(googleAccounts)
    .set(refreshToken ? { ...access, refreshToken } : access)
    .where(eq(googleAccounts.id, id))
}
