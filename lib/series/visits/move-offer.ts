import type { BusinessId } from '#db/business-id.ts'
import type { Db } from '#db/client.ts'
import { readAppointment } from '#db/queries/appointments.ts'
import { readSeries } from '#db/queries/series/series.ts'
import { readVisit, readVisitOfAppointment, updateVisit, type VisitRow } from '#db/queries/series/visits.ts'
import type { Role } from '#lib/auth/schema.ts'
import { publishChange } from '#lib/live/publish.ts'
import { changeSeriesRow } from '../change/change.ts'
import type { Choices, MoveOfferAnswer, SeriesRefused } from '../schema.ts'
import { recordVisitOperation } from '../undo/one-visit.ts'

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
  if (!following) return await close(db, { businessId, memberId: request.member.id, visit })
  if (visit.movedInGoogleAt === null) return answered
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

const answered: SeriesRefused = {
  ...{ ok: false, code: 'changed-elsewhere' },
  message: 'This has been answered already.',
}

type Closing = { businessId: BusinessId; memberId: string; visit: VisitRow }

/** The others stay where they are. */
const close = (db: Db, { businessId, memberId, visit: { seriesId, originalStart } }: Closing) =>
  db.transaction(async (tx): Promise<MoveOfferAnswer> => {
    const key = { businessId, seriesId, originalStart }
    const series = await readSeries(tx, { businessId, id: seriesId }, { lock: true })
    const visit = await readVisit(tx, key, { lock: true })
    if (!series || !visit) return gone
    if (visit.movedInGoogleAt === null) return { ok: true, seriesId, operationId: null }
    const changes = { movedInGoogleAt: null }
    await updateVisit(tx, key, changes)
    const operationId = await recordVisitOperation(tx, {
      ...{ businessId, memberId, kind: 'answer-offer', series, before: visit, after: { ...visit, ...changes } },
    })
    await publishChange(tx, businessId, 'rows')
    return { ok: true, seriesId, operationId }
  })
