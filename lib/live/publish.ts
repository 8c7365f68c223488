import { sql } from 'drizzle-orm'
import type { GlobalDb, GlobalTx } from '#db/client.ts'
import type { ChangeKind } from './change-kind.ts'

export const changesChannel = 'sophiie_changes'

/** Tells every open page of the business to look again. Inside a transaction it is sent at commit. */
export const publishChange = async (
  db: GlobalDb | GlobalTx,
  businessId: string,
  news: ChangeKind = 'anything',
) => {
  const said = news === 'anything' ? businessId : `${businessId} ${news}`
  await db.execute(sql`select pg_notify(${changesChannel}, ${said})`)
}
