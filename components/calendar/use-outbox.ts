'use client'
import { useEffect } from 'react'
import { storagePrefix } from '#components/appointment/outbox/outbox-state.ts'

export const loadChanges = () => import('./changes.ts')

/** The first view, and what people do with it at once, come before code for later. */
const openAfterMs = 400

/**
 * Opens the outbox of the member after the first view is shown, at once where it has changes. If
 * its code does not load, it is loaded when there is a connection again.
 */
export const useOutbox = (memberId: string, isReady: boolean) => {
  useEffect(() => {
    if (!isReady) return
    const open = () =>
      void loadChanges().then(
        ({ sendKeptChanges }) => sendKeptChanges(memberId),
        () => {},
      )
    const timer = setTimeout(open, hasStoredChanges(memberId) ? 0 : openAfterMs)
    window.addEventListener('online', open)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('online', open)
    }
  }, [memberId, isReady])
}

const hasStoredChanges = (memberId: string): boolean => {
  try {
    return Object.keys(localStorage).some((name) => name.startsWith(storagePrefix(memberId)))
  } catch {
    // Storage may be blocked.
    return false
  }
}
