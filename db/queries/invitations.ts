import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db, GlobalDb, GlobalTx, Tx } from '../client.ts'
import { businesses, invitations, members } from '../schema/business.ts'

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

type Chosen = { id: string } | { email: string } | { invitedBy: string }

const isChosen = (which: Chosen) => {
  if ('id' in which) return eq(invitations.id, which.id)
  return 'email' in which ? eq(invitations.email, which.email) : eq(invitations.invitedBy, which.invitedBy)
}

/** Revokes open invitations by address, id or inviter; returns their addresses. */
export const revokeInvitations = async (
  tx: Tx,
  { businessId, ...which }: { businessId: BusinessId } & Chosen,
): Promise<string[]> => {
  const rows = await tx
    .update(invitations)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(invitations.businessId, businessId), unanswered, isChosen(which)))
    .returning({ email: invitations.email })
  return rows.map(({ email }) => email)
}

/** An invitation is worth what its inviter is: an active owner of the business. */
const byActiveOwner = sql<boolean>`exists (select from members inviter
  where inviter.business_id = invitations.business_id and inviter.id = invitations.invited_by
    and inviter.role = 'owner' and inviter.deactivated_at is null)`

const invitationColumns = {
  id: invitations.id,
  businessId: sql<BusinessId>`invitations.business_id`,
  businessName: businesses.name,
  invitedBy: members.name,
  email: invitations.email,
  role: invitations.role,
  accepted: sql<boolean>`${invitations.acceptedAt} is not null`,
  revoked: sql<boolean>`${invitations.revokedAt} is not null or not ${byActiveOwner}`,
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
    .where(and(eq(invitations.email, email), unanswered, byActiveOwner, gt(invitations.expiresAt, sql`now()`)))
    .orderBy(desc(invitations.createdAt), desc(invitations.id))

/**
 * Accepts an open invitation to the address; null if it is not open or its inviter is no longer an
 * active owner. Of two concurrent calls one succeeds. Lock order: the team before the invitation,
 * as in every change of the team.
 */
export const takeInvitation = async (tx: GlobalTx, { id, email }: { id: string; email: string }) => {
  await tx.execute(sql`
    select from members m join invitations i on i.business_id = m.business_id
    where i.id = ${id} and i.email = ${email} order by m.id for no key update of m`)
  const [row] = await tx
    .update(invitations)
    .set({ acceptedAt: sql`now()` })
    .where(
      and(
        eq(invitations.id, id),
        eq(invitations.email, email),
        unanswered,
        byActiveOwner,
        gt(invitations.expiresAt, sql`now()`),
      ),
    )
    .returning({ businessId: sql<BusinessId>`business_id`, role: invitations.role })
  return row ?? null
}
