import { and, asc, eq, sql } from 'drizzle-orm'
import type { BusinessId } from '#db/business-id.ts'
import type { Db, Tx } from '#db/client.ts'
import { appointments } from '#db/schema/appointments.ts'
import { series, seriesVisits } from '#db/schema/series.ts'
import { rowsOf } from '../rows.ts'

/** The dates that were planned of a series. */

export type VisitRow = Omit<typeof seriesVisits.$inferSelect, 'businessId'>

const columns = {
  seriesId: seriesVisits.seriesId,
  originalStart: seriesVisits.originalStart,
  state: seriesVisits.state,
  appointmentId: seriesVisits.appointmentId,
  reason: seriesVisits.reason,
  movedInGoogleAt: seriesVisits.movedInGoogleAt,
}

type OfSeries = { businessId: BusinessId; seriesId: string }
type Key = OfSeries & { originalStart: string }

const isVisit = ({ businessId, seriesId, originalStart }: Key) =>
  and(
    eq(seriesVisits.businessId, businessId),
    eq(seriesVisits.seriesId, seriesId),
    eq(seriesVisits.originalStart, originalStart),
  )

/** By original start. */
export const readVisits = (db: Db | Tx, { businessId, seriesId }: OfSeries): Promise<VisitRow[]> =>
  db
    .select(columns)
    .from(seriesVisits)
    .where(and(eq(seriesVisits.businessId, businessId), eq(seriesVisits.seriesId, seriesId)))
    .orderBy(asc(seriesVisits.originalStart))

export const readVisit = async (db: Db | Tx, key: Key, options: { lock?: boolean } = {}): Promise<VisitRow | null> => {
  const query = db.select(columns).from(seriesVisits).where(isVisit(key))
  const [row] = await (options.lock ? query.for('update') : query)
  return row ?? null
}

export const readVisitOfAppointment = async (
  db: Db | Tx,
  { businessId, appointmentId }: { businessId: BusinessId; appointmentId: string },
): Promise<VisitRow | null> => {
  const [row] = await db
    .select(columns)
    .from(seriesVisits)
    .where(and(eq(seriesVisits.businessId, businessId), eq(seriesVisits.appointmentId, appointmentId)))
  return row ?? null
}

/** Fails if a date has a visit already. */
export const insertVisits = async (
  tx: Tx,
  { businessId, visits }: { businessId: BusinessId; visits: readonly VisitRow[] },
): Promise<void> => {
  if (visits.length === 0) return
  await tx.execute(sql`
    insert into series_visits (business_id, series_id, original_start, state, appointment_id, reason, moved_in_google_at)
    select ${businessId}, r."seriesId", r."originalStart", r.state, r."appointmentId", r.reason, r."movedInGoogleAt"
    from jsonb_to_recordset(${JSON.stringify(visits)}::jsonb) as r("seriesId" uuid, "originalStart" text, state text,
      "appointmentId" uuid, reason text, "movedInGoogleAt" timestamptz)`)
}

export const deleteVisits = async (
  tx: Tx,
  { businessId, seriesId, originalStarts }: OfSeries & { originalStarts: readonly string[] },
) => {
  if (originalStarts.length === 0) return
  await tx.execute(sql`
    delete from series_visits where business_id = ${businessId} and series_id = ${seriesId}
      and original_start in (select jsonb_array_elements_text(${JSON.stringify(originalStarts)}::jsonb))`)
}

export const updateVisit = async (
  tx: Tx,
  key: Key,
  changes: Partial<Pick<VisitRow, 'state' | 'appointmentId' | 'reason' | 'movedInGoogleAt'>>,
) => {
  await tx.update(seriesVisits).set(changes).where(isVisit(key))
}

/** If the appointment is a visit: the question opens whether the following ones move as well. */
export const markMovedInGoogle = async (
  tx: Tx,
  { businessId, id: appointmentId }: { businessId: BusinessId; id: string },
) => {
  await tx
    .update(seriesVisits)
    .set({ movedInGoogleAt: sql`now()` })
    .where(and(eq(seriesVisits.businessId, businessId), eq(seriesVisits.appointmentId, appointmentId)))
}

type Listed = { businessId: BusinessId; limit: number }

const ofSeries = and(eq(series.businessId, seriesVisits.businessId), eq(series.id, seriesVisits.seriesId))

const fromYesterday = sql`${seriesVisits.originalStart} >= to_char(now() - interval '1 day', 'YYYY-MM-DD')`

const needsTime = (businessId: BusinessId) =>
  and(eq(seriesVisits.businessId, businessId), eq(seriesVisits.state, 'needs-time'), fromYesterday)

/** Visits that need a time, the next ones first. */
export const readVisitsThatNeedATime = (db: Db | Tx, { businessId, limit }: Listed) =>
  db
    .select({
      ...columns,
      timeZone: series.timeZone,
      minutes: series.minutes,
      title: series.title,
      customerName: series.customerName,
      assigneeIds: series.assigneeIds,
      serviceId: series.serviceId,
    })
    .from(seriesVisits)
    .innerJoin(series, ofSeries)
    .where(needsTime(businessId))
    .orderBy(asc(seriesVisits.originalStart), asc(seriesVisits.seriesId))
    .limit(limit)

export const countVisitsThatNeedATime = (db: Db | Tx, businessId: BusinessId): Promise<number> =>
  db.$count(seriesVisits, needsTime(businessId))

/** Visits that were moved in Google and have not begun, while the question is open. */
export const readMoveOffers = (db: Db | Tx, { businessId, limit, now }: Listed & { now: string }) =>
  db
    .select({
      ...columns,
      timeZone: series.timeZone,
      title: appointments.title,
      start: appointments.startsAt,
      end: appointments.endsAt,
    })
    .from(seriesVisits)
    .innerJoin(series, ofSeries)
    .innerJoin(
      appointments,
      and(eq(appointments.businessId, seriesVisits.businessId), eq(appointments.id, seriesVisits.appointmentId)),
    )
    .where(
      and(
        eq(seriesVisits.businessId, businessId),
        sql`${seriesVisits.movedInGoogleAt} is not null`,
        eq(appointments.status, 'booked'),
        sql`${appointments.startsAt} > ${now}::timestamptz`,
        eq(series.ended, false),
      ),
    )
    .orderBy(asc(appointments.startsAt), asc(appointments.id))
    .limit(limit)

/** Rows of a series with their appointments as the export has them, by original start. */
export const readExportedVisits = (
  db: Db | Tx,
  { businessId, seriesId }: OfSeries,
): Promise<{ originalStart: string; appointment: Record<string, unknown> | null }[]> =>
  rowsOf(
    db,
    sql`
    select v.original_start as "originalStart", to_jsonb(a) as appointment
    from series_visits v left join appointments a on a.business_id = v.business_id and a.id = v.appointment_id
    where v.business_id = ${businessId} and v.series_id = ${seriesId}
    order by v.original_start`,
  )
