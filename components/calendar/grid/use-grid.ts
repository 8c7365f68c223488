'use client'
import { type ComponentType, startTransition, useEffect, useState } from 'react'
import type { GridProps } from './grid.tsx'

const load = () => import('./grid.tsx')

/** A browser reads what it knows of a language when it is first asked, 50 ms on a phone: not in the midst of the drawing. */
const readLanguage = () =>
  new Promise<void>((resolve) => {
    setTimeout(() => {
      new Intl.DateTimeFormat('en-AU')
      setTimeout(resolve)
    })
  })

// On its way while the page around it is being made ready; whether it came is seen below.
if (typeof window !== 'undefined') load().catch(() => {})

/**
 * The calendar's grid once its code is there, and whether it has found its measures: its first frame is drawn with guesses,
 * an axis without width and rows of another height, and everything would jump in the next. It is drawn as a transition, in
 * pieces between which the page answers; a lazy component in a Suspense would wait for 300 ms on top.
 */
export const useGrid = () => {
  const [Grid, setGrid] = useState<ComponentType<GridProps> | null>(null)
  const [settled, setSettled] = useState(false)
  useEffect(() => {
    Promise.all([load(), readLanguage()]).then(
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
      frame = requestAnimationFrame(() => setSettled(true))
    })
    return () => cancelAnimationFrame(frame)
  }, [Grid])
  return { Grid, settled }
}
