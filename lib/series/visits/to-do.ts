import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import { countVisitsThatNeedATime, readMoveOffers, readVisitsThatNeedATime } from '#db/queries/series/visits.ts'
import { minutesAfter, wallClock } from '../dates.ts'
import type { MoveOffer, VisitThatNeedsATime } from '../schema.ts'

/** What of series waits for a person. */
export const visitsToDo = async (
  tx: Tx,
  { businessId, now, limit }: { businessId: BusinessId; now: string; limit: number },
): Promise<{ visits: VisitThatNeedsATime[]; visitCount: number; moveOffers: MoveOffer[] }> => {
  const [visits, visitCount, offers] = await Promise.all([
    readVisitsThatNeedATime(tx, { businessId, limit }),
    countVisitsThatNeedATime(tx, businessId),
    readMoveOffers(tx, { businessId, limit, now }),
  ])
  return {
    visitCount,
    visits: visits.map(({ timeZone, minutes, state: _, appointmentId: __, movedInGoogleAt: ___, reason, ...visit }) => {
      const start = wallClock(timeZone).instantAt(visit.originalStart)
      return { ...visit, start, end: minutesAfter(start, minutes), reason: reason ?? 'clash' }
    }),
    moveOffers: offers.flatMap(({ appointmentId, seriesId, originalStart, title, start, end, timeZone }) => {
      const originalInstant = wallClock(timeZone).instantAt(originalStart)
      // Put back where it was.
      if (!appointmentId || originalInstant === start) return []
      return [{ appointmentId, seriesId, originalStart, title, start, end, originalInstant }]
    }),
  }
}
