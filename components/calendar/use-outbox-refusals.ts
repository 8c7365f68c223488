'use client'
import { useEffect } from 'react'
import type { LateRefusal } from '#components/appointment/outbox/outbox-state.ts'
import { useToast } from '#components/ui/toast.tsx'
import type { OpenDialog } from './dialogs.tsx'

type OutboxRefusalsOptions = {
  refusals: readonly LateRefusal[]
  dialog: OpenDialog | null
  open: (dialog: OpenDialog) => void
}

/**
 * Shows late refusals of the outbox one after the other. A refusal stays stored until
 * the user closes its dialog, so that a reload shows it again.
 */
export const useOutboxRefusals = ({ refusals, dialog, open }: OutboxRefusalsOptions) => {
  const toast = useToast()
  const [next] = refusals
  useEffect(() => {
    if (!next || dialog) return
    const refusalDialog = dialogOf(next)
    if (refusalDialog) return open({ ...refusalDialog, dismiss: next.dismiss })
    toast.show({ message: next.answer.message, tone: 'bad' })
    next.dismiss()
  }, [next, dialog, open, toast])
}

/** The form with the refused input, or a question; null if a toast is enough. */
const dialogOf = ({ change, answer: refusal }: LateRefusal): OpenDialog | null => {
  const { current } = refusal
  if (change.kind === 'edit' && current)
    return {
      kind: 'form',
      target: { kind: 'existing', appointment: current, input: change.fields, refusal },
    }
  if (change.kind === 'edit' || change.kind === 'create') {
    const { start, end, assigneeIds } = change.fields
    const id = change.kind === 'create' ? change.id : crypto.randomUUID()
    return {
      kind: 'form',
      target: { kind: 'new', id, start, end, assigneeIds, input: change.fields, refusal },
    }
  }
  if ((change.kind === 'move' || change.kind === 'reassign') && current)
    return { kind: 'refused', refused: { change, appointment: current, answer: refusal } }
  return null
}
