import { and, asc, eq, inArray, isNull, lt, sql } from 'drizzle-orm'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, GlobalTx, Tx } from '#db/client.ts'
import { appointmentAssignees } from '#db/schema/appointments.ts'
import { holds } from '#db/schema/receptionist.ts'
import { rowsOf } from '../rows.ts'

/** Times kept for callers. Whether one has expired is decided by the clock of the database. */

export type HoldRow = Omit<typeof holds.$inferSelect, 'businessId' | 'createdAt'> & { expired: boolean }

/** `now()` is the start of a transaction, which may have waited for a lock since. */
const isOver = sql<boolean>`(holds.expires_at <= clock_timestamp())`

const columns = {
  id: holds.id,
  apiKeyId: holds.apiKeyId,
  callId: holds.callId,
  startsAt: holds.startsAt,
  endsAt: holds.endsAt,
  memberIds: holds.memberIds,
  serviceId: holds.serviceId,
  gapBefore: holds.gapBefore,
  gapAfter: holds.gapAfter,
  expiresAt: holds.expiresAt,
  test: holds.test,
  appointmentId: holds.appointmentId,
  ended: holds.ended,
  expired: isOver,
}

type Key = { businessId: BusinessId; id: string }

export const readHold = async (
  db: Db | Tx,
  { businessId, id }: Key,
  options: { lock?: boolean } = {},
): Promise<HoldRow | null> => {
  const query = db
    .select(columns)
    .from(holds)
    .where(and(eq(holds.businessId, businessId), eq(holds.id, id)))
  const [row] = await (options.lock ? query.for('update') : query)
  return row ?? null
}

type Open = {
  businessId: BusinessId
  from: string
  to: string
  /** With those of test keys, which take no time from people. */
  test?: boolean
  exceptId?: string | null
}

/** Holds that overlap [from, to) and have neither ended nor expired. None is longer than a day. */
export const readOpenHolds = (
  db: Db | Tx,
  { businessId, from, to, test = false, exceptId }: Open,
): Promise<HoldRow[]> =>
  db
    .select(columns)
    .from(holds)
    .where(
      and(
        eq(holds.businessId, businessId),
        isNull(holds.ended),
        sql`not ${isOver}`,
        sql`${holds.startsAt} >= ${from}::timestamptz - interval '24 hours'`,
        lt(holds.startsAt, sql`${to}::timestamptz`),
        sql`${holds.endsAt} > ${from}::timestamptz`,
        test ? undefined : eq(holds.test, false),
        exceptId ? sql`${holds.id} <> ${exceptId}` : undefined,
      ),
    )
    .orderBy(asc(holds.startsAt), asc(holds.id))

/** Of one key. */
export const countOpenHolds = async (
  db: Db | Tx,
  { businessId, apiKeyId }: { businessId: BusinessId; apiKeyId: string },
): Promise<number> => {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(holds)
    .where(and(eq(holds.businessId, businessId), eq(holds.apiKeyId, apiKeyId), isNull(holds.ended), sql`not ${isOver}`))
  return row?.count ?? 0
}

type Span = { businessId: BusinessId; start: string; end: string; memberIds: readonly string[] }

/**
 * Ends the exclusion of expired holds that are in the way: a constraint cannot look at the clock.
 * Called under the locks of the members, before each write that takes time.
 */
export const dropExpiredHolds = async (tx: Tx, { businessId, start, end, memberIds }: Span): Promise<void> => {
  if (memberIds.length === 0) return
  await tx.execute(sql`
    delete from appointment_assignees using holds
    where appointment_assignees.business_id = ${businessId} and holds.id = appointment_assignees.hold_id
      and holds.business_id = ${businessId} and (${isOver} or holds.ended is not null)
      and holds.starts_at < ${end}::timestamptz and holds.ends_at > ${start}::timestamptz
      and holds.starts_at >= ${start}::timestamptz - interval '24 hours'
      and appointment_assignees.member_id = any(${`{${memberIds.join()}}`}::uuid[])`)
}

