'use server'
import { refresh } from 'next/cache'
import { redirect } from 'next/navigation'
import { Temporal } from 'temporal-polyfill'
import { database } from '#db/client.ts'
import { forgetBusiness } from '#lib/auth/business-cookie.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingOwner, person } from '#lib/auth/viewer.ts'
import { retireLinksOfBusiness } from '#lib/connection/unlink.ts'
import { env } from '#lib/env.ts'
import { fieldsByPath } from '#lib/fields.ts'
import { drainAfterResponse } from '#lib/jobs/drain-after-response.ts'
import { invalidFields, otherBusiness, type Result } from '#lib/result.ts'
import { parseBusiness, readTyped, type TypedBusiness } from './form.ts'
import { changeBusiness, createBusiness, eraseBusiness } from './mutations.ts'
import { type BusinessChanges, saveBusinessSchema } from './schema.ts'

export type WelcomeState = { typed: TypedBusiness; fields: Record<string, string>; attempt: number }

/** The welcome form. Returns the input with an error per field, or redirects to the calendar. */
export const submitWelcome = async (previous: WelcomeState, form: FormData): Promise<WelcomeState> => {
  const founder = await person()
  if (!founder) redirect('/sign-in?callbackUrl=/welcome')
  const typed = readTyped(form instanceof FormData ? form : new FormData())
  const parsed = parseBusiness(typed)
  if (!parsed.ok) return { typed, fields: parsed.fields, attempt: (Number(previous?.attempt) || 0) + 1 }
  const { userId, name, email } = founder
  await createBusiness(database(env().DATABASE_URL).db, {
    founder: { userId, name, email },
    business: parsed.business,
  })
  redirect('/calendar')
}

type SaveRefusal = 'signed-out' | 'forbidden' | 'invalid' | 'other-business'

/** Changes the given fields. `before` holds the previous values; saving those undoes the change. */
export const saveBusiness = async (input: unknown): Promise<Result<{ before: BusinessChanges }, SaveRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = saveBusinessSchema.safeParse(input)
  if (!parsed.success) return { ...invalidFields, fields: fieldsByPath(parsed.error) }
  const { businessId, memberId } = acting.viewer
  if (parsed.data.businessId !== businessId) return otherBusiness
  const { changes } = parsed.data
  const now = Temporal.Now.instant().toString()
  const before = await changeBusiness(tenantDbOf(acting.viewer), { businessId, memberId, changes, now })
  refresh()
  drainAfterResponse()
  return { ok: true, before }
}

/** Deletes the business permanently, after unlinking Google. `name` is typed to confirm. */
export const deleteBusiness = async (input: unknown): Promise<Result<object, SaveRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const { viewer } = acting
  const typed = (input as { name?: unknown } | null | undefined)?.name
  if (typeof typed !== 'string' || typed.trim() !== viewer.businessName.trim())
    return {
      ok: false,
      code: 'invalid',
      message: 'Enter the exact name of the business.',
      fields: { name: 'Enter the exact name of the business.' },
    }
  await retireLinksOfBusiness(viewer.businessId)
  await eraseBusiness(database(env().DATABASE_URL).db, viewer.businessId)
  await forgetBusiness()
  drainAfterResponse()
  return { ok: true }
}
