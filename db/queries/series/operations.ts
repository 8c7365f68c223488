import { and, eq, sql } from 'drizzle-orm'
import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import { seriesOperations } from '#db/schema/series.ts'

type NewOperation = { businessId: BusinessId; kind: string; image: unknown; createdBy: string | null }

export const insertOperation = async (tx: Tx, row: NewOperation): Promise<string> => {
  const [inserted] = await tx.insert(seriesOperations).values(row).returning({ id: seriesOperations.id })
  if (!inserted) throw new Error('An operation was not inserted.')
  return inserted.id
}

type Key = { businessId: BusinessId; id: string }

/** Locked, so that one is undone once. */
export const readOperationForUpdate = async (tx: Tx, { businessId, id }: Key) => {
  const [row] = await tx
    .select({
      kind: seriesOperations.kind,
      image: seriesOperations.image,
      isUndone: sql<boolean>`${seriesOperations.undoneAt} is not null`,
    })
    .from(seriesOperations)
    .where(and(eq(seriesOperations.businessId, businessId), eq(seriesOperations.id, id)))
    .for('update')
  return row ?? null
}

export const markUndone = async (tx: Tx, { businessId, id }: Key) => {
  await tx
    .update(seriesOperations)
    .set({ undoneAt: sql`now()` })
    .where(and(eq(seriesOperations.businessId, businessId), eq(seriesOperations.id, id)))
}
