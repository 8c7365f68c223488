'use server'
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { fieldErrors } from '#lib/appointments/field-errors.ts'
import { justBooked } from '#lib/appointments/range.ts'
import { orTooMany } from '#lib/appointments/read-budget.ts'
import { isFlooded, limitedLookup, limitedRead } from '#lib/appointments/read-limits.ts'
import { takeBooking } from '#lib/auth/limits/limits.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingViewer } from '#lib/auth/viewer.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { ensureFresh } from '#lib/jobs/freshness.ts'
import type { Refusal, Result } from '#lib/result.ts'
import { changeSeriesRow, previewChange } from '#lib/series/change/change.ts'
import { createSeriesRow, previewNew } from '#lib/series/create.ts'
import { seriesDetailsOf } from '#lib/series/details.ts'
import {
  type BookVisitInput,
  bookVisitSchema,
  type ChangeSeriesAnswer,
  type ChangeSeriesInput,
  type CreateSeriesAnswer,
  type CreateSeriesInput,
  changeSeriesSchema,
  createSeriesSchema,
  type MoveOfferAnswer,
  type MoveOfferInput,
  moveOfferSchema,
  type PreviewAnswer,
  type PreviewSeriesInput,
  previewSeriesSchema,
  type SeriesDetails,
  type SeriesEdit,
  type SeriesRefusal,
  skipVisitSchema,
  type UndoAnswer,
  undoSchema,
  type VisitAnswer,
} from '#lib/series/schema.ts'
import { undoOperation } from '#lib/series/undo/undo.ts'
import { bookVisitRow, skipVisitRow } from '#lib/series/visits/book-visit.ts'
import { answerOffer } from '#lib/series/visits/move-offer.ts'

/** Every date of a series, or of a change of one, with what is in its way. Nothing is saved. */
export const previewSeries = async (given: PreviewSeriesInput): Promise<PreviewAnswer> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = previewSeriesSchema.safeParse(given)
  if (!parsed.success) return badInput(parsed.error)
  const { viewer } = acting
  const { repeat, fields, change, appointmentId } = parsed.data
  return await limitedRead(viewer, yearOf(fields), async () => {
    const asked = { ...askedBy(viewer), googleUnchecked: await isUnchecked(viewer, fields.assigneeIds) }
    const db = tenantDbOf(viewer)
    const edit: SeriesEdit = { kind: 'edit', fields, repeat }
    const found = await orTooMany(() =>
      change
        ? previewChange(db, { ...asked, ...change, change: edit, revision: null })
        : previewNew(db, { ...asked, repeat, fields, appointmentId }),
    )
    return found.ok ? found.value : found
  })
}

/** Books every date of a series, each with its choice, or none. */
export const createSeries = async (given: CreateSeriesInput): Promise<CreateSeriesAnswer> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = createSeriesSchema.safeParse(given)
  if (!parsed.success) return badInput(parsed.error)
  const { viewer } = acting
  const { fields, id } = parsed.data
  return await limitedBooking(viewer, async () => {
    const asked = { ...askedBy(viewer), googleUnchecked: await isUnchecked(viewer, fields.assigneeIds) }
    const found = await orTooMany(() => createSeriesRow(tenantDbOf(viewer), { ...asked, ...parsed.data }))
    if (!found.ok) return found
    const created = found.value
    return created.ok ? { ...created, seriesId: id, first: created.first && justBooked(created.first) } : created
  })
}

/** Changes this visit and the following ones, or all upcoming ones. */
export const changeSeries = async (given: ChangeSeriesInput): Promise<ChangeSeriesAnswer> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = changeSeriesSchema.safeParse(given)
  if (!parsed.success) return badInput(parsed.error)
  const { viewer } = acting
  const { change } = parsed.data
  return await limitedBooking(viewer, async () => {
    const memberIds = change.kind === 'edit' ? change.fields.assigneeIds : 'all'
    const googleUnchecked = change.kind !== 'cancel' && (await isUnchecked(viewer, memberIds))
    const asked = { ...askedBy(viewer), ...parsed.data, googleUnchecked }
    const found = await orTooMany(() => changeSeriesRow(tenantDbOf(viewer), asked))
    return found.ok ? found.value : found
  })
}

/** Puts back what an operation on a series changed, as far as it was not changed since. */
export const undoSeriesOperation = async (given: { operationId: string }): Promise<UndoAnswer> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = undoSchema.safeParse(given)
  if (!parsed.success) return badInput(parsed.error)
  const { viewer } = acting
  if (isFlooded(viewer.email)) return tooMany(tryLater)
  const found = await orTooMany(() => undoOperation(tenantDbOf(viewer), { ...askedBy(viewer), ...parsed.data }))
  if (!found.ok) return found
  if (found.value.ok) drainAfterResponse()
  return found.value
}

