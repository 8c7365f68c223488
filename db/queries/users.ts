import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { GlobalDb, GlobalTx } from '../client.ts'
import { businesses, members, users } from '../schema/business.ts'

type VerifiedIdentity = { email: string; googleSub: string; name: string }

/**
 * The user of a verified Google identity: by `sub`, else by e-mail, else a new user. The current
 * holder of a mailbox owns the account, so a new `sub` replaces the old one of a known address.
 */
export const knowUser = async (db: GlobalDb | GlobalTx, identity: VerifiedIdentity): Promise<KnownUser> => {
  const email = identity.email.toLowerCase()
  const { googleSub, name } = identity
  // Two first requests of one person may race; the second one finds the user that the first one
  // inserted.
  const found =
    (await updateBySub(db, { googleSub, email })) ??
    (await insertUser(db, { email, googleSub, name })) ??
    (await updateBySub(db, { googleSub, email })) ??
    (await updateByEmail(db, { email, googleSub }))
  if (!found) throw new Error('A user was neither found nor made.')
  return found
}

/** The user of a mailbox, verified with a sign-in link. */
export const knowUserOfMailbox = async (db: GlobalDb | GlobalTx, email: string): Promise<KnownUser> => {
  const lower = email.toLowerCase()
  const found =
    (await insertUser(db, { email: lower, googleSub: null, name: lower.split('@')[0] ?? lower })) ??
    (await updateByEmail(db, { email: lower }))
  if (!found) throw new Error('A user was neither found nor made.')
  return found
}

type KnownUser = { id: string; sessionVersion: number }
const known = { id: users.id, sessionVersion: users.sessionVersion }

/** Takes over Google's address unless another user has it. */
const updateBySub = async (db: GlobalDb | GlobalTx, { googleSub, email }: { googleSub: string; email: string }) => {
  const rows = await db
    .update(users)
    .set({
      email: sql`case when exists (select from users other where other.email = ${email}) then ${users.email} else ${email} end`,
    })
    .where(eq(users.googleSub, googleSub))
    .returning(known)
  return rows[0]
}

const insertUser = async (
  db: GlobalDb | GlobalTx,
  user: { email: string; googleSub: string | null; name: string },
): Promise<KnownUser | undefined> => (await db.insert(users).values(user).onConflictDoNothing().returning(known))[0]

const updateByEmail = async (
  db: GlobalDb | GlobalTx,
  { email, googleSub }: { email: string; googleSub?: string },
): Promise<KnownUser | undefined> =>
  (
    await db
      .update(users)
      .set({ email, ...(googleSub && { googleSub }) })
      .where(eq(users.email, email))
      .returning(known)
  )[0]

type AskedSession = {
  userId: string
  sessionVersion: number
  /** Null in tokens of versions that had no ids; those end by version and age only. */
  sessionId: string | null
  /** The business chosen last; the id of another business, or none, is no error. */
  businessId: string | null
}

/**
 * The user of a session with the chosen membership, else the oldest active one, else none. Null if
 * the session was signed out or its version is outdated.
 */
export const personOfSession = async (db: GlobalDb, session: AskedSession) => {
  const [row] = await db
    .select({
      userId: users.id,
      name: users.name,
      email: users.email,
      memberId: members.id,
      memberName: members.name,
      memberEmail: members.email,
      role: members.role,
      businessId: sql<BusinessId | null>`${businesses.id}`,
      businessName: businesses.name,
      timeZone: businesses.timeZone,
    })
    .from(users)
    .leftJoin(members, and(eq(members.userId, users.id), isNull(members.deactivatedAt)))
    .leftJoin(businesses, eq(businesses.id, members.businessId))
    .where(
      and(
        eq(users.id, session.userId),
        eq(users.sessionVersion, session.sessionVersion),
        sql`not exists (select from ended_sessions where session_id = ${session.sessionId}::uuid)`,
      ),
    )
    .orderBy(sql`(${businesses.id}::text = ${session.businessId}) desc nulls last`, members.createdAt)
    .limit(1)
  return row ?? null
}

/** Invalidates every session of the user. */
export const bumpSessionVersion = async (db: GlobalDb, userId: string) => {
  await db
    .update(users)
    .set({ sessionVersion: sql`${users.sessionVersion} + 1` })
    .where(eq(users.id, userId))
}

/** Refuses copies of the session's token until it expires. `until`: epoch milliseconds. */
export const insertEndedSession = async (db: GlobalDb, { sessionId, until }: { sessionId: string; until: number }) => {
  await db.execute(sql`
    with old as (delete from ended_sessions where expires_at < now())
    insert into ended_sessions (session_id, expires_at)
    values (${sessionId}::uuid, to_timestamp(${until}::float8 / 1000)) on conflict do nothing`)
}

export const deleteUsersWithoutBusiness = async (tx: GlobalTx, ids: string[]) => {
  if (ids.length === 0) return
  await tx
    .delete(users)
    .where(and(inArray(users.id, ids), sql`not exists (select from members where members.user_id = ${users.id})`))
}
