import { eq } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, Tx } from '../../client.ts'
import { businesses, members } from '../../schema/business.ts'

/** The settings and members that an appointment's event depends on. */
export const readProjectionFacts = async (db: Db | Tx, businessId: BusinessId) => {
  const [[business], people] = await Promise.all([
    db
      .select({
        timeZone: businesses.timeZone,
        guestsOnGoogle: businesses.guestsOnGoogle,
        whenRemoved: businesses.whenRemoved,
      })
      .from(businesses)
      .where(eq(businesses.id, businessId)),
    db
      .select({ id: members.id, name: members.name, email: members.email })
      .from(members)
      .where(eq(members.businessId, businessId)),
  ])
  if (!business) throw new Error('The business of the calendar does not exist.')
  return { ...business, members: people }
}
