import { sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { GlobalDb, GlobalTx, Tx } from '../client.ts'
import { rowsOf } from './rows.ts'
import { takeLock } from './transaction.ts'

/** `appointment.booked`, `hold.expired` …; `subjectId`: of the appointment, hold or message. */
export type NewChange = { businessId: string; type: string; subjectId: string | null }

/**
 * Appends changes, one delivery for each webhook that wants them, and the jobs that deliver. In the
 * transaction of the change.
 */
export const insertChanges = async (tx: GlobalDb | GlobalTx, rows: readonly NewChange[]): Promise<void> => {
  if (rows.length === 0) return
  await tx.execute(sql`
    with change as (
      insert into changes (business_id, type, subject_id, revision)
      select each.business_id, each.type, each.subject_id, (select revision from appointments where id = each.subject_id)
      from jsonb_to_recordset(${JSON.stringify(rows.map(toColumns))}::jsonb)
        as each (place int, business_id uuid, type text, subject_id uuid)
      order by each.place
      returning id, business_id, type),
    delivery as (
      insert into webhook_deliveries (business_id, webhook_id, change_id)
      select change.business_id, webhooks.id, change.id
      from change join webhooks on webhooks.business_id = change.business_id
      where webhooks.disabled_at is null and (webhooks.types = '{}' or change.type = any(webhooks.types))
      returning webhook_id)
    select request_webhook(webhook_id, 0)
    from (select distinct webhook_id from delivery order by webhook_id) as wanted`)
}

const toColumns = ({ businessId, type, subjectId }: NewChange, place: number) => ({
  ...{ place, business_id: businessId, type, subject_id: subjectId },
})

export type ChangeRow = {
  position: number
  at: string
  type: string
  subjectId: string | null
  revision: number | null
}

/**
 * Gives a position to the changes whose transactions, and all older ones, have ended; one reader at
 * a time. Transactions of another server, before a restore, have ended as well.
 */
export const placeChanges = async (tx: Tx, businessId: BusinessId): Promise<void> => {
  await takeLock(tx, `changes ${businessId}`)
  await tx.execute(sql`
    with ended as (
      select id, row_number() over (order by transaction, id) as place from changes
      where business_id = ${businessId} and position is null
        and (transaction < pg_snapshot_xmin(pg_current_snapshot()) or transaction >= pg_snapshot_xmax(pg_current_snapshot()))
      order by transaction, id limit 10000)
    update changes set position = ended.place
      + coalesce((select max(position) from changes where business_id = ${businessId}), 0)
    from ended where changes.id = ended.id`)
}

/** The changes of a business behind `after`, in order. */
export const readChanges = async (
  tx: Tx,
  { businessId, after, limit }: { businessId: BusinessId; after: number; limit: number },
): Promise<ChangeRow[]> => {
  await placeChanges(tx, businessId)
  return await rowsOf<ChangeRow>(
    tx,
    sql`
    select position::float8 as position, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, type,
      subject_id as "subjectId", revision
    from changes where business_id = ${businessId} and position > ${after}
    order by position limit ${limit}`,
  )
}
