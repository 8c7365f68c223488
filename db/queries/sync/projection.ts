import { and, eq } from 'drizzle-orm'
import type { BusinessId } from '../../business-id.ts'
import type { Db, Tx } from '../../client.ts'
import { businesses, members } from '../../schema/business.ts'
import { syncedCalendars } from '../../schema/google.ts'

/** The settings, members and calendars that an appointment's event depends on. */
export const readProjectionFacts = async (db: Db | Tx, businessId: BusinessId) => {
  const [[business], people, calendars] = await Promise.all([
    db
      .select({
        timeZone: businesses.timeZone,
        guestsOnGoogle: businesses.guestsOnGoogle,
        whenRemoved: businesses.whenRemoved,
        appointmentsGo: businesses.appointmentsGo,
      })
      .from(businesses)
      .where(eq(businesses.id, businessId)),
    db
      .select({ id: members.id, name: members.name, email: members.email })
      .from(members)
      .where(eq(members.businessId, businessId)),
    db
      .select({ id: syncedCalendars.id, memberId: syncedCalendars.memberId })
      .from(syncedCalendars)
      .where(and(eq(syncedCalendars.businessId, businessId), eq(syncedCalendars.purpose, 'appointments'))),
  ])
  if (!business) throw new Error('The business of the calendar does not exist.')
  return { ...business, members: people, calendars }
}