/** Ends open holds, under the locks of their members; returns those that were open. */
export const endHolds = async (
  tx: Tx,
  { businessId, ids, ended }: { businessId: BusinessId; ids: readonly string[]; ended: NonNullable<HoldRow['ended']> },
  appointmentId?: string,
): Promise<string[]> => {
  if (ids.length === 0) return []
  const [, rows] = await Promise.all([
    tx
      .delete(appointmentAssignees)
      .where(and(eq(appointmentAssignees.businessId, businessId), inArray(appointmentAssignees.holdId, [...ids]))),
    tx
      .update(holds)
      .set({ ended, ...(appointmentId && { appointmentId }) })
      .where(and(eq(holds.businessId, businessId), inArray(holds.id, [...ids]), isNull(holds.ended)))
      .returning({ id: holds.id }),
  ])
  return rows.map(({ id }) => id)
}

/**
 * Ends the open holds in the way of what cannot be refused: a change in Google, or what a person
 * confirmed. Under the locks of the members.
 */
export const takeOverHolds = async (tx: Tx, { businessId, start, end, memberIds }: Span): Promise<void> => {
  const open = await readOpenHolds(tx, { businessId, from: start, to: end })
  const ids = open.filter((hold) => hold.memberIds.some((id) => memberIds.includes(id))).map(({ id }) => id)
  await endHolds(tx, { businessId, ids, ended: 'taken-over' })
}

/** Throws Postgres error 23P01 when a member has another appointment or hold at the time. */
export const insertHold = async (
  tx: Tx,
  { seconds, ...row }: Omit<typeof holds.$inferInsert, 'expiresAt'> & { id: string; seconds: number },
): Promise<HoldRow> => {
  const [inserted] = await tx
    .insert(holds)
    .values({ ...row, expiresAt: expiresIn(seconds) })
    .returning(columns)
  if (!inserted) throw new Error('A hold was not inserted.')
  if (!row.test && row.memberIds.length > 0)
    await tx.insert(appointmentAssignees).values(
      row.memberIds.map((memberId) => ({
        ...{ businessId: row.businessId, holdId: row.id, memberId, exclusive: true },
        during: `[${row.startsAt},${row.endsAt})`,
      })),
    )
  return inserted
}

const expiresIn = (seconds: number) => sql`date_trunc('seconds', clock_timestamp()) + make_interval(secs => ${seconds})`

/** Sets when an open hold expires; null if it has expired or ended. */
export const extendHold = async (
  tx: Tx,
  { businessId, id }: Key,
  seconds: number,
): Promise<{ expiresAt: string } | null> => {
  const [row] = await tx
    .update(holds)
    .set({ expiresAt: expiresIn(seconds) })
    .where(and(eq(holds.businessId, businessId), eq(holds.id, id), isNull(holds.ended), sql`not ${isOver}`))
    .returning({ expiresAt: holds.expiresAt })
  return row ?? null
}

/**
 * Marks holds that expired, at most `limit`, and frees their time. Of all businesses. What a
 * booking has locked is left to it; `dropExpiredHolds` frees it too.
 */
export const takeExpiredHolds = (
  tx: GlobalTx,
  limit: number,
): Promise<{ id: string; businessId: BusinessId; test: boolean }[]> =>
  rowsOf(
    tx,
    sql`
    with due as (select id from holds where ended is null and expires_at <= now()
      order by expires_at limit ${limit} for update skip locked),
    free as (select hold_id, member_id from appointment_assignees where hold_id in (select id from due)
      for update skip locked),
    freed as (delete from appointment_assignees using free
      where appointment_assignees.hold_id = free.hold_id and appointment_assignees.member_id = free.member_id)
    update holds set ended = 'expired' from due where holds.id = due.id
    returning holds.id, holds.business_id as "businessId", holds.test`,
  )
