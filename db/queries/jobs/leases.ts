import { sql } from 'drizzle-orm'
import type { GlobalDb } from '../../client.ts'
import { rowsOf } from '../rows.ts'

/** Work of which only one may run at a time, over all processes. The tick deletes old rows. */

type Lease = { key: string; holder: string }

/** Takes the lease for some seconds, or renews it; false while another holder has it. */
export const takeLease = async (db: GlobalDb, { key, holder, seconds }: Lease & { seconds: number }) => {
  const rows = await db.execute(sql`
    insert into leases as l (key, holder, expires_at)
    values (${key}, ${holder}::uuid, now() + make_interval(secs => ${seconds}::float8))
    on conflict (key) do update set holder = excluded.holder, expires_at = excluded.expires_at
    where l.holder = excluded.holder or l.expires_at <= now()
    returning key`)
  return rows.length > 0
}

export const releaseLease = async (db: GlobalDb, { key, holder }: Lease) => {
  await db.execute(sql`delete from leases where key = ${key} and holder = ${holder}::uuid`)
}

/** Leaves the lease to another holder for some seconds; false if it was lost. */
export const passLease = async (
  db: GlobalDb,
  { key, holder, to, seconds }: Lease & { to: string; seconds: number },
): Promise<boolean> => {
  const rows = await db.execute(sql`
    update leases set holder = ${to}::uuid, expires_at = now() + make_interval(secs => ${seconds}::float8)
    where key = ${key} and holder = ${holder}::uuid returning key`)
  return rows.length > 0
}

/** Seconds until the lease of another holder runs out; 0 if it is free. */
export const readLeaseSeconds = async (db: GlobalDb, key: string): Promise<number> => {
  const [row] = await rowsOf<{ seconds: number }>(
    db,
    sql`select greatest(0, extract(epoch from expires_at - now()))::float8 as seconds from leases where key = ${key}`,
  )
  return row?.seconds ?? 0
}
