'use client'
import { useEffect } from 'react'

export const loadChanges = () => import('./changes.ts')

/**
 * Opens the outbox of the member once the first view is shown. If its code does not load, it is
 * loaded when there is a connection again.
 */
export const useOutbox = (memberId: string, isReady: boolean) => {
  useEffect(() => {
    if (!isReady) return
    const open = () =>
      void loadChanges().then(
        ({ sendKeptChanges }) => sendKeptChanges(memberId),
        () => {},
      )
    open()
    window.addEventListener('online', open)
    return () => window.removeEventListener('online', open)
  }, [memberId, isReady])
}
