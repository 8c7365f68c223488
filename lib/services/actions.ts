'use server'
import { refresh } from 'next/cache'
import type { Viewer } from '#lib/auth/schema.ts'
import { tenantDbOf } from '#lib/auth/tenant-db.ts'
import { actingOwner } from '#lib/auth/viewer.ts'
import { fieldsByPath } from '#lib/fields.ts'
import { invalidFields, otherBusiness, type Result } from '#lib/result.ts'
import { addService, changeService, setServiceDeleted } from './mutations.ts'
import { deleteServiceSchema, parseSaveService, type ServiceFields, type ServiceRefusal } from './schema.ts'

const by = ({ businessId, memberId }: Viewer) => ({ businessId, memberId })

/** `before` holds the previous values of what changed; saving those undoes the change. */
export const saveService = async (
  input: unknown,
): Promise<Result<{ id: string; before: Partial<ServiceFields> }, ServiceRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = parseSaveService(input)
  if (!parsed.success) return { ...invalidFields, fields: fieldsByPath(parsed.error) }
  const { businessId, ...wanted } = parsed.data
  if (businessId !== acting.viewer.businessId) return otherBusiness
  const db = tenantDbOf(acting.viewer)
  refresh()
  if (wanted.id === null) {
    const added = await addService(db, by(acting.viewer), wanted.fields)
    return added.ok ? { ...added, before: {} } : added
  }
  const changed = await changeService(db, by(acting.viewer), { id: wanted.id, changes: wanted.fields })
  return changed.ok ? { ...changed, id: wanted.id } : changed
}

/** Deletes a service; with `deleted: false` it undoes that. */
export const deleteService = async (input: unknown): Promise<Result<object, ServiceRefusal>> => {
  const acting = await actingOwner()
  if (!acting.ok) return acting
  const parsed = deleteServiceSchema.safeParse(input)
  if (!parsed.success) return invalidFields
  const { businessId, id, deleted } = parsed.data
  if (businessId !== acting.viewer.businessId) return otherBusiness
  refresh()
  return setServiceDeleted(tenantDbOf(acting.viewer), by(acting.viewer), { id, deleted })
}
