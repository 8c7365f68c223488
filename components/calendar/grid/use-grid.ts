'use client'
import type { PluginInput } from '@fullcalendar/react'
import { type ComponentType, startTransition, useEffect, useMemo, useState } from 'react'
import { locale } from '#lib/dates/locale.ts'
import { readUrl } from '../navigation/url-state.ts'
import type { View } from '../navigation/views.ts'
import type { GridProps } from './grid.tsx'

type Kind = 'days' | 'month' | 'list'

/** The grid and a plugin of FullCalendar are one download. Others follow when they are shown. */
const load: Record<Kind, () => Promise<{ Grid: ComponentType<GridProps>; plugin: PluginInput }>> = {
  days: () => import('./days.ts').then(({ days }) => days),
  month: () => import('./month.ts').then(({ month }) => month),
  list: () => import('./list.ts').then(({ list }) => list),
}

const kindOf = (view: View): Kind => (view === 'week' || view === 'day' ? 'days' : view)

/** Constructing the first formatter of a locale takes a phone 50 ms: do it in a task of its own. */
const loadLocale = () =>
  new Promise<void>((resolve) => {
    setTimeout(() => {
      new Intl.DateTimeFormat(locale)
      setTimeout(resolve)
    })
  })

// Starts the download before hydration; errors surface in the effect below.
if (typeof window !== 'undefined') {
  const { view } = readUrl(new URLSearchParams(window.location.search))
  load[kindOf(view ?? 'week')]().catch(() => {})
}

type Loaded = { Grid: ComponentType<GridProps>; plugins: Partial<Record<Kind, PluginInput>> }

/** The plugin for days brings the month's with it. */
const hasKind = ({ plugins }: Loaded, kind: Kind) =>
  plugins[kind] !== undefined || (kind === 'month' && plugins.days !== undefined)

/**
 * The grid component, and the plugins of the views shown so far. `isReady` turns true two frames
 * after the first render, which uses guessed sizes and would shift. It renders as a transition, so
 * that the page responds in between; `lazy` in a Suspense boundary would add 300 ms.
 */
export const useGrid = (view: View) => {
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [failed, setFailed] = useState<Kind | null>(null)
  const [isReady, setIsReady] = useState(false)
  const kind = kindOf(view)
  const hasView = loaded !== null && hasKind(loaded, kind)
  const hasFailed = !hasView && failed === kind
  useEffect(() => {
    if (hasView || hasFailed) return
    let isWanted = true
    Promise.all([load[kind](), loadLocale()]).then(
      ([{ Grid, plugin }]) =>
        startTransition(() => setLoaded((before) => ({ Grid, plugins: { ...before?.plugins, [kind]: plugin } }))),
      () => isWanted && setFailed(kind),
    )
    return () => {
      isWanted = false
    }
  }, [hasView, hasFailed, kind])
  const isLoaded = loaded !== null
  useEffect(() => {
    if (!isLoaded) return
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setIsReady(true))
    })
    return () => cancelAnimationFrame(frame)
  }, [isLoaded])
  const plugins = useMemo(() => Object.values(loaded?.plugins ?? {}), [loaded])
  const tryAgain = () => setFailed(null)
  return { Grid: loaded?.Grid ?? null, plugins, isReady, hasView, hasFailed, tryAgain }
}
