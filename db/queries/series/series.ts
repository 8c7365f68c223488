import { and, asc, eq, getTableColumns, inArray, sql } from 'drizzle-orm'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { series } from '#db/schema/series.ts'

/** Series of a business. */

export type SeriesRow = Omit<typeof series.$inferSelect, 'businessId' | 'createdAt'>

const { businessId: _, createdAt: __, ...columns } = getTableColumns(series)

type Key = { businessId: BusinessId; id: string }

export const readSeries = async (
  db: Db | Tx,
  { businessId, id }: Key,
  options: { lock?: boolean } = {},
): Promise<SeriesRow | null> => {
  const query = db
    .select(columns)
    .from(series)
    .where(and(eq(series.businessId, businessId), eq(series.id, id)))
  const [row] = await (options.lock ? query.for('update') : query)
  return row ?? null
}

/** Locked in the order of their ids. */
export const readSeriesForUpdate = (
  tx: Tx,
  { businessId, ids }: { businessId: BusinessId; ids: readonly string[] },
): Promise<SeriesRow[]> =>
  tx
    .select(columns)
    .from(series)
    .where(and(eq(series.businessId, businessId), inArray(series.id, [...ids])))
    .orderBy(asc(series.id))
    .for('update')

/** False if the id is taken, by this or another business. */
export const insertSeries = async (tx: Tx, row: SeriesRow & { businessId: BusinessId }): Promise<boolean> => {
  const inserted = await tx
    .insert(series)
    .values(row)
    .onConflictDoNothing({ target: series.id })
    .returning({ id: series.id })
  return inserted.length > 0
}

/** Writes a whole row that was read under a lock. */
export const writeSeries = async (tx: Tx, { businessId, id, ...row }: SeriesRow & { businessId: BusinessId }) => {
  await tx
    .update(series)
    .set(row)
    .where(and(eq(series.businessId, businessId), eq(series.id, id)))
}

/** Its visits go with it, their appointments stay. */
export const deleteSeries = async (tx: Tx, { businessId, id }: Key) => {
  await tx.delete(series).where(and(eq(series.businessId, businessId), eq(series.id, id)))
}

/** Before the appointments of a member who leaves are locked. */
export const lockSeriesOfMember = async (
  tx: Tx,
  { businessId, memberId }: { businessId: BusinessId; memberId: string },
) => {
  await tx.execute(sql`
    select from series where business_id = ${businessId} and not ended and ${memberId}::uuid = any(assignee_ids)
    order by id for update`)
}

/** The appointments that a member who left had go to others, and so do the visits to come. */
export const replaceSeriesAssignee = async (
  tx: Tx,
  { businessId, from, to }: { businessId: BusinessId; from: string; to: string | null },
) => {
  await tx.execute(sql`
    update series set revision = revision + 1, assignee_ids = array(
      select distinct case when each = ${from}::uuid then ${to}::uuid else each end
      from unnest(assignee_ids) as each
      where each <> ${from}::uuid or ${to}::uuid is not null order by 1)
    where business_id = ${businessId} and not ended and ${from}::uuid = any(assignee_ids)`)
}