const visitSchema = z.object({ seriesId: z.uuid(), appointmentId: z.uuid() })

/** A series as seen from one of its visits, and how many were changed one by one. */
export const seriesDetails = async (given: {
  seriesId: string
  appointmentId: string
}): Promise<Result<{ series: SeriesDetails }, SeriesRefusal>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = visitSchema.safeParse(given)
  if (!parsed.success) return badInput(parsed.error)
  const { viewer } = acting
  return await limitedLookup(viewer, async () => {
    const { businessId, now } = askedBy(viewer)
    const series = await seriesDetailsOf(tenantDbOf(viewer), { ...parsed.data, businessId, now })
    return series ? { ok: true, series } : gone
  })
}

/** Gives a visit that needs a time one. */
export const bookVisit = async (given: BookVisitInput): Promise<VisitAnswer> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = bookVisitSchema.safeParse(given)
  if (!parsed.success) return badInput(parsed.error)
  const { viewer } = acting
  return await limitedBooking(viewer, async (): Promise<VisitAnswer> => {
    const asked = { ...askedBy(viewer), ...parsed.data, googleUnchecked: await isUnchecked(viewer, 'all') }
    const found = await orTooMany(() => bookVisitRow(tenantDbOf(viewer), asked))
    if (!found.ok) return found
    if (!found.value.ok) return found.value
    const { row, operationId } = found.value
    return { ok: true, appointment: justBooked(row), operationId }
  })
}

/** Leaves a visit out that needs a time. */
export const skipVisit = async (given: { seriesId: string; originalStart: string }): Promise<VisitAnswer> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = skipVisitSchema.safeParse(given)
  if (!parsed.success) return badInput(parsed.error)
  const { viewer } = acting
  if (isFlooded(viewer.email)) return tooMany(tryLater)
  const { businessId, memberId } = viewer
  const skipped = await skipVisitRow(tenantDbOf(viewer), { ...parsed.data, businessId, memberId })
  return skipped.ok ? { ...skipped, appointment: null } : skipped
}

/** Whether the visits after one that was moved in Google move as well. */
export const answerMoveOffer = async (given: MoveOfferInput): Promise<MoveOfferAnswer> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = moveOfferSchema.safeParse(given)
  if (!parsed.success) return badInput(parsed.error)
  const { viewer } = acting
  if (!parsed.data.following) {
    if (isFlooded(viewer.email)) return tooMany(tryLater)
    const asked = { ...askedBy(viewer), ...parsed.data, googleUnchecked: false }
    return await answerOffer(tenantDbOf(viewer), asked)
  }
  return await limitedBooking(viewer, async (): Promise<MoveOfferAnswer> => {
    const asked = { ...askedBy(viewer), ...parsed.data, googleUnchecked: await isUnchecked(viewer, 'all') }
    const found = await orTooMany(() => answerOffer(tenantDbOf(viewer), asked))
    return found.ok ? found.value : found
  })
}

const gone: Refusal<'not-found'> = { ok: false, code: 'not-found', message: 'This series no longer exists.' }

const tryLater = 'Too many attempts. Try again in a minute.'

const askedBy = ({ businessId, memberId, role }: Viewer) => ({
  businessId,
  member: { id: memberId, role },
  now: Temporal.Now.instant().toString(),
})

const isUnchecked = async ({ businessId }: Viewer, memberIds: string[] | 'all') =>
  (await ensureFresh(businessId, { memberIds })) === 'unchecked'

/** The horizon of a series, for the limits of reads. */
const yearOf = ({ start }: { start: string }) => ({
  start,
  end: Temporal.Instant.from(start)
    .add({ hours: 24 * 400 })
    .toString(),
})

/** A series counts as one booking. Given back if nothing was written. */
const limitedBooking = async <T extends { ok: boolean; operationId?: string | null }>(
  { email }: Viewer,
  work: () => Promise<T>,
): Promise<T | Refusal<'too-many-bookings'>> => {
  if (isFlooded(email)) return tooMany(tryLater)
  const taken = await takeBooking(email)
  if (taken.refused) return tooMany(taken.refused)
  const answer = await work()
  const isWritten = answer.ok && answer.operationId !== null
  if (isWritten) drainAfterResponse()
  else taken.giveBack()
  return answer
}

const tooMany = (message: string): Refusal<'too-many-bookings'> => ({ ok: false, code: 'too-many-bookings', message })

const badInput = (error: z.ZodError): Refusal<'invalid'> => ({
  ...{ ok: false, code: 'invalid', message: 'Correct the marked fields.' },
  fields: fieldErrors(error),
})
