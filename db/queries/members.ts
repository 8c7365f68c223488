import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db, Tx } from '../client.ts'
import { members, users } from '../schema.ts'

export type NewMember = {
  businessId: BusinessId
  userId: string
  role: 'owner' | 'staff'
  name: string
  email: string
  /** 1–8. */
  colour: number
}

export const insertMember = async (tx: Tx, member: NewMember): Promise<string> => {
  const [row] = await tx.insert(members).values(member).returning({ id: members.id })
  if (!row) throw new Error('An insert of a member returned no row.')
  return row.id
}

/** Everyone who is or was in the business: owners first, then by name. */
export const readMembers = (db: Db | Tx, businessId: BusinessId) =>
  db
    .select({
      id: members.id,
      name: members.name,
      email: members.email,
      role: members.role,
      colour: members.colour,
      active: sql<boolean>`members.deactivated_at is null`,
    })
    .from(members)
    .where(eq(members.businessId, businessId))
    .orderBy(asc(members.role), asc(sql`lower(members.name)`), asc(members.id))

/** Locks the user, so that two requests of one person take turns; true when there is an active membership already. */
export const lockUserAndAskMembership = async (tx: Tx, userId: string): Promise<boolean> => {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update')
  const rows = await tx
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.userId, userId), isNull(members.deactivatedAt)))
    .limit(1)
  return rows.length > 0
}
