'use client'
import { toasts } from './toast.tsx'
import { unreachable } from './unreachable.ts'

/** Says what was done, and offers to undo it. */
export const showUndo = (message: string, undo: () => Promise<{ ok: boolean; message?: string }>): void => {
  const onPress = async () => {
    const back = await undo().catch(() => null)
    if (back?.ok) toasts.show({ message: 'Undone.' })
    else toasts.show({ message: back?.message ?? unreachable, tone: 'bad' })
  }
  toasts.show({ message, action: { label: 'Undo', onPress } })
}
