'use server'
import { refresh } from 'next/cache'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingOwner } from '#lib/auth/viewer.ts'
import { fieldsByPath } from '#lib/fields.ts'
import { invalidFields, otherBusiness, type Result } from '#lib/result.ts'
import { addKey, changeKeyName, endKey } from './mutations.ts'
import { createKeySchema, type KeyRefusal, renameKeySchema, revokeKeySchema } from './schema.ts'

const by = ({ businessId, memberId }: Viewer) => ({ businessId, memberId })

/** `secret` is shown once and cannot be read again. */
export const createKey = async (input: unknown): Promise<Result<{ id: string; secret: string }, KeyRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = createKeySchema.safeParse(input)
  if (!parsed.success) return { ...invalidFields, fields: fieldsByPath(parsed.error) }
  const { businessId, ...key } = parsed.data
  if (businessId !== undefined && businessId !== acting.viewer.businessId) return otherBusiness
  refresh()
  return addKey(tenantDbOf(acting.viewer), by(acting.viewer), key)
}

export const renameKey = async (input: unknown): Promise<Result<object, KeyRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = renameKeySchema.safeParse(input)
  if (!parsed.success) return { ...invalidFields, fields: fieldsByPath(parsed.error) }
  refresh()
  return changeKeyName(tenantDbOf(acting.viewer), by(acting.viewer), parsed.data)
}

export const revokeKey = async (input: unknown): Promise<Result<object, KeyRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = revokeKeySchema.safeParse(input)
  if (!parsed.success) return invalidFields
  refresh()
  return endKey(tenantDbOf(acting.viewer), by(acting.viewer), parsed.data)
}
