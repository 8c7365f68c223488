'use client'
import { useSyncExternalStore } from 'react'

const query = '(max-width: 767px)'

const subscribe = (changed: () => void) => {
  const media = window.matchMedia(query)
  media.addEventListener('change', changed)
  return () => media.removeEventListener('change', changed)
}

/** Whether the viewport is phone-sized. `guess` is the server's guess from the user agent. */
export const useNarrow = (guess: boolean) =>
  useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => guess,
  )
