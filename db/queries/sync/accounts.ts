import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, GlobalDb, GlobalTx, Tx } from '../../client.ts'
import { googleAccounts } from '../../schema/google.ts'
import { lockCalendarsOfAccount, readCalendarsOfAccounts, type SyncedCalendar } from './calendars.ts'

export type GoogleAccount = Omit<typeof googleAccounts.$inferSelect, 'businessId'> & { businessId: BusinessId }

/** Whose account it is: that of the business itself, or a member's own. */
export type LinkKey = { businessId: BusinessId; memberId: string | null }

/** `calendar`: its appointments calendar, null until one is chosen; `busy`: its busy calendars. */
export type Link = { account: GoogleAccount; calendar: SyncedCalendar | null; busy: SyncedCalendar[] }

const ofKey = ({ businessId, memberId }: LinkKey): SQL | undefined =>
  and(
    eq(googleAccounts.businessId, businessId),
    memberId === null ? isNull(googleAccounts.memberId) : eq(googleAccounts.memberId, memberId),
  )

const readAccount = async (db: Db | Tx, key: LinkKey): Promise<GoogleAccount | null> => {
  const [row] = await db.select().from(googleAccounts).where(ofKey(key))
  return row ? { ...row, businessId: key.businessId } : null
}

const linkOf = (account: GoogleAccount, calendars: SyncedCalendar[]): Link => ({
  account,
  calendar: calendars.find(({ purpose }) => purpose === 'appointments') ?? null,
  busy: calendars.filter(({ purpose }) => purpose === 'busy'),
})

export const calendarsOf = ({ calendar, busy }: Link): SyncedCalendar[] => (calendar ? [calendar, ...busy] : busy)

export const readLink = async (db: Db | Tx, key: LinkKey): Promise<Link | null> => {
  const [account, calendars] = await Promise.all([readAccount(db, key), readCalendarsOfAccounts(db, ofKey(key))])
  return account && linkOf(account, calendars)
}

/** The links of members, by their id. */
export const readLinksOfMembers = async (db: Db | Tx, businessId: BusinessId): Promise<Map<string, Link>> => {
  const ofMembers = and(eq(googleAccounts.businessId, businessId), isNotNull(googleAccounts.memberId))
  const [accounts, calendars] = await Promise.all([
    db.select().from(googleAccounts).where(ofMembers),
    readCalendarsOfAccounts(db, ofMembers),
  ])
  const byAccount = Map.groupBy(calendars, ({ accountId }) => accountId)
  return new Map(
    accounts.map((row) => [row.memberId ?? '', linkOf({ ...row, businessId }, byAccount.get(row.id) ?? [])]),
  )
}

/** Locks a link, also before it exists, so that link, choose and unlink take turns. */
export const lockLink = async (tx: Tx, key: LinkKey): Promise<Link | null> => {
  const name = `link:${key.memberId ?? key.businessId}`
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`)
  const account = await readAccount(tx, key)
  return account && linkOf(account, await lockCalendarsOfAccount(tx, account.id))
}

/** Choices of the calendars that appointments go to take turns in a business. */
export const lockChoices = async (tx: Tx, businessId: BusinessId): Promise<void> => {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`choices:${businessId}`}, 0))`)
}

/** Every account of a business: its own and those of its members. */
export const readLinkKeys = async (db: Db | Tx, businessId: BusinessId): Promise<LinkKey[]> => {
  const rows = await db
    .select({ memberId: googleAccounts.memberId })
    .from(googleAccounts)
    .where(eq(googleAccounts.businessId, businessId))
  return rows.map(({ memberId }) => ({ businessId, memberId }))
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
