'use client'
import { toasts } from '#components/ui/toast.tsx'
import { showUndo } from '#components/ui/undo-toast.ts'
import { unreachable } from '#components/ui/unreachable.ts'
import { deleteService, saveService } from '#lib/services/actions.ts'
import type { Service, ServiceFields } from '#lib/services/schema.ts'

export type Refused = { message: string; fields: Record<string, string> }

const failed: Refused = { message: unreachable, fields: {} }

type Saving = { businessId: string } & (
  | { id: null; fields: ServiceFields }
  | { id: string; fields: Partial<ServiceFields> }
)

/** Saves a service and offers Undo. Null, or the refusal. */
export const save = async (service: Saving, message: string): Promise<Refused | null> => {
  const result = await saveService(service).catch(() => null)
  if (!result?.ok) return result ? { message: result.message, fields: result.fields ?? {} } : failed
  const { id, before } = result
  const { businessId } = service
  const undo =
    service.id === null
      ? () => deleteService({ businessId, id, deleted: true })
      : () => saveService({ businessId, id, fields: before })
  if (service.id === null || Object.keys(before).length > 0) showUndo(message, undo)
  return null
}

export const remove = async (businessId: string, { id, name }: Service) => {
  const result = await deleteService({ businessId, id, deleted: true }).catch(() => null)
  if (!result?.ok) return toasts.show({ message: result?.message ?? unreachable, tone: 'bad' })
  showUndo(`“${name}” was deleted. Its appointments stay.`, () => deleteService({ businessId, id, deleted: false }))
}
