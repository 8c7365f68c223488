import { sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, Tx } from '../../client.ts'
import { rowsOf } from '../rows.ts'

/** The requests of agents, by phone call. */

/** One call of a key, or one request without a call. `last`: the id of its last request. */
export type CallRow = { last: number; callId: string | null; keyId: string; keyName: string; test: boolean }

type CallsPage = { businessId: BusinessId; callId?: string; before?: number; limit: number }

/** Those with the latest requests first, `last` below `before` (keyset). */
export const readCalls = (db: Db | Tx, { businessId, callId, before, limit }: CallsPage): Promise<CallRow[]> =>
  rowsOf<CallRow>(
    db,
    sql`
    select r.id::float8 as last, r.call_id as "callId", r.api_key_id as "keyId", k.name as "keyName", k.test
    from api_requests r join api_keys k on k.business_id = r.business_id and k.id = r.api_key_id
    where r.business_id = ${businessId}
      and ${callId === undefined ? sql`true` : sql`r.call_id = ${callId}`}
      and ${before === undefined ? sql`true` : sql`r.id < ${before}`}
      and not exists (select from api_requests l where l.business_id = r.business_id and l.call_id = r.call_id
        and l.api_key_id = r.api_key_id and l.id > r.id)
    order by r.id desc limit ${limit}`,
  )

export type RequestRow = {
  id: number
  callId: string | null
  keyId: string
  at: string
  verb: string
  outcome: string
  asked: Record<string, unknown>
  said: string
  appointmentId: string | null
  /** The current title of the appointment. */
  title: string | null
}

/** The last requests of these calls, `most` of each, in the order in which they were made. */
export const readRequestsOfCalls = async (
  db: Db | Tx,
  { businessId, calls, most }: { businessId: BusinessId; calls: readonly CallRow[]; most: number },
): Promise<RequestRow[]> => {
  if (calls.length === 0) return []
  const wanted = JSON.stringify(calls.map(({ last, callId, keyId }) => ({ last, call_id: callId, key_id: keyId })))
  return await rowsOf<RequestRow>(
    db,
    sql`
    select r.id::float8 as id, r.call_id as "callId", r.api_key_id as "keyId",
      to_char(r.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, r.verb, r.outcome, r.asked, r.said,
      a.id as "appointmentId", a.title
    from jsonb_to_recordset(${wanted}::jsonb) as wanted (last bigint, call_id text, key_id uuid)
    cross join lateral (
      (select * from api_requests where business_id = ${businessId} and call_id = wanted.call_id
        and api_key_id = wanted.key_id order by id desc limit ${most})
      union all
      (select * from api_requests where business_id = ${businessId} and wanted.call_id is null and id = wanted.last)
    ) r
    left join appointments a on a.business_id = ${businessId} and a.id = r.appointment_id
    order by r.id`,
  )
}
