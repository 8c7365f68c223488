import { sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db } from '../../client.ts'
import { rowsOf } from '../rows.ts'
import { notDurable } from '../transaction.ts'

/**
 * Answers to requests, by the `Idempotency-Key` that their sender chose. Not durable: after a crash
 * of Postgres a repeated request runs again, and the verb finds what it has already done.
 */

type Key = { businessId: BusinessId; apiKeyId: string; key: string }

/** `lock` belongs to the request that runs; a later one under the same key has another. */
export type Begun =
  | { state: 'begun'; lock: string }
  | { state: 'other-request' }
  | { state: 'running'; secondsLeft: number }
  | { state: 'answered'; status: number; body: string }

type Row = { isSame: boolean; status: number | null; body: string | null; secondsLeft: number }

/**
 * Begins a request under a key: a new one, one older than 24 hours, or that of a process that died.
 */
export const beginIdempotent = async (
  db: Db,
  { businessId, apiKeyId, key }: Key,
  { requestHash, lockSeconds }: { requestHash: Buffer; lockSeconds: number },
): Promise<Begun> => {
  const hash = sql`decode(${requestHash.toString('hex')}, 'hex')`
  const own = sql`business_id = ${businessId} and api_key_id = ${apiKeyId} and key = ${key}`
  for (;;) {
    const [begun] = await rowsOf<{ lock: string }>(
      db,
      sql`
      insert into idempotency_keys as i (business_id, api_key_id, key, request_hash, locked_until)
      select ${businessId}::uuid, ${apiKeyId}::uuid, ${key}, ${hash}, clock_timestamp() + make_interval(secs => ${lockSeconds})
      from ${notDurable}
      on conflict (api_key_id, key) do update set request_hash = excluded.request_hash, status = null, body = null,
        locked_until = excluded.locked_until, created_at = now()
      where i.created_at < now() - interval '24 hours'
        or (i.status is null and i.locked_until <= clock_timestamp() and i.request_hash = excluded.request_hash)
      returning locked_until::text as lock`,
    )
    if (begun) return { state: 'begun', lock: begun.lock }
    const [row] = await rowsOf<Row>(
      db,
      sql`
      select request_hash = ${hash} as "isSame", status, body,
        greatest(1, ceil(extract(epoch from locked_until - clock_timestamp())))::int as "secondsLeft"
      from idempotency_keys where ${own}`,
    )
    // It was given up since: begin again.
    if (row) return stateOf(row)
  }
}

const stateOf = ({ isSame, status, body, secondsLeft }: Row): Begun => {
  if (!isSame) return { state: 'other-request' }
  if (status === null) return { state: 'running', secondsLeft }
  return { state: 'answered', status, body: body ?? '' }
}

type Locked = Key & { lock: string }

const ofLock = ({ businessId, apiKeyId, key, lock }: Locked) =>
  sql`business_id = ${businessId} and api_key_id = ${apiKeyId} and key = ${key} and status is null
    and locked_until = ${lock}::timestamptz`

export const keepAnswer = async (db: Db, locked: Locked, answer: { status: number; body: string }): Promise<void> => {
  await db.execute(
    sql`
    update idempotency_keys set status = ${answer.status}, body = ${answer.body} from ${notDurable} where ${ofLock(locked)}`,
  )
}

/** The request has no final answer: the next one under the key runs. */
export const giveUpIdempotent = async (db: Db, locked: Locked): Promise<void> => {
  await db.execute(sql`delete from idempotency_keys where ${ofLock(locked)}`)
}
