import type { Db } from '../../client.ts'
import { apiRequests } from '../../schema/receptionist.ts'
import { commitWithoutFlush } from '../transaction.ts'

export type NewApiRequest = typeof apiRequests.$inferInsert

/** Not durable, as rows that wait in a process are not either. */
export const insertApiRequests = (db: Db, rows: NewApiRequest[]): Promise<void> =>
  db.transaction(async (tx) => {
    await Promise.all([commitWithoutFlush(tx), tx.insert(apiRequests).values(rows)])
  })
