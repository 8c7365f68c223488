import { sql } from 'drizzle-orm'
import type { GlobalDb, GlobalTx } from '#db/client.ts'
import type { PublishedKind } from './change-kind.ts'

export const changesChannel = 'sophiie_changes'

/** Notifies every open page of the business. In a transaction it is sent at commit. */
export const publishChange = async (db: GlobalDb | GlobalTx, businessId: string, kind: PublishedKind = 'anything') => {
  const payload = kind === 'anything' ? businessId : `${businessId} ${kind}`
  await db.execute(sql`select pg_notify(${changesChannel}, ${payload})`)
}
