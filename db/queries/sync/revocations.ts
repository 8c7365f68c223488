import { eq, sql } from 'drizzle-orm'
import type { GlobalDb, GlobalTx, Tx } from '../../client.ts'
import { googleRevocations } from '../../schema/google.ts'

/** A push channel as Google knows it. */
export type Channel = { id: string; resourceId: string }

/** Queues the revocations whose next attempt is due. */
export const enqueueRevocations = async (db: GlobalDb | GlobalTx): Promise<number> => {
  const rows = await db.execute(sql`
    select graphile_worker.add_job('revoke', json_build_object('revocationId', id), job_key => 'revoke:' || id)
    from google_revocations where next_attempt_at <= now()`)
  return rows.length
}

type Revocation = { id: string; businessId: string; googleSub: string; refreshToken: string; channels: Channel[] }

export const insertRevocation = async (tx: Tx, row: Revocation) => {
  await tx.insert(googleRevocations).values(row)
  await tx.execute(sql`select request_revocation(${row.id})`)
}

export const readRevocation = async (db: GlobalDb, id: string) => {
  const [row] = await db.select().from(googleRevocations).where(eq(googleRevocations.id, id))
  return row ? { ...row, channels: row.channels as Channel[] } : null
}

export const deleteRevocation = async (db: GlobalDb, id: string) => {
  await db.delete(googleRevocations).where(eq(googleRevocations.id, id))
}

export const postponeRevocation = async (db: GlobalDb, id: string, delayMs: number) => {
  await db.execute(sql`
    update google_revocations set attempts = attempts + 1,
      next_attempt_at = now() + make_interval(secs => ${delayMs / 1000}::float8) where id = ${id}`)
}
