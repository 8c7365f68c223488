import { sql } from 'drizzle-orm'
import type { GlobalDb } from '../client.ts'

type Lease = { key: string; holder: string }

/** Takes the lease for some seconds; false while another holder has it. */
export const takeLease = async (db: GlobalDb, { key, holder, seconds }: Lease & { seconds: number }) => {
  const rows = await db.execute(sql`
    with old as (delete from leases where expires_at < now() and key <> ${key})
    insert into leases as l (key, holder, expires_at)
    values (${key}, ${holder}::uuid, now() + make_interval(secs => ${seconds}::int))
    on conflict (key) do update set holder = excluded.holder, expires_at = excluded.expires_at
    where l.holder = excluded.holder or l.expires_at <= now()
    returning key`)
  return rows.length > 0
}

export const releaseLease = async (db: GlobalDb, { key, holder }: Lease) => {
  await db.execute(sql`delete from leases where key = ${key} and holder = ${holder}::uuid`)
}
