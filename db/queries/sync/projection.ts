import { eq, sql } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, Tx } from '../../client.ts'
import { businesses, members } from '../../schema/business.ts'

/** The settings, members and calendars that an appointment's event depends on. */
export const readProjectionFacts = async (db: Db | Tx, businessId: BusinessId) => {
  const [[business], people] = await Promise.all([
    db
      .select({
        timeZone: businesses.timeZone,
        guestsOnGoogle: businesses.guestsOnGoogle,
        whenRemoved: businesses.whenRemoved,
        appointmentsGo: businesses.appointmentsGo,
        calendars: sql<{ id: string; memberId: string | null }[]>`(
          select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'memberId', c.member_id)), '[]') from synced_calendars c
          where c.business_id = ${businessId} and c.purpose = 'appointments')`,
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
