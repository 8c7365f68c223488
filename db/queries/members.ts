import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db, GlobalDb, GlobalTx, Tx } from '../client.ts'
import { appointmentAssignees, appointments } from '../schema/appointments.ts'
import { businesses, members, users } from '../schema/business.ts'

export type NewMember = {
  businessId: BusinessId
  userId: string
  role: 'owner' | 'staff'
  name: string
  email: string
  /** 1–8. */
  colour: number
}

export const insertMember = async (tx: GlobalTx, member: NewMember): Promise<string> => {
  const [row] = await tx.insert(members).values(member).returning({ id: members.id })
  if (!row) throw new Error('An insert of a member returned no row.')
  return row.id
}

const columns = {
  id: members.id,
  name: members.name,
  email: members.email,
  role: members.role,
  colour: members.colour,
  active: sql<boolean>`members.deactivated_at is null`,
}

/** Current and former members: owners first, then by name. */
export const readMembers = (db: Db | Tx, businessId: BusinessId) =>
  db
    .select(columns)
    .from(members)
    .where(eq(members.businessId, businessId))
    .orderBy(asc(members.role), asc(sql`lower(members.name)`), asc(members.id))

/** All members, locked in id order: the rule "at least one active owner" concerns them all. */
export const lockTeam = (tx: Tx, businessId: BusinessId) =>
  tx
    .select({ ...columns, userId: members.userId })
    .from(members)
    .where(eq(members.businessId, businessId))
    .orderBy(asc(members.id))
    .for('no key update')

/** Whether the member is active, which holds until the end of the transaction. */
export const lockActiveMember = async (
  tx: Tx,
  { businessId, memberId }: { businessId: BusinessId; memberId: string },
): Promise<boolean> => {
  const rows = await tx
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.businessId, businessId), eq(members.id, memberId), isNull(members.deactivatedAt)))
    .for('share')
  return rows.length > 0
}

export type MemberChanges = {
  name?: string
  email?: string
  role?: 'owner' | 'staff'
  colour?: number
  active?: boolean
}

export const updateMember = async (
  tx: GlobalTx,
  { businessId, id, changes }: { businessId: BusinessId; id: string; changes: MemberChanges },
) => {
  const { active, ...rest } = changes
  await tx
    .update(members)
    .set({ ...rest, ...(active !== undefined && { deactivatedAt: active ? null : sql`now()` }) })
    .where(and(eq(members.businessId, businessId), eq(members.id, id)))
}

/** A member's booked appointments that have not ended, soonest first. */
export const readUpcomingOfMember = async (
  db: Db | Tx,
  { businessId, memberId, now }: { businessId: BusinessId; memberId: string; now: string },
): Promise<{ id: string; title: string; start: string; end: string }[]> =>
  db
    .select({
      id: appointments.id,
      title: appointments.title,
      start: appointments.startsAt,
      end: appointments.endsAt,
    })
    .from(appointments)
    .innerJoin(appointmentAssignees, eq(appointmentAssignees.appointmentId, appointments.id))
    .where(
      and(
        eq(appointments.businessId, businessId),
        eq(appointmentAssignees.memberId, memberId),
        eq(appointments.status, 'booked'),
        sql`${appointments.endsAt} > ${now}::timestamptz`,
      ),
    )
    .orderBy(asc(appointments.startsAt), asc(appointments.id))

const lockUser = (tx: GlobalTx, userId: string) =>
  tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update')

/**
 * Locks the user, so that two requests of one person take turns; returns whether an active
 * membership exists.
 */
export const lockUserAndAskMembership = async (tx: GlobalTx, userId: string): Promise<boolean> => {
  await lockUser(tx, userId)
  const rows = await tx
    .select({ id: members.id })
    .from(members)
    .where(and(eq(members.userId, userId), isNull(members.deactivatedAt)))
    .limit(1)
  return rows.length > 0
}

/** Locks the user and reads their current or former membership of the business. */
export const lockUserAndReadMember = async (
  tx: GlobalTx,
  { businessId, userId }: { businessId: string; userId: string },
) => {
  await lockUser(tx, userId)
  const [row] = await tx
    .select(columns)
    .from(members)
    .where(and(eq(members.businessId, businessId), eq(members.userId, userId)))
  return row ?? null
}

/** The businesses a person is an active member of, by name. */
export const readMemberships = (db: GlobalDb, userId: string) =>
  db
    .select({ businessId: sql<BusinessId>`businesses.id`, businessName: businesses.name })
    .from(members)
    .innerJoin(businesses, eq(businesses.id, members.businessId))
    .where(and(eq(members.userId, userId), isNull(members.deactivatedAt)))
    .orderBy(asc(sql`lower(businesses.name)`), asc(businesses.id))

/** The palette colour that the fewest active members have. */
export const readRarestColour = async (tx: GlobalTx, businessId: string): Promise<number> => {
  const [row] = await tx.execute(sql`
    select colour from generate_series(1, 8) colour
    order by (select count(*) from members m where m.business_id = ${businessId} and m.colour = colour.colour
      and m.deactivated_at is null), colour limit 1`)
  return (row as { colour: number } | undefined)?.colour ?? 1
}

export const readUserIdsOfBusiness = async (tx: GlobalTx, businessId: BusinessId): Promise<string[]> => {
  const rows = await tx.select({ userId: members.userId }).from(members).where(eq(members.businessId, businessId))
  return rows.map(({ userId }) => userId)
}
