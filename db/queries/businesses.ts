import { eq, sql } from 'drizzle-orm'
import type { BusinessId } from '../business-id.ts'
import type { Db, GlobalTx, Tx } from '../client.ts'
import { businesses, type OpeningHours } from '../schema/business.ts'

export const insertBusiness = async (
  tx: GlobalTx,
  business: { name: string; timeZone: string; openingHours: OpeningHours },
): Promise<BusinessId> => {
  const [row] = await tx.insert(businesses).values(business).returning({ id: sql<BusinessId>`id` })
  if (!row) throw new Error('An insert of a business returned no row.')
  return row.id
}

export const readBusiness = async (db: Db | Tx, businessId: BusinessId, options: { lock?: boolean } = {}) => {
  const query = db
    .select({
      id: sql<BusinessId>`businesses.id`,
      name: businesses.name,
      timeZone: businesses.timeZone,
      openingHours: businesses.openingHours,
      openingExceptions: businesses.openingExceptions,
      defaultMinutes: businesses.defaultMinutes,
      staffSee: businesses.staffSee,
      guestsOnGoogle: businesses.guestsOnGoogle,
      guestlessBlocks: businesses.guestlessBlocks,
      whenRemoved: businesses.whenRemoved,
      noticeMinutes: businesses.noticeMinutes,
      horizonDays: businesses.horizonDays,
      stepMinutes: businesses.stepMinutes,
      mostPerDay: businesses.mostPerDay,
      sameDayCutOff: businesses.sameDayCutOff,
      whenGoogleUnknown: businesses.whenGoogleUnknown,
      holidayRegion: businesses.holidayRegion,
      receptionistMayBook: businesses.receptionistMayBook,
      staffEditTimeOff: businesses.staffEditTimeOff,
    })
    .from(businesses)
    .where(eq(businesses.id, businessId))
  const [row] = await (options.lock ? query.for('no key update') : query)
  return row ?? null
}

export const updateBusiness = async (
  tx: Tx,
  businessId: BusinessId,
  changes: Partial<typeof businesses.$inferInsert>,
) => {
  await tx.update(businesses).set(changes).where(eq(businesses.id, businessId))
}

/** Deletes the business and everything that belongs to it. */
export const deleteBusiness = async (tx: GlobalTx, businessId: BusinessId) => {
  await tx.delete(businesses).where(eq(businesses.id, businessId))
}
