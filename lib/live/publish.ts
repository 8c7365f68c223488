import { sql } from 'drizzle-orm'
import type { OpenDb, OpenTx } from '#db/client.ts'
import type { News } from './change-kind.ts'

export const changesChannel = 'sophiie_changes'

/** Tells every open page of the business to look again. Inside a transaction it is sent at commit. */
export const announce = async (db: OpenDb | OpenTx, businessId: string, news: News = 'anything') => {
  const said = news === 'anything' ? businessId : `${businessId} ${news}`
  await db.execute(sql`select pg_notify(${changesChannel}, ${said})`)
}
