'use client'
import { useCallback, useRef, useState } from 'react'
import type { OpenDialog } from './dialogs.tsx'

/**
 * One dialog at a time: what comes while one is open waits behind it, so that a question about an earlier change never
 * takes the place of a form that is being filled in. When the last closes, the focus goes back to where it came from.
 */
export const useDialog = () => {
  const [dialogs, setDialogs] = useState<readonly OpenDialog[]>([])
  const opener = useRef<HTMLElement | null>(null)
  const open = useCallback((next: OpenDialog) => {
    if (!document.querySelector('dialog[open]')) opener.current = document.activeElement as HTMLElement | null
    setDialogs((before) => [...before, next])
  }, [])
  const close = useCallback((appointmentId?: string) => {
    setDialogs(([, ...rest]) => rest)
    requestAnimationFrame(() => focusAgain(opener.current, appointmentId))
  }, [])
  return { dialog: dialogs[0] ?? null, open, close }
}

/** What opened the dialog may be gone, or was only a place on the grid: then the appointment itself. */
const focusAgain = (opener: HTMLElement | null, appointmentId?: string) => {
  const element = document.querySelector<HTMLElement>(`[data-appointment-id="${appointmentId}"]`)
  const back = opener?.isConnected && opener !== document.body ? opener : element
  back?.focus()
}
