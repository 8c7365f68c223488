import { eq, sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db, Tx } from '../client.ts'
import { businesses, type OpeningHours } from '../schema.ts'

export const insertBusiness = async (
  tx: Tx,
  business: { name: string; timeZone: string; openingHours: OpeningHours },
): Promise<BusinessId> => {
  const [row] = await tx.insert(businesses).values(business).returning({ id: sql<BusinessId>`id` })
  if (!row) throw new Error('An insert of a business returned no row.')
  return row.id
}

export const readBusiness = async (db: Db | Tx, businessId: BusinessId) => {
  const [row] = await db
    .select({
      id: sql<BusinessId>`businesses.id`,
      name: businesses.name,
      timeZone: businesses.timeZone,
      openingHours: businesses.openingHours,
      defaultMinutes: businesses.defaultMinutes,
      staffSee: businesses.staffSee,
      guestsOnGoogle: businesses.guestsOnGoogle,
      guestlessBlocks: businesses.guestlessBlocks,
      whenRemoved: businesses.whenRemoved,
    })
    .from(businesses)
    .where(eq(businesses.id, businessId))
  return row ?? null
}
