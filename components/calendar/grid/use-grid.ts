'use client'
import type { PluginInput } from '@fullcalendar/react'
import { type ComponentType, startTransition, useEffect, useMemo, useState } from 'react'
import { locale } from '#lib/dates/locale.ts'
import type { View } from '../navigation/views.ts'
import type { GridProps } from './grid.tsx'

const loadGrid = () => import('./grid.tsx')

const loadDays = () => import('@fullcalendar/react/timegrid')

/** Each view's plugin is downloaded when the view is first shown. */
const loadPlugin: Record<View, () => Promise<{ default: PluginInput }>> = {
  month: () => import('@fullcalendar/react/daygrid'),
  week: loadDays,
  day: loadDays,
  list: () => import('@fullcalendar/react/list'),
}

/** Constructing the first formatter of a locale takes a phone 50 ms: do it in a task of its own. */
const loadLocale = () =>
  new Promise<void>((resolve) => {
    setTimeout(() => {
      new Intl.DateTimeFormat(locale)
      setTimeout(resolve)
    })
  })

// Starts the download during hydration; errors surface in the effect below.
if (typeof window !== 'undefined') loadGrid().catch(() => {})

type Loaded = { Grid: ComponentType<GridProps>; plugins: Partial<Record<View, PluginInput>> }

/** The time grid brings the month's plugin with it. */
const hasPlugin = ({ plugins: { month, week, day, list } }: Loaded, view: View) =>
  Boolean({ month: month ?? week ?? day, week: week ?? day, day: week ?? day, list }[view])

/**
 * The grid component and the plugins for `view` once their code is loaded. `isReady` turns true two
 * frames after the first render, which uses guessed sizes and would shift. It renders as a
 * transition, so that the page responds in between; `lazy` in a Suspense boundary would add 300 ms.
 */
export const useGrid = (view: View) => {
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [failed, setFailed] = useState<View | null>(null)
  const [isReady, setIsReady] = useState(false)
  // Like the grid's, during hydration.
  useState(() => {
    if (typeof window !== 'undefined') loadPlugin[view]().catch(() => {})
  })
  const hasView = loaded !== null && hasPlugin(loaded, view)
  useEffect(() => {
    if (hasView || failed === view) return
    let isWanted = true
    Promise.all([loadGrid(), loadPlugin[view](), loadLocale()]).then(
      ([{ default: Grid }, { default: plugin }]) =>
        startTransition(() => setLoaded((before) => ({ Grid, plugins: { ...before?.plugins, [view]: plugin } }))),
      () => isWanted && setFailed(view),
    )
    return () => {
      isWanted = false
    }
  }, [hasView, failed, view])
  const isLoaded = loaded !== null
  useEffect(() => {
    if (!isLoaded) return
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setIsReady(true))
    })
    return () => cancelAnimationFrame(frame)
  }, [isLoaded])
  const plugins = useMemo(() => [...new Set(Object.values(loaded?.plugins ?? {}))], [loaded])
  return {
    ...{ Grid: loaded?.Grid ?? null, plugins, isReady, hasView },
    hasFailed: !hasView && failed === view,
    tryAgain: () => setFailed(null),
  }
}
