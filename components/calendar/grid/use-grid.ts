'use client'
import type { PluginInput } from '@fullcalendar/react'
import { type ComponentType, startTransition, useEffect, useMemo, useState } from 'react'
import { locale } from '#lib/dates/locale.ts'
import { readUrl } from '../navigation/url-state.ts'
import type { View } from '../navigation/views.ts'
import type { TeamDayProps } from '../team-day/team-day.tsx'
import type { GridProps } from './grid.tsx'

type GridKind = 'days' | 'month' | 'list'
type Kind = GridKind | 'team'

type Components = { Grid: ComponentType<GridProps>; TeamDay: ComponentType<TeamDayProps> }

/** The grid and a plugin of FullCalendar are one download. Others follow when they are shown. */
const load: Record<Kind, () => Promise<Partial<Components> & { plugin?: PluginInput }>> = {
  days: () => import('./days.ts').then(({ days }) => days),
  month: () => import('./month.ts').then(({ month }) => month),
  list: () => import('./list.ts').then(({ list }) => list),
  team: () => import('../team-day/team-day.tsx').then(({ default: TeamDay }) => ({ TeamDay })),
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

type Loaded = Partial<Components> & { plugins: Partial<Record<Kind, PluginInput>> }

/** The plugin for days brings the month's with it. */
const hasKind = ({ plugins, TeamDay }: Loaded, kind: Kind) =>
  kind === 'team'
    ? TeamDay !== undefined
    : plugins[kind] !== undefined || (kind === 'month' && plugins.days !== undefined)

/**
 * The components and the plugins of the views shown so far. They render as a transition, so that
 * the page responds in between; `lazy` in a Suspense boundary would add 300 ms.
 */
export const useGrid = (view: View) => {
  const [loaded, setLoaded] = useState<Loaded | null>(null)
  const [failed, setFailed] = useState<Kind | null>(null)
  const kind = kindOf(view)
  const hasView = loaded !== null && hasKind(loaded, kind)
  const hasFailed = !hasView && failed === kind
  useEffect(() => {
    if (hasView || hasFailed) return
    let isWanted = true
    Promise.all([load[kind](), loadLocale()]).then(
      ([{ plugin, ...components }]) =>
        startTransition(() =>
          setLoaded((before) => ({
            ...before,
            ...components,
            plugins: { ...before?.plugins, ...(plugin && { [kind]: plugin }) },
          })),
        ),
      () => isWanted && setFailed(kind),
    )
    return () => {
      isWanted = false
    }
  }, [hasView, hasFailed, kind])
  const plugins = useMemo(() => Object.values(loaded?.plugins ?? {}), [loaded])
  const tryAgain = () => setFailed(null)
  const { Grid = null, TeamDay = null } = loaded ?? {}
  return { Grid, TeamDay, plugins, hasView, hasFailed, tryAgain }
}

/** True two frames after the first render of `component`, which has guessed sizes and may shift. */
export const useIsReady = (component: unknown) => {
  const [ready, setReady] = useState<{ component: unknown } | null>(null)
  useEffect(() => {
    if (!component) return
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setReady({ component }))
    })
    return () => cancelAnimationFrame(frame)
  }, [component])
  return ready !== null && ready.component === component
}
