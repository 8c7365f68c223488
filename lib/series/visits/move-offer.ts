import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { readAppointment } from '#db/queries/appointments.ts'
import { readSeries } from '#db/queries/series/series.ts'
import { readVisitOfAppointment, updateVisit } from '#db/queries/series/visits.ts'
import type { Role } from '#lib/auth/schema.ts'
import { publishChange } from '#lib/live/publish.ts'
import { changeSeriesRow } from '../change/change.ts'
import type { Choices, MoveOfferAnswer, SeriesRefused } from '../schema.ts'

type OfferRequest = {
  businessId: BusinessId
  member: { id: string; role: Role }
  appointmentId: string
  following: boolean
  choices: Choices
  now: string
  googleUnchecked: boolean
}

/**
 * Answers whether the visits after one that was moved in Google move as well. The time that it has
 * now is where the rule goes.
 */
export const answerOffer = async (db: Db, request: OfferRequest): Promise<MoveOfferAnswer> => {
  const { businessId, appointmentId, following } = request
  const visit = await readVisitOfAppointment(db, { businessId, appointmentId })
  if (!visit) return gone
  if (!following) return await close(db, { ...visit, businessId })
  const [series, row] = await Promise.all([
    readSeries(db, { businessId, id: visit.seriesId }),
    readAppointment(db, { businessId, id: appointmentId }),
  ])
  if (!series || !row) return gone
  return await changeSeriesRow(db, {
    ...request,
    ...{ seriesId: series.id, scope: 'following', includeChanged: false, revision: series.revision },
    change: { kind: 'follow', start: row.startsAt, end: row.endsAt },
  })
}

const gone: SeriesRefused = { ok: false, code: 'not-found', message: 'This visit no longer exists.' }

const close = (db: Db, key: { businessId: BusinessId; seriesId: string; originalStart: string }) =>
  db.transaction(async (tx) => {
    await updateVisit(tx, key, { movedInGoogleAt: null })
    await publishChange(tx, key.businessId, 'rows')
    return { ok: true as const, operationId: null }
  })
