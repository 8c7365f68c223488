'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { LateRefusal } from '#components/appointment/outbox/outbox-state.ts'
import type { OpenDialog } from './dialogs.tsx'
import { useOutboxRefusals } from './use-outbox-refusals.ts'

type DialogOptions = { refusals: readonly LateRefusal[] }

/**
 * A queue of dialogs, one open at a time, so that a question about an earlier change never replaces
 * a form with input. After the last one closes, focus returns to the element that opened the first.
 */
export const useDialog = ({ refusals }: DialogOptions) => {
  const [dialogs, setDialogs] = useState<readonly OpenDialog[]>([])
  const opener = useRef<HTMLElement | null>(null)
  const closed = useRef<{ dialog: OpenDialog | null; appointmentId: string | undefined } | null>(null)
  const open = useCallback((next: OpenDialog) => {
    if (!document.querySelector('dialog[open]')) opener.current = document.activeElement as HTMLElement | null
    setDialogs((before) => [...before, next])
  }, [])
  const [dialog = null] = dialogs
  const close = (appointmentId?: string) => {
    dialog?.dismiss?.()
    setDialogs(([, ...rest]) => rest)
    closed.current = { dialog, appointmentId }
  }
  useEffect(() => {
    const { current } = closed
    // Nothing behind an open dialog can take the focus.
    if (!current || current.dialog === dialog) return
    closed.current = null
    requestAnimationFrame(() => restoreFocus(opener.current, current.appointmentId))
  })
  useOutboxRefusals({ refusals, dialog, open })
  return { dialog, open, close }
}

/** Falls back to the appointment if the opener is gone or was only an empty part of the grid. */
const restoreFocus = (opener: HTMLElement | null, appointmentId?: string) => {
  const element = document.querySelector<HTMLElement>(`[data-appointment-id="${appointmentId}"]`)
  const target = opener?.isConnected && opener !== document.body ? opener : element
  target?.focus()
}
