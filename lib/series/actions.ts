'use server'
import { Temporal } from 'temporal-polyfill'
import type { z } from 'zod'
import { fieldErrors } from '#lib/appointments/field-errors.ts'
import { justBooked } from '#lib/appointments/range.ts'
import { orTooMany } from '#lib/appointments/read-budget.ts'
import { isFlooded, limitedRead } from '#lib/appointments/read-limits.ts'
import { takeBooking } from '#lib/auth/limits/limits.ts'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingViewer } from '#lib/auth/viewer.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { ensureFresh } from '#lib/jobs/freshness.ts'
import type { Refusal } from '#lib/result.ts'
import { createSeriesRow, previewNew } from './create.ts'
import {
  type CreateSeriesAnswer,
  type CreateSeriesInput,
  createSeriesSchema,
  type PreviewAnswer,
  type PreviewSeriesInput,
  previewSeriesSchema,
} from './schema.ts'

/** Every date of a series, or of a change of one, with what is in its way. Nothing is saved. */
export const previewSeries = async (given: PreviewSeriesInput): Promise<PreviewAnswer> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = previewSeriesSchema.safeParse(given)
  if (!parsed.success) return badInput(parsed.error)
  const { viewer } = acting
  const { repeat, fields } = parsed.data
  return await limitedRead(viewer, yearOf(fields), async () => {
    const asked = { ...askedBy(viewer), googleUnchecked: await isUnchecked(viewer, fields.assigneeIds) }
    const found = await orTooMany(() => previewNew(tenantDbOf(viewer), { ...asked, repeat, fields }))
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

const askedBy = ({ businessId, memberId, role }: Viewer) => ({
  businessId,
  member: { id: memberId, role },
  now: Temporal.Now.instant().toString(),
})

const isUnchecked = async ({ businessId }: Viewer, memberIds: string[]) =>
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
  if (isFlooded(email)) return tooMany('Too many attempts. Try again in a minute.')
  const taken = await takeBooking(email)
  if (taken.refused) return tooMany(taken.refused)
  const answer = await work()
  const isWritten = answer.ok && answer.operationId !== null
  if (isWritten) drainAfterResponse()
  else await taken.giveBack()
  return answer
}

const tooMany = (message: string): Refusal<'too-many-bookings'> => ({ ok: false, code: 'too-many-bookings', message })

const badInput = (error: z.ZodError): Refusal<'invalid'> => ({
  ...{ ok: false, code: 'invalid', message: 'Correct the marked fields.' },
  fields: fieldErrors(error),
})
