'use client'
import { useEffect } from 'react'

/** The browser asks before a reload or a closed tab takes along what is typed. */
export const useLeaveGuard = (dirty: boolean) => {
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [dirty])
}
