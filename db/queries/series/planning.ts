import { sql } from 'drizzle-orm'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, GlobalDb, Tx } from '#db/client.ts'
import { rowsOf } from '../rows.ts'

/** The horizon of series, which moves on with time. */

type Due = { id: string; businessId: BusinessId }

/**
 * Series of all businesses whose visits end on or before a date, by business; those behind `after`.
 */
export const readSeriesToPlan = (
  db: GlobalDb,
  { until, after, limit }: { until: string; after: Due | null; limit: number },
): Promise<Due[]> =>
  rowsOf<Due>(
    db,
    sql`
    select id, business_id as "businessId" from series
    where not ended and planned_until is not null and planned_until <= ${until}::date
      and ${after ? sql`(business_id, id) > (${after.businessId}::uuid, ${after.id}::uuid)` : sql`true`}
    order by business_id, id limit ${limit}`,
  )

/** Dates that have a row, among those after a date. */
export const readPlannedStarts = (
  db: Db | Tx,
  { businessId, seriesIds, from }: { businessId: BusinessId; seriesIds: readonly string[]; from: string },
): Promise<{ seriesId: string; originalStart: string }[]> =>
  rowsOf(
    db,
    sql`
    select series_id as "seriesId", original_start as "originalStart" from series_visits
    where business_id = ${businessId} and series_id = any(${`{${seriesIds.join()}}`}::uuid[])
      and original_start >= ${from}`,
  )

/** Not a change of the series: its revision stays. */
export const writePlannedUntil = async (
  tx: Tx,
  { businessId, planned }: { businessId: BusinessId; planned: readonly { id: string; until: string | null }[] },
) => {
  await tx.execute(sql`
    update series set planned_until = r.until
    from jsonb_to_recordset(${JSON.stringify(planned)}::jsonb) as r(id uuid, until date)
    where series.business_id = ${businessId} and series.id = r.id`)
}

const kept = sql.raw(`interval '1 day'`)

/** What **Undo** needs: a day. */
export const deleteOldSeriesOperations = async (db: GlobalDb): Promise<void> => {
  await db.execute(sql`
    delete from series_operations where id = any(array(
      select id from series_operations where created_at < now() - ${kept} limit 1000 for update skip locked))`)
}
