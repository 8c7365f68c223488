'use client'
import { useCallback, useRef, useState } from 'react'
import type { OpenDialog } from './dialogs.tsx'

/** One dialog at a time; when it closes, the focus goes back to where it came from. */
export const useDialog = () => {
  const [dialog, setDialog] = useState<OpenDialog | null>(null)
  const opener = useRef<HTMLElement | null>(null)
  const open = useCallback((next: OpenDialog) => {
    opener.current = document.activeElement as HTMLElement | null
    setDialog(next)
  }, [])
  const close = useCallback((appointmentId?: string) => {
    setDialog(null)
    requestAnimationFrame(() => focusAgain(opener.current, appointmentId))
  }, [])
  return { dialog, open, close }
}

/** What opened the dialog may be gone, or was only a place on the grid: then the appointment itself. */
const focusAgain = (opener: HTMLElement | null, appointmentId?: string) => {
  const element = document.querySelector<HTMLElement>(`[data-appointment-id="${appointmentId}"]`)
  const back = opener?.isConnected && opener !== document.body ? opener : element
  back?.focus()
}
