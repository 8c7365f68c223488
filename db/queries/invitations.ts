import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db, GlobalDb, GlobalTx, Tx } from '../client.ts'
import { businesses, invitations, members } from '../schema.ts'

export type NewInvitation = {
  businessId: BusinessId
  email: string
  role: 'owner' | 'staff'
  tokenHash: Buffer
  invitedBy: string
  expiresAt: string
}

export const insertInvitation = async (tx: Tx, invitation: NewInvitation): Promise<string> => {
  const [row] = await tx.insert(invitations).values(invitation).returning({ id: invitations.id })
  if (!row) throw new Error('An insert of an invitation returned no row.')
  return row.id
}

const unanswered = and(isNull(invitations.acceptedAt), isNull(invitations.revokedAt))

/**
 * Not accepted and not revoked, newest first. Expired ones are included so that the owner can see
 * them.
 */
export const readInvitations = (db: Db | Tx, businessId: BusinessId) =>
  db
    .select({
      id: invitations.id,
      email: invitations.email,
      role: invitations.role,
      createdAt: invitations.createdAt,
      expiresAt: invitations.expiresAt,
      expired: sql<boolean>`${invitations.expiresAt} <= now()`,
    })
    .from(invitations)
    .where(and(eq(invitations.businessId, businessId), unanswered))
    .orderBy(desc(invitations.createdAt), desc(invitations.id))

/** Revokes open invitations by address or id; returns their addresses. */
export const revokeInvitations = async (
  tx: Tx,
  { businessId, ...which }: { businessId: BusinessId } & ({ email: string } | { id: string }),
): Promise<string[]> => {
  const chosen = 'id' in which ? eq(invitations.id, which.id) : eq(invitations.email, which.email)
  const rows = await tx
    .update(invitations)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(invitations.businessId, businessId), unanswered, chosen))
    .returning({ email: invitations.email })
  return rows.map(({ email }) => email)
}

const invitationColumns = {
  id: invitations.id,
  businessId: sql<BusinessId>`invitations.business_id`,
  businessName: businesses.name,
  invitedBy: members.name,
  email: invitations.email,
  role: invitations.role,
  accepted: sql<boolean>`${invitations.acceptedAt} is not null`,
  revoked: sql<boolean>`${invitations.revokedAt} is not null`,
  expired: sql<boolean>`${invitations.expiresAt} <= now()`,
}

/** The invitation with that token hash, in any state. */
export const readInvitationOfToken = async (db: GlobalDb, tokenHash: Buffer) => {
  const [row] = await db
    .select(invitationColumns)
    .from(invitations)
    .innerJoin(businesses, eq(businesses.id, invitations.businessId))
    .innerJoin(members, eq(members.id, invitations.invitedBy))
    .where(eq(invitations.tokenHash, tokenHash))
  return row ?? null
}

/** Open invitations to an address, newest first. */
export const readOpenInvitationsTo = (db: GlobalDb, email: string) =>
  db
    .select(invitationColumns)
    .from(invitations)
    .innerJoin(businesses, eq(businesses.id, invitations.businessId))
    .innerJoin(members, eq(members.id, invitations.invitedBy))
    .where(and(eq(invitations.email, email), unanswered, gt(invitations.expiresAt, sql`now()`)))
    .orderBy(desc(invitations.createdAt), desc(invitations.id))

/**
 * Accepts an open invitation to the address; null if it is not open. Of two concurrent calls one
 * succeeds.
 */
export const takeInvitation = async (tx: GlobalTx, { id, email }: { id: string; email: string }) => {
  const [row] = await tx
    .update(invitations)
    .set({ acceptedAt: sql`now()` })
    .where(and(eq(invitations.id, id), eq(invitations.email, email), unanswered, gt(invitations.expiresAt, sql`now()`)))
    .returning({ businessId: sql<BusinessId>`business_id`, role: invitations.role })
  return row ?? null
}
