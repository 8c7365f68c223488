'use client'
import { useEffect } from 'react'
import { type LateRefusal, resumePending, takeRefusal } from '#components/appointment/outbox.ts'
import { useToast } from '#components/ui/toast.tsx'
import type { OpenDialog } from './dialogs.tsx'

type Given = {
  memberId: string
  refusals: readonly LateRefusal[]
  dialog: OpenDialog | null
  open: (dialog: OpenDialog) => void
}

/**
 * Changes that were kept are sent by whichever page is next; those refused then are shown one after the other. Each is
 * kept until its dialog was closed by the person: a reload or a crash over it shows it again.
 */
export const useOutboxRefusals = ({ memberId, refusals, dialog, open }: Given) => {
  const toast = useToast()
  useEffect(() => void resumePending(memberId), [memberId])
  const [next] = refusals
  useEffect(() => {
    if (!next || dialog) return
    const shown = dialogOf(next)
    if (shown) return open({ ...shown, refusalKey: next.key })
    toast.show({ message: next.answer.message, tone: 'bad' })
    takeRefusal(next.key)
  }, [next, dialog, open, toast])
}

/** With what was typed, and why it was refused. Null when a sentence is enough. */
const dialogOf = ({ change, answer }: LateRefusal): OpenDialog | null => {
  const { current } = answer
  if (change.kind === 'edit' && current)
    return {
      kind: 'form',
      target: { kind: 'existing', appointment: current, typed: change.fields, refusal: answer },
    }
  if (change.kind === 'edit' || change.kind === 'create') {
    const { start, end, assigneeIds } = change.fields
    const id = change.kind === 'create' ? change.id : crypto.randomUUID()
    return {
      kind: 'form',
      target: { kind: 'new', id, start, end, assigneeIds, typed: change.fields, refusal: answer },
    }
  }
  if (change.kind === 'move' && current)
    return { kind: 'refused', refused: { change, appointment: current, answer } }
  return null
}
