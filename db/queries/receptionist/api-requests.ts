import type { Db } from '../../client.ts'
import { apiRequests } from '../../schema/receptionist.ts'

export type NewApiRequest = typeof apiRequests.$inferInsert

export const insertApiRequests = async (db: Db, rows: NewApiRequest[]): Promise<void> => {
  await db.insert(apiRequests).values(rows)
}
