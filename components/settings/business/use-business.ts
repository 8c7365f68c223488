'use client'
import { useState } from 'react'
import { toasts } from '#components/ui/toast.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import { saveBusiness } from '#lib/business/actions.ts'
import type { BusinessChanges } from '#lib/business/schema.ts'

export type Saved = { ok: true } | { ok: false; message: string; fields: Record<string, string> }

/** Saves changes and offers Undo in the toast. */
export const useBusiness = (businessId: string) => {
  const [pending, setPending] = useState(false)
  const save = async (changes: BusinessChanges, message: string): Promise<Saved> => {
    setPending(true)
    try {
      const result = await saveBusiness({ businessId, changes })
      if (!result.ok) return { ok: false, message: result.message, fields: result.fields ?? {} }
      if (Object.keys(result.before).length > 0) offerUndo(businessId, result.before, message)
      return { ok: true }
    } catch {
      return { ok: false, message: unreachable, fields: {} }
    } finally {
      setPending(false)
    }
  }
  return { pending, save }
}

const offerUndo = (businessId: string, before: BusinessChanges, message: string) => {
  const undo = async () => {
    const back = await saveBusiness({ businessId, changes: before }).catch(() => null)
    if (back?.ok) toasts.show({ message: 'Undone.' })
    else toasts.show({ message: back?.message ?? unreachable, tone: 'bad' })
  }
  toasts.show({ message, action: { label: 'Undo', onPress: undo } })
}
