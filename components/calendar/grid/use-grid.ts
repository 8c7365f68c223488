'use client'
import { type ComponentType, startTransition, useEffect, useState } from 'react'
import { locale } from '#lib/dates/locale.ts'
import type { GridProps } from './grid.tsx'

const load = () => import('./grid.tsx')

/** Constructing the first formatter of a locale takes a phone 50 ms: do it in a task of its own. */
const loadLocale = () =>
  new Promise<void>((resolve) => {
    setTimeout(() => {
      new Intl.DateTimeFormat(locale)
      setTimeout(resolve)
    })
  })

// Starts the download during hydration; errors surface in the effect below.
if (typeof window !== 'undefined') load().catch(() => {})

/**
 * The grid component once its code is loaded. `isReady` turns true two frames after its first
 * render, which uses guessed sizes and would shift. It renders as a transition, so that the page
 * responds in between; `lazy` in a Suspense boundary would add 300 ms.
 */
export const useGrid = () => {
  const [Grid, setGrid] = useState<ComponentType<GridProps> | null>(null)
  const [isReady, setIsReady] = useState(false)
  useEffect(() => {
    Promise.all([load(), loadLocale()]).then(
      ([{ default: Loaded }]) => startTransition(() => setGrid(() => Loaded)),
      (error) =>
        setGrid(() => {
          throw error
        }),
    )
  }, [])
  useEffect(() => {
    if (!Grid) return
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setIsReady(true))
    })
    return () => cancelAnimationFrame(frame)
  }, [Grid])
  return { Grid, isReady }
}
