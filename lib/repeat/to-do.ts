import type { BusinessId } from '#db/business-id.ts'
import type { Tx } from '#db/client.ts'
import { countVisitsThatNeedATime, readMoveOffers, readVisitsThatNeedATime } from '#db/queries/series/visits.ts'
import { zoneClock } from '#lib/recurrence/clock.ts'
import { isoSeconds } from '#lib/recurrence/instance-id.ts'
import type { MoveOffer, VisitThatNeedsATime } from './to-do-schema.ts'

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
      const start = instantOf(visit.originalStart, timeZone)
      const [from, until] = [isoSeconds(start), isoSeconds(start + minutes * 60_000)]
      return { ...visit, start: from, end: until, reason: reason ?? 'clash' }
    }),
    moveOffers: offers.flatMap(({ appointmentId, seriesId, originalStart, title, start, end, timeZone }) => {
      const originalInstant = isoSeconds(instantOf(originalStart, timeZone))
      // Put back where it was.
      if (!appointmentId || originalInstant === start) return []
      return [{ appointmentId, seriesId, originalStart, title, start, end, originalInstant }]
    }),
  }
}

const instantOf = (wall: string, zone: string) => zoneClock(zone).instantAt(Date.parse(`${wall}:00Z`))
