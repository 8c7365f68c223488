'use client'
import { useState } from 'react'
import { showUndo } from '#components/ui/undo-toast.ts'
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
      if (Object.keys(result.before).length > 0)
        showUndo(message, () => saveBusiness({ businessId, changes: result.before }))
      return { ok: true }
    } catch {
      return { ok: false, message: unreachable, fields: {} }
    } finally {
      setPending(false)
    }
  }
  return { pending, save }
}
