'use server'
import { refresh } from 'next/cache'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingViewer } from '#lib/auth/viewer.ts'
import { invalidFields, otherBusiness, type Result } from '#lib/result.ts'
import { markMessage } from './mutations.ts'
import { type MessageRefusal, setMessageDoneSchema } from './schema.ts'

/** Marks a caller's message as done; with `done: false` it undoes that. */
export const setMessageDone = async (input: unknown): Promise<Result<object, MessageRefusal>> => {
  const acting = await actingViewer()
  if (!acting.ok) return acting
  const parsed = setMessageDoneSchema.safeParse(input)
  if (!parsed.success) return invalidFields
  const { businessId: page, ...change } = parsed.data
  const { businessId, memberId } = acting.viewer
  if (page !== businessId) return otherBusiness
  refresh()
  return markMessage(tenantDbOf(acting.viewer), { businessId, memberId }, change)
}
