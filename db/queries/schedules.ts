import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db, Tx } from '../client.ts'
import { members, type OpeningHours, timeOff } from '../schema/business.ts'
import { rowsOf } from './rows.ts'

/** When people work, and what takes their time. */

export type TimeOffRow = Omit<typeof timeOff.$inferSelect, 'businessId' | 'createdAt'>

const columns = {
  id: timeOff.id,
  memberId: timeOff.memberId,
  startsAt: timeOff.startsAt,
  endsAt: timeOff.endsAt,
  repeats: timeOff.repeats,
  lastDate: timeOff.lastDate,
  reason: timeOff.reason,
}

/** By start. */
export const readTimeOff = (db: Db | Tx, businessId: BusinessId): Promise<TimeOffRow[]> =>
  db.select(columns).from(timeOff).where(eq(timeOff.businessId, businessId)).orderBy(asc(timeOff.startsAt), timeOff.id)

/** Active members in the order of the team. */
export const readWorkingHours = (
  db: Db | Tx,
  businessId: BusinessId,
): Promise<{ memberId: string; name: string; workingHours: OpeningHours | null }[]> =>
  db
    .select({ memberId: members.id, name: members.name, workingHours: members.workingHours })
    .from(members)
    .where(and(eq(members.businessId, businessId), isNull(members.deactivatedAt)))
    .orderBy(asc(members.role), asc(sql`lower(members.name)`), asc(members.id))

type MemberKey = { businessId: BusinessId; memberId: string }

export const updateWorkingHours = async (tx: Tx, { businessId, memberId }: MemberKey, hours: OpeningHours | null) => {
  await tx
    .update(members)
    .set({ workingHours: hours })
    .where(and(eq(members.businessId, businessId), eq(members.id, memberId)))
}

/** False if the id is taken. */
export const insertTimeOff = async (tx: Tx, row: typeof timeOff.$inferInsert): Promise<boolean> => {
  const inserted = await tx.insert(timeOff).values(row).onConflictDoNothing().returning({ id: timeOff.id })
  return inserted.length > 0
}

/** The deleted row; null if there is none, or none of `memberId`. */
export const deleteTimeOff = async (
  tx: Tx,
  { businessId, id, memberId }: { businessId: BusinessId; id: string; memberId?: string },
): Promise<TimeOffRow | null> => {
  const [row] = await tx
    .delete(timeOff)
    .where(
      and(
        eq(timeOff.businessId, businessId),
        eq(timeOff.id, id),
        memberId === undefined ? undefined : eq(timeOff.memberId, memberId),
      ),
    )
    .returning(columns)
  return row ?? null
}

/** Epoch milliseconds, the end exclusive; gaps in minutes. */
export type BookedRow = {
  id: string
  from: number
  until: number
  memberIds: string[]
  gapBefore: number
  gapAfter: number
}

type BookedRange = {
  businessId: BusinessId
  from: string
  to: string
  memberIds?: readonly string[]
  limit: number
}

const ms = (instant: string) => sql.raw(`(extract(epoch from ${instant}) * 1000)::float8`)

/** At most `limit` booked appointments of the members, or of any, that overlap [from, to). */
export const readBooked = (
  db: Db | Tx,
  { businessId, from, to, memberIds, limit }: BookedRange,
): Promise<BookedRow[]> =>
  rowsOf<BookedRow>(
    db,
    sql`
    select id, ${ms('starts_at')} as "from", ${ms('ends_at')} as until, gap_before as "gapBefore", gap_after as "gapAfter",
      "memberIds"
    from appointments
    cross join lateral (select array_agg(member_id) as "memberIds" from appointment_assignees
      where appointment_id = appointments.id) assigned
    where business_id = ${businessId} and status = 'booked'
      and id in (select appointments_within(${businessId}, tstzrange(${from}::timestamptz, ${to}::timestamptz)))
      and ${memberIds ? sql`"memberIds" && ${`{${memberIds.join()}}`}::uuid[]` : sql`"memberIds" is not null`}
    limit ${limit}`,
  )
