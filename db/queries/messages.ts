import type { Tx } from '../client.ts'
import { messages } from '../schema.ts'

export const insertMessage = async (tx: Tx, row: typeof messages.$inferInsert): Promise<void> => {
  await tx.insert(messages).values(row)
}
