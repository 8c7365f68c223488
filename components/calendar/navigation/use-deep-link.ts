'use client'
import { useEffect, useRef } from 'react'
import type { Appointment } from '#lib/appointments/schema.ts'
import type { OpenDialog } from '../dialogs.tsx'

type DeepLinkOptions = {
  deepLinked: Appointment | null
  isNew: boolean
  openNew: () => void
  open: (dialog: OpenDialog) => void
  /** Removes the deep link from the URL. */
  clearUrl: () => void
}

/** Opens `?appointment=` or `?new` once. */
export const useDeepLink = ({ deepLinked, isNew, openNew, open, clearUrl }: DeepLinkOptions) => {
  const opened = useRef<string | null>(null)
  useEffect(() => {
    const target = deepLinked?.id ?? (isNew ? 'new' : null)
    if (target === null) opened.current = null
    if (target === null || opened.current === target) return
    opened.current = target
    if (deepLinked) open({ kind: 'form', target: { kind: 'existing', appointment: deepLinked } })
    else openNew()
    clearUrl()
  }, [deepLinked, isNew, openNew, open, clearUrl])
}
