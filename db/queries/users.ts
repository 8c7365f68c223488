import { and, eq, isNull, sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db, Tx } from '../client.ts'
import { businesses, members, users } from '../schema.ts'

type VerifiedIdentity = { email: string; googleSub: string; name: string }

/**
 * The user of a verified Google identity: by Google's `sub`, else by e-mail, else a new one. Who holds the mailbox now
 * holds the account, so a new `sub` for a known address takes its place.
 */
export const knowUser = async (db: Db | Tx, identity: VerifiedIdentity) => {
  const email = identity.email.toLowerCase()
  const known = await db
    .update(users)
    .set({
      email: sql`case when exists (select from users other where other.email = ${email}) then ${users.email} else ${email} end`,
    })
    .where(eq(users.googleSub, identity.googleSub))
    .returning({ id: users.id, sessionEpoch: users.sessionEpoch })
  if (known[0]) return known[0]
  const [user] = await db
    .insert(users)
    .values({ email, googleSub: identity.googleSub, name: identity.name })
    .onConflictDoUpdate({ target: users.email, set: { googleSub: identity.googleSub } })
    .returning({ id: users.id, sessionEpoch: users.sessionEpoch })
  if (!user) throw new Error('An upsert of a user returned no row.')
  return user
}

/** Who a session speaks for, with the oldest active membership if there is one. Null once the epoch has moved on. */
export const personOfSession = async (db: Db, session: { userId: string; sessionEpoch: number }) => {
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
    .where(and(eq(users.id, session.userId), eq(users.sessionEpoch, session.sessionEpoch)))
    .orderBy(members.createdAt)
    .limit(1)
  return row ?? null
}
