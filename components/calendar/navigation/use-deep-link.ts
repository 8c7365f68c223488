'use client'
import { useEffect, useRef } from 'react'
import type { Appointment } from '#lib/appointments/schema.ts'
import type { OpenDialog } from '../dialogs.tsx'

type NamedProps = {
  named: Appointment | null
  isNew: boolean
  openNew: () => void
  open: (dialog: OpenDialog) => void
  forget: () => void
}

/** Opens what the address asks for, once. */
export const useDeepLink = ({ named, isNew, openNew, open, forget }: NamedProps) => {
  const done = useRef<string | null>(null)
  useEffect(() => {
    const asked = named?.id ?? (isNew ? 'new' : null)
    if (asked === null) done.current = null
    if (asked === null || done.current === asked) return
    done.current = asked
    if (named) open({ kind: 'form', target: { kind: 'existing', appointment: named } })
    else openNew()
    forget()
  }, [named, isNew, openNew, open, forget])
}
