'use client'
import { useSyncExternalStore } from 'react'

const query = '(max-width: 767px)'

const subscribe = (changed: () => void) => {
  const media = window.matchMedia(query)
  media.addEventListener('change', changed)
  return () => media.removeEventListener('change', changed)
}

/** Whether the screen is a phone's. `guess` is what the server took the browser for. */
export const useNarrow = (guess: boolean) =>
  useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => guess,
  )
