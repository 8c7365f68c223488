import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import { raiseUpcoming, raiseUpcomingOfMember } from '#db/queries/appointments.ts'
import { enqueueSyncOfBusiness } from '../enqueue.ts'

/**
 * After a change of where appointments go: the choice, or who has an appointments calendar of their
 * own. Upcoming appointments (`of`: those of one member) are compared with all calendars again, and
 * a run of each appointments calendar is requested. Lock order: calendars before this, and no other
 * request of a run in the same transaction.
 */
export const requestPlacement = async (
  tx: Tx,
  businessId: BusinessId,
  of: { memberId?: string; now?: string } = {},
): Promise<void> => {
  const { memberId, now = new Date().toISOString() } = of
  await (memberId === undefined
    ? raiseUpcoming(tx, { businessId, now })
    : raiseUpcomingOfMember(tx, { businessId, memberId, now }))
  await enqueueSyncOfBusiness(tx, businessId)
}
